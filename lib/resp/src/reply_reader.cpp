#include <base/numbers.hpp>
#include <resp/reply_reader.hpp>

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace hawser::resp {

namespace {

/// The number of most replies has few digits.
bool read_number(std::string_view text, std::int64_t& value) {
  constexpr std::size_t few = 9;
  if (text.empty()) return false;
  if (text.size() <= few && text[0] != '-') {
    std::int64_t sum = 0;
    for (const char c : text) {
      const auto digit = static_cast<unsigned>(c) - '0';
      if (digit > 9) return false;
      sum = sum * 10 + digit;
    }
    value = sum;
    return true;
  }
  const auto parsed = base::parse_int(text);
  if (parsed) value = *parsed;
  return parsed.has_value();
}

/// The end of a line, which most often is a short one.
const char* find_line_end(const char* from, const char* end) {
  constexpr std::ptrdiff_t few = 8;
  const auto* near = from + std::min(few, end - from);
  for (; from != near; ++from)
    if (*from == '\r') return from;
  return static_cast<const char*>(std::memchr(from, '\r', static_cast<std::size_t>(end - from)));
}

}  // namespace

bool reply_reader::line(std::string_view& text) {
  const auto* found = find_line_end(at_, end_);
  if (found == nullptr || end_ - found < 2 || found[1] != '\n') return false;
  text = {at_, static_cast<std::size_t>(found - at_)};
  at_ = found + 2;
  return true;
}

bool reply_reader::next(reply_item& item) {
  if (at_ == end_) return false;
  item.kind = static_cast<reply_kind>(*at_++);
  item.count = 0;
  if (!line(item.text)) return false;
  switch (item.kind) {
    case reply_kind::simple:
    case reply_kind::error:
    case reply_kind::null:
    case reply_kind::boolean:
    case reply_kind::number:
    case reply_kind::big_number:
      return true;
    case reply_kind::integer:
      return read_number(item.text, item.count);
    case reply_kind::array:
    case reply_kind::map:
    case reply_kind::set:
    case reply_kind::push:
    case reply_kind::attribute:
      return read_number(item.text, item.count) && item.count >= -1;
    case reply_kind::bulk:
    case reply_kind::verbatim:
      break;
    default:
      return false;
  }
  if (!read_number(item.text, item.count) || item.count < -1) return false;
  if (item.count == -1) return true;
  const auto size = static_cast<std::uint64_t>(item.count);
  if (static_cast<std::uint64_t>(end_ - at_) < size + 2) return false;
  item.text = {at_, size};
  at_ += size + 2;
  return true;
}

}  // namespace hawser::resp
