#include "sorted_sets.hpp"
#include <base/numbers.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <string>

namespace hawser::commands {

namespace {

double read_score_bound(std::string_view word, bool& open) {
  open = word.starts_with('(');
  if (open) word.remove_prefix(1);
  if (const auto plain = base::parse_double(word)) return *plain;
  // What strtod takes besides: leading space, nothing, too large and too small numbers. A NUL ends
  // the text.
  const std::string text(word);
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (*end != '\0' || std::isnan(value)) throw command_error("ERR min or max is not a float");
  return value;
}

store::member_bound read_member_bound(std::string_view word) {
  using kind = store::member_bound::kind;
  const bool alone = word.size() == 1 || (word.size() > 1 && word[1] == '\0');
  if (word.starts_with('-') && alone) return {kind::lowest, {}};
  if (word.starts_with('+') && alone) return {kind::highest, {}};
  if (word.starts_with('[')) return {kind::text, word.substr(1)};
  if (word.starts_with('(')) return {kind::text, word.substr(1), true};
  throw command_error("ERR min or max not valid string range item");
}

}  // namespace

store::score_bounds read_score_bounds(std::string_view least, std::string_view most) {
  store::score_bounds bounds{};
  bounds.least = read_score_bound(least, bounds.least_open);
  bounds.most = read_score_bound(most, bounds.most_open);
  return bounds;
}

store::member_bounds read_member_bounds(std::string_view least, std::string_view most) {
  return {read_member_bound(least), read_member_bound(most)};
}

rank_range ranks_between(std::int64_t start, std::int64_t stop, std::size_t size) {
  const auto count = static_cast<std::int64_t>(size);
  if (start < 0) start = std::max<std::int64_t>(start + count, 0);
  if (stop < 0) stop += count;
  if (start > stop || start >= count) return {};
  stop = std::min(stop, count - 1);
  return {static_cast<std::size_t>(start), static_cast<std::size_t>(stop - start + 1)};
}

}  // namespace hawser::commands
