#pragma once

// What the files of sorted set commands share.

#include "family.hpp"
#include <store/sorted_set_value.hpp>

#include <memory>
#include <span>
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

/// How ZADD and its relatives treat members.
struct add_options {
  bool only_new = false;
  bool only_present = false;
  bool only_greater = false;
  bool only_less = false;
  bool count_changed = false;
  bool increment = false;
};

/// Adds members with their scores, or adds to the score of one, and replies as ZADD does. `words`
/// has as many words for each score, the last of which is the member.
void add_members(context& cx, std::string_view key, const add_options& options,
                 std::span<const double> scores, std::span<const std::string_view> words);

/// Puts members that are not in order yet under a key in place of what it holds, or removes the key
/// if there are none, and replies how many they are.
void store_members(context& cx, std::string_view key,
                   std::unique_ptr<store::large_sorted_set> members, std::string_view event);

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
