#include <base/numbers.hpp>
#include <base/split_args.hpp>
#include <base/unaligned.hpp>
#include <resp/request_parser.hpp>

#include <bit>
#include <cstdint>
#include <limits>

namespace hawser::resp {

namespace {

constexpr std::int64_t most_args_unauthenticated = 10;
constexpr std::int64_t longest_bulk_unauthenticated = 16384;
constexpr std::size_t crlf = 2;

unsigned digit(char c) { return static_cast<unsigned char>(c) - unsigned{'0'}; }

bool ends_line(const char* at) { return at[0] == '\r' && at[1] == '\n'; }

/// Reads the usual form of a length, one to six digits and a line end. Returns the place behind it,
/// null for any other form, which is left to the careful way.
const char* read_short(const char* at, const char* end, std::int64_t& value) {
  constexpr std::ptrdiff_t longest = 6;
  if (end - at < longest + 2) return nullptr;
  unsigned sum = digit(*at);
  if (sum > 9) return nullptr;
  const char* const last = at + longest;
  for (++at; at < last && digit(*at) <= 9; ++at) {
    if (sum == 0) return nullptr;  // a leading zero
    sum = sum * 10 + digit(*at);
  }
  if (!ends_line(at)) return nullptr;
  value = sum;
  return at + crlf;
}

}  // namespace

request_parser::state request_parser::parse(std::string_view input, request_batch& batch,
                                            const request_limits& limits, std::size_t most) {
  if (!limits.authenticated) most = 1;
  consumed_ = 0;
  wanted_ = 0;
  for (std::size_t found = 0; found < most && consumed_ < input.size();) {
    const auto left = input.substr(consumed_);
    if (bulks_left_ == 0 && position_ == 0 && take_usual(left, batch)) {
      ++found;
      continue;
    }
    switch (next(left, batch, limits)) {
      case step::request:
        ++found;
        break;
      case step::nothing:
        break;
      case step::more:
        return state::ready;
      case step::failed:
        return state::failed;
    }
  }
  return state::ready;
}

/// Reads "<kind>1234\r\n", of which seven bytes can be read. Returns the place behind it, null for
/// any other form.
const char* read_length(char kind, const char* at, std::size_t& value) {
  constexpr int most_digits = 4;
  // Nearly all have one digit: then one comparison is enough.
  if ((base::load<std::uint32_t>(at) & 0xffff00ffU) ==
      (static_cast<std::uint32_t>(kind) | std::uint32_t{'\r'} << 16U |
       std::uint32_t{'\n'} << 24U)) {
    value = digit(at[1]);
    return value <= 9 ? at + 4 : nullptr;
  }
  if (at[0] != kind || digit(at[1]) == 0) return nullptr;
  const char* const end = at + 1 + most_digits;
  value = 0;
  for (++at; at < end && digit(*at) <= 9; ++at) value = value * 10 + digit(*at);
  return value > 0 && ends_line(at) ? at + crlf : nullptr;
}

/// A whole request in its usual form: up to nine arguments of up to 9,999 bytes. False: it is
/// another one, and left to the careful way, which also says what is wrong with it. Nearly all
/// requests come this way.
bool request_parser::take_usual(std::string_view input, request_batch& batch) {
  constexpr std::size_t most_args = 9;
  constexpr std::ptrdiff_t longest_length = 7;  // "$1234\r\n"
  const char* at = input.data();
  const char* const end = at + input.size();
  auto& args = batch.args_;
  const auto first = args.size();
  std::size_t count = 0;
  if (end - at < longest_length) return false;
  at = read_length('*', at, count);
  if (at == nullptr || count == 0 || count > most_args) return false;
  for (auto left = count; left > 0; --left) {
    std::size_t size = 0;
    const char* const text = end - at < longest_length ? nullptr : read_length('$', at, size);
    if (text == nullptr || end - text < static_cast<std::ptrdiff_t>(size + crlf)) {
      args.resize(first);
      return false;
    }
    args.emplace_back(text, size);
    at = text + size + crlf;
  }
  const auto bytes = static_cast<std::size_t>(at - input.data());
  batch.requests_.push_back({first, count, bytes});
  consumed_ += bytes;
  return true;
}

request_parser::step request_parser::next(std::string_view input, request_batch& batch,
                                          const request_limits& limits) {
  if (bulks_left_ == 0) {
    if (input[0] != '*') return next_inline(input, batch);
    if (const auto counted = read_count(input, limits); counted != step::request) return counted;
  }
  return read_bulks(input, batch, limits);
}

request_parser::step request_parser::next_inline(std::string_view input, request_batch& batch) {
  const auto end = input.find('\n', position_);
  if (end == std::string_view::npos) {
    if (input.size() > longest_line) return fail("too big inline request");
    position_ = input.size();
    return step::more;
  }
  auto line = input.substr(0, end);
  if (line.ends_with('\r')) line.remove_suffix(1);
  auto words = base::split_args(line);
  if (!words) return fail("unbalanced quotes in request");
  start_over();
  consumed_ += end + 1;
  if (words->empty()) return step::nothing;
  batch.requests_.push_back({batch.args_.size(), words->size(), end + 1});
  for (auto& word : *words) batch.args_.push_back(batch.inline_args_.emplace_back(std::move(word)));
  return step::request;
}

/// Reads "*<count>\r\n". `request` here means that bulk strings follow.
request_parser::step request_parser::read_count(std::string_view input,
                                                const request_limits& limits) {
  std::int64_t usual = 0;
  const char* const start = input.data();
  if (const char* behind = read_short(start + 1, start + input.size(), usual);
      behind != nullptr && usual > 0 && usual <= most_args_unauthenticated) {
    position_ = static_cast<std::size_t>(behind - start);
    bulks_left_ = usual;
    return step::request;
  }
  const auto end = input.find('\r');
  if (end == std::string_view::npos) {
    return input.size() > longest_line ? fail("too big mbulk count string") : step::more;
  }
  if (end + crlf > input.size()) return step::more;
  const auto count = base::parse_int(input.substr(1, end - 1));
  if (!count || *count > std::numeric_limits<int>::max()) return fail("invalid multibulk length");
  if (*count > most_args_unauthenticated && !limits.authenticated)
    return fail("unauthenticated multibulk length");
  position_ = end + crlf;
  if (*count <= 0) {
    consumed_ += position_;
    start_over();
    return step::nothing;
  }
  bulks_left_ = *count;
  return step::request;
}

/// Reads "$<length>\r\n" at the current position.
request_parser::step request_parser::read_bulk_length(std::string_view input,
                                                      const request_limits& limits) {
  const char* const start = input.data();
  if (input[position_] == '$') {
    const char* behind = read_short(start + position_ + 1, start + input.size(), bulk_size_);
    if (behind != nullptr && bulk_size_ <= longest_bulk_unauthenticated) {
      position_ = static_cast<std::size_t>(behind - start);
      return step::request;
    }
    bulk_size_ = no_bulk;
  }
  const auto end = input.find('\r', position_);
  if (end == std::string_view::npos) {
    return input.size() - position_ > longest_line ? fail("too big bulk count string") : step::more;
  }
  if (end + crlf > input.size()) return step::more;
  if (const char kind = input[position_]; kind != '$') {
    const bool breaks_line = kind == '\r' || kind == '\n';  // and would break the error in two
    return fail(std::string("expected '$', got '") + (breaks_line ? ' ' : kind) + "'");
  }
  const auto size = base::parse_int(input.substr(position_ + 1, end - position_ - 1));
  if (!size || *size < 0 || static_cast<std::uint64_t>(*size) > limits.max_bulk)
    return fail("invalid bulk length");
  if (*size > longest_bulk_unauthenticated && !limits.authenticated)
    return fail("unauthenticated bulk length");
  position_ = end + crlf;
  bulk_size_ = *size;
  return step::request;
}

request_parser::step request_parser::read_bulks(std::string_view input, request_batch& batch,
                                                const request_limits& limits) {
  while (bulks_left_ > 0) {
    if (bulk_size_ == no_bulk) {
      if (position_ >= input.size()) return step::more;
      if (const auto read = read_bulk_length(input, limits); read != step::request) return read;
    }
    const auto size = static_cast<std::size_t>(bulk_size_);
    if (input.size() - position_ < size + crlf) {
      wanted_ = position_ + size + crlf;
      return step::more;
    }
    partial_.push_back({position_, size});
    position_ += size + crlf;
    bulk_size_ = no_bulk;
    --bulks_left_;
  }
  finish(input, batch);
  return step::request;
}

void request_parser::finish(std::string_view input, request_batch& batch) {
  batch.requests_.push_back({batch.args_.size(), partial_.size(), position_});
  for (const auto& [at, size] : partial_) batch.args_.push_back(input.substr(at, size));
  consumed_ += position_;
  start_over();
}

void request_parser::start_over() {
  position_ = 0;
  bulks_left_ = 0;
  bulk_size_ = no_bulk;
  partial_.clear();
}

request_parser::step request_parser::fail(std::string_view what) {
  error_ = "Protocol error: ";
  error_ += what;
  return step::failed;
}

}  // namespace hawser::resp
