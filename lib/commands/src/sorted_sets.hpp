#pragma once

// What the files of sorted set commands share.

#include "family.hpp"
#include <store/sorted_set_value.hpp>

#include <string_view>

namespace hawser::commands {

using store::rank_range;
using store::sorted_set_value;

/// An end of a range of scores: a number, exclusive after '('. Read as C's strtod does, so nothing
/// at all is 0.
store::score_bounds read_score_bounds(std::string_view least, std::string_view most);

/// An end of a range of members: '-', '+', or a text after '[' or, exclusive, '('.
store::member_bounds read_member_bounds(std::string_view least, std::string_view most);

/// The ranks from start to stop, both of which count from the end if they are negative.
rank_range ranks_between(std::int64_t start, std::int64_t stop, std::size_t size);

/// How members are replied with their scores: by turns, or as arrays of two.
enum class pairing { flat, nested };

/// RESP3 has a pair for each member, RESP2 a flat list.
inline pairing pairing_of(const context& cx) {
  return cx.reply.resp3() ? pairing::nested : pairing::flat;
}

/// The head of a reply of some members with their scores.
inline void reply_pair_count(context& cx, std::size_t members, pairing how) {
  cx.reply.array(how == pairing::flat ? 2 * members : members);
}

inline void reply_pair(context& cx, std::string_view member, double score, pairing how) {
  if (how == pairing::nested) cx.reply.array(2);
  cx.reply.bulk(member).number(score);
}

}  // namespace hawser::commands
