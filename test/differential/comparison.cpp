#include "comparison.hpp"

#include <algorithm>
#include <cstdlib>
#include <regex>
#include <sstream>
#include <vector>

namespace hawser::test {
namespace {

bool before(const reply_value& left, const reply_value& right) {
  return to_string(left) < to_string(right);
}

reply_value sorted(reply_value value, bool in_pairs) {
  for (auto& item : value.items) item = sorted(std::move(item), false);
  const bool map = value.kind == reply_kind::map || in_pairs;
  if (!map) {
    std::sort(value.items.begin(), value.items.end(), before);
    return value;
  }
  reply_value grouped{value.kind, {}, 0, {}};
  for (std::size_t i = 0; i + 1 < value.items.size(); i += 2)
    grouped.items.push_back({reply_kind::array, {}, 0, {value.items[i], value.items[i + 1]}});
  std::sort(grouped.items.begin(), grouped.items.end(), before);
  return grouped;
}

bool near_enough(const reply_value& left, const reply_value& right, std::int64_t tolerance) {
  if (left.kind != right.kind || left.items.size() != right.items.size()) return false;
  if (left.kind == reply_kind::integer) {
    // -1 and -2 are answers, not times.
    if (left.number < 0 || right.number < 0) return left.number == right.number;
    return std::llabs(left.number - right.number) <= tolerance;
  }
  if (left.text != right.text) return false;
  return std::equal(
      left.items.begin(), left.items.end(), right.items.begin(),
      [&](const auto& one, const auto& other) { return near_enough(one, other, tolerance); });
}

std::string with_lines_sorted(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  std::sort(lines.begin(), lines.end());
  std::string result;
  for (const auto& line : lines) result += line + '\n';
  return result;
}

constexpr std::size_t shown_before = 80;
constexpr std::size_t shown_after = 160;

std::string excerpt(std::string_view text, std::size_t at) {
  const auto first = at > shown_before ? at - shown_before : 0;
  const auto cut = text.substr(first, at - first + shown_after);
  const bool to_the_end = first + cut.size() == text.size();
  return (first > 0 ? "..." : "") + std::string(cut) + (to_the_end ? "" : "...");
}

}  // namespace

std::pair<std::string, std::string> around_difference(std::string_view left,
                                                      std::string_view right) {
  const auto common = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
  const auto at = static_cast<std::size_t>(common.first - left.begin());
  return {excerpt(left, at), excerpt(right, at)};
}

std::string canonical(const reply_value& value, const comparison& how) {
  std::string text;
  if (how.mode == compare_mode::shape) {
    text = shape_of(value);
  } else if (how.mode == compare_mode::unordered || how.mode == compare_mode::pairs) {
    text = to_string(sorted(value, how.mode == compare_mode::pairs));
  } else if (how.mode == compare_mode::lines && value.kind != reply_kind::error) {
    text = value.text;
  } else {
    text = to_string(value);
  }
  if (how.mask) text = std::regex_replace(text, std::regex(*how.mask), "");
  return how.mode == compare_mode::lines ? with_lines_sorted(text) : text;
}

bool same(const received_reply& left, const received_reply& right, const comparison& how) {
  if (how.mode == compare_mode::nothing || left.bytes == right.bytes) return true;
  if (how.near > 0) return near_enough(left.value, right.value, how.near);
  if (how.mode == compare_mode::bytes && !how.mask) return false;
  return canonical(left.value, how) == canonical(right.value, how);
}

}  // namespace hawser::test
