#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hawser::store {

/// Members of a sorted set that follow each other, by the rank of the first.
struct rank_range {
  std::size_t first = 0;
  std::size_t count = 0;
};

/// An interval of scores; a side that is open leaves its end out.
struct score_bounds {
  double least;
  double most;
  bool least_open = false;
  bool most_open = false;

  bool below(double score) const { return least_open ? score <= least : score < least; }
  bool not_above(double score) const { return most_open ? score < most : score <= most; }
};

/// An end of an interval of members.
struct member_bound {
  enum class kind : std::uint8_t { lowest, text, highest };

  kind what;
  std::string_view text;
  bool open = false;

  /// How a member compares to the end: -1, 0 or 1.
  int compare(std::string_view member) const {
    if (what == kind::lowest) return 1;
    if (what == kind::highest) return -1;
    const int order = member.compare(text);
    return order < 0 ? -1 : order > 0;
  }
};

/// An interval of members, for sets whose scores are all the same.
struct member_bounds {
  member_bound least;
  member_bound most;

  bool below(std::string_view member) const { return least.compare(member) < (least.open ? 1 : 0); }
  bool not_above(std::string_view member) const {
    return most.compare(member) < (most.open ? 0 : 1);
  }
};

}  // namespace hawser::store
