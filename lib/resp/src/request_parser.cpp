#include <base/numbers.hpp>
#include <base/split_args.hpp>
#include <resp/request_parser.hpp>

#include <limits>

namespace hawser::resp {

namespace {

constexpr std::int64_t most_args_unauthenticated = 10;
constexpr std::int64_t longest_bulk_unauthenticated = 16384;
constexpr std::size_t crlf = 2;

/// Reads the usual form of a length, one to six digits and a line end. Returns the place behind it,
/// null for any other form, which is left to the careful way.
const char* read_short(const char* at, const char* end, std::int64_t& value) {
  constexpr std::ptrdiff_t longest = 6;
  if (end - at < longest + 2) return nullptr;
  const auto digit = [](char c) { return static_cast<unsigned>(c) - '0'; };
  unsigned sum = digit(*at);
  if (sum > 9) return nullptr;
  const char* const last = at + longest;
  for (++at; at < last && digit(*at) <= 9; ++at) {
    if (sum == 0) return nullptr;  // a leading zero
    sum = sum * 10 + digit(*at);
  }
  if (at[0] != '\r' || at[1] != '\n') return nullptr;
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
    switch (next(input.substr(consumed_), batch, limits)) {
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
