#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

namespace hawser::engine {

/// What a command does with a key: bits, in the order in which COMMAND INFO lists them.
using key_use = std::uint32_t;

namespace use {
inline constexpr key_use ro = 1U << 0;  // reads the value
inline constexpr key_use rw = 1U << 1;  // changes it
inline constexpr key_use ow = 1U << 2;  // replaces it
inline constexpr key_use rm = 1U << 3;  // removes it
inline constexpr key_use accesses = 1U << 4;
inline constexpr key_use updates = 1U << 5;
inline constexpr key_use inserts = 1U << 6;
inline constexpr key_use deletes = 1U << 7;
inline constexpr key_use not_key = 1U << 8;         // hashed like a key, but none
inline constexpr key_use variable_flags = 1U << 9;  // depends on the arguments
inline constexpr key_use incomplete = 1U << 10;     // there need not be any
}  // namespace use

/// The names of the uses as COMMAND INFO shows them, by bit.
std::span<const std::string_view> key_use_names();

/// Where keys are among the words of a command (0 is its name), and what they are there for.
struct key_spec {
  enum class search : std::uint8_t { range, counted, unknown };

  key_use what = 0;
  /// Where they begin, or from where on `after` is searched; negative: from there towards the
  /// begin, counted from the end.
  int begin = 0;
  std::string_view after = {};  // the word behind which they begin
  search find = search::range;
  int last = 0;  // of a range, counted from its begin; negative: from the end of the command
  int step = 1;
  int share = 1;  // the range is this part of what is left: with 2 one half
  std::string_view note;
  bool operations = false;  // variable_flags are about those of BITFIELD, not about options

  /// A range with more than one key.
  constexpr key_spec until(int last_key, int every) const {
    auto more = *this;
    more.last = last_key;
    more.step = every;
    return more;
  }
  /// The first word is the number of keys that follow it, from one to the next so many words.
  constexpr key_spec counted(int every = 1) const {
    auto more = *this;
    more.step = every;
    more.find = search::counted;
    return more;
  }
  /// The keys begin behind a word that is searched from here on.
  constexpr key_spec behind(std::string_view word) const {
    auto more = *this;
    more.after = word;
    return more;
  }
  /// The keys are the first half of the words behind one.
  constexpr key_spec half_behind(std::string_view word) const {
    auto more = until(-1, 1);
    more.after = word;
    more.share = 2;
    return more;
  }
  /// Where the keys are depends on options, or on what the values hold.
  constexpr key_spec anywhere() const {
    auto more = *this;
    more.find = search::unknown;
    return more;
  }
  constexpr key_spec by_operations() const {
    auto more = *this;
    more.operations = true;
    return more;
  }
  constexpr key_spec because(std::string_view reason) const {
    auto more = *this;
    more.note = reason;
    return more;
  }
};

/// Up to three key_specs of a command.
class key_specs {
 public:
  constexpr key_specs(std::initializer_list<key_spec> some = {}) {
    for (const auto& each : some) all_[count_++] = each;
  }
  constexpr const key_spec* begin() const { return all_.data(); }
  constexpr const key_spec* end() const { return all_.data() + count_; }
  constexpr std::size_t size() const { return count_; }

 private:
  std::array<key_spec, 3> all_{};
  std::size_t count_ = 0;
};

}  // namespace hawser::engine
