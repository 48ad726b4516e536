#pragma once

#include <base/bytes.hpp>
#include <base/numbers.hpp>
#include <engine/command_error.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

namespace hawser::engine {

/// Reads a command's words from left to right; a word that is not what was asked for ends the
/// command with the error that Redis gives. Words are views, valid as long as the command runs.
class arg_reader {
 public:
  /// `words` are all of the command, `skip` of which (its name) are not arguments.
  arg_reader(std::span<const std::string_view> words, std::size_t skip)
      : words_(words), at_(skip) {}

  bool empty() const { return at_ == words_.size(); }
  std::size_t left() const { return words_.size() - at_; }

  /// The next word; there must be one (the arity or `empty` says so), else it is a syntax error.
  std::string_view next() {
    if (empty()) throw command_error(errors::syntax);
    return words_[at_++];
  }
  std::string_view peek() const { return empty() ? std::string_view{} : words_[at_]; }

  /// Takes the next word if it is this one, upper or lower case.
  bool accept(std::string_view word) {
    if (empty() || !base::iequals(words_[at_], word)) return false;
    ++at_;
    return true;
  }

  /// The same, when at least `following` words come after it.
  bool accept_with(std::string_view word, std::size_t following) {
    return left() > following && accept(word);
  }

  std::int64_t integer(const char* error = errors::not_integer) {
    const auto value = base::parse_int(next());
    if (!value) throw command_error(error);
    return *value;
  }

  std::int64_t integer_between(std::int64_t least, std::int64_t most, const char* error) {
    const auto value = integer();
    if (value < least || value > most) throw command_error(error);
    return value;
  }

  double number(const char* error = errors::not_float) {
    const auto value = base::parse_double(next());
    if (!value) throw command_error(error);
    return *value;
  }

  /// A time to wait in seconds, as milliseconds rounded up; 0 is for ever. What milliseconds cannot
  /// count is refused as if it were negative.
  std::int64_t timeout() {
    constexpr long double limit = 9223372036854775808.0L;
    const auto seconds = base::parse_long_double(next());
    if (!seconds) throw command_error("ERR timeout is not a float or out of range");
    const auto rounded = std::ceil(*seconds * 1000);
    if (rounded < 0 || rounded >= limit) throw command_error("ERR timeout is negative");
    return static_cast<std::int64_t>(rounded);
  }

  /// All words that are left, or all but the last `but` of them.
  std::span<const std::string_view> rest(std::size_t but = 0) {
    const auto taken = words_.subspan(at_, left() - but);
    at_ += taken.size();
    return taken;
  }

  /// There must be no word left.
  void done() const {
    if (!empty()) throw command_error(errors::syntax);
  }

  /// Every word, the command's name first.
  std::span<const std::string_view> words() const { return words_; }

 private:
  std::span<const std::string_view> words_;
  std::size_t at_;
};

}  // namespace hawser::engine
