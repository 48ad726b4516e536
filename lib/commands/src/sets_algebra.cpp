#include "sets.hpp"

#include <algorithm>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using member = set_value::member;
using set_draft = store::draft<set_value>;

/// The sets under some keys, which all must be sets or missing.
struct operands {
  operands(context& cx, std::span<const std::string_view> keys) {
    sets.reserve(keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (const auto found = cx.keys.read<set_value>(keys[i]))
        sets.push_back(*found);
      else if (i == 0)
        first_missing = true;
    }
    missing = sets.size() < keys.size();
  }

  std::vector<set_value> sets;  // those that exist, in the order of the keys
  bool missing = false;
  bool first_missing = false;
};

/// Calls take(member) for those that are in all of the sets, until `most` are found. Expected O(n)
/// look-ups a set, n being the size of the smallest.
template <class Take>
void intersect(operands of, std::size_t most, Take take) {
  if (of.missing) return;
  std::ranges::sort(of.sets, {}, &set_value::size);
  const auto others = std::span(of.sets).subspan(1);
  std::size_t found = 0;
  std::uint64_t cursor = 0;
  const auto visit = [&](const member& each) {
    if (found == most) return;
    for (const auto& other : others)
      if (!other.contains(each)) return;
    ++found;
    take(each);
  };
  do {
    cursor = of.sets.front().scan(cursor, visit);
  } while (cursor != 0 && found < most);
}

set_draft unite(context& cx, const operands& of) {
  auto made = cx.keys.draft<set_value>();
  auto all = made.value();
  for (const auto& set : of.sets) set.for_each([&](const member& each) { all.add(each); });
  return made;
}

/// Whether it takes less to copy the first set and to remove the members of the others than to look
/// each of its members up in all of the others.
bool better_removed(const std::vector<set_value>& sets) {
  std::size_t all = 0;
  for (const auto& set : sets) all += set.size();
  return sets.size() * sets.front().size() / 2 > all;
}

set_draft remove_others(context& cx, const std::vector<set_value>& sets) {
  auto made = cx.keys.draft<set_value>();
  auto left = made.value();
  sets.front().for_each([&](const member& each) { left.add(each); });
  for (std::size_t i = 1; i < sets.size() && !left.empty(); ++i)
    sets[i].for_each([&](const member& each) { left.remove(each); });
  return made;
}

/// The members of the first set that are in none of the others.
std::vector<member> not_in_others(std::vector<set_value> sets) {
  // Large sets are likelier to have a member.
  std::ranges::sort(sets.begin() + 1, sets.end(), std::ranges::greater{}, &set_value::size);
  std::vector<member> found;
  sets.front().for_each([&](const member& each) {
    for (std::size_t i = 1; i < sets.size(); ++i)
      if (sets[i].contains(each)) return;
    found.push_back(each);
  });
  return found;
}

void reply_all(context& cx, const std::vector<member>& of) {
  cx.reply.set(of.size());
  for (const auto& each : of) reply_member(cx, each);
}

void reply_all(context& cx, set_draft of) {
  cx.reply.set(of.value().size());
  reply_members(cx, of.value());
}

/// Stores a result whatever there was before; an empty one removes that.
void store_all(context& cx, std::string_view key, set_draft result, std::string_view event) {
  const auto size = result.value().size();
  if (size > 0) {
    cx.keys.put(key, std::move(result));
    cx.modified(key, notify::set, event);
  } else if (cx.keys.remove(key)) {
    cx.modified(key, notify::generic, "del");
  }
  cx.reply.integer(static_cast<std::int64_t>(size));
}

void store_all(context& cx, std::string_view key, const std::vector<member>& result,
               std::string_view event) {
  auto made = cx.keys.draft<set_value>();
  auto all = made.value();
  for (const auto& each : result) all.add(each);
  store_all(cx, key, std::move(made), event);
}

constexpr auto no_limit = std::numeric_limits<std::size_t>::max();

std::vector<member> common(operands of) {
  std::vector<member> found;
  intersect(std::move(of), no_limit, [&](const member& each) { found.push_back(each); });
  return found;
}

/// SINTER key [key ...]
void sinter(context& cx) { reply_all(cx, common({cx, cx.args.rest()})); }

/// SINTERSTORE destination key [key ...]
void sinterstore(context& cx) {
  const auto to = cx.args.next();
  store_all(cx, to, common({cx, cx.args.rest()}), "sinterstore");
}

/// SINTERCARD numkeys key [key ...] [LIMIT limit]
void sintercard(context& cx) {
  constexpr const char* none = "ERR numkeys should be greater than 0";
  constexpr const char* negative = "ERR LIMIT can't be negative";
  const auto count = cx.args.integer(none);
  if (count < 1) throw command_error(none);
  if (static_cast<std::size_t>(count) > cx.args.left())
    throw command_error("ERR Number of keys can't be greater than number of args");
  const auto keys = cx.args.rest(cx.args.left() - static_cast<std::size_t>(count));
  std::int64_t limit = 0;
  while (!cx.args.empty()) {
    if (!cx.args.accept_with("LIMIT", 1)) throw command_error(errors::syntax);
    limit = cx.args.integer(negative);
    if (limit < 0) throw command_error(negative);
  }
  std::int64_t found = 0;
  intersect({cx, keys}, limit == 0 ? no_limit : static_cast<std::size_t>(limit),
            [&](const member&) { ++found; });
  cx.reply.integer(found);
}

/// SUNION key [key ...]
void sunion(context& cx) { reply_all(cx, unite(cx, {cx, cx.args.rest()})); }

/// SUNIONSTORE destination key [key ...]
void sunionstore(context& cx) {
  const auto to = cx.args.next();
  store_all(cx, to, unite(cx, {cx, cx.args.rest()}), "sunionstore");
}

/// Hands what is left of the first set to finish(), as members or as a set.
template <class Finish>
void subtract(context& cx, Finish finish) {
  operands of(cx, cx.args.rest());
  if (of.first_missing) return finish(std::vector<member>{});
  if (better_removed(of.sets)) return finish(remove_others(cx, of.sets));
  finish(not_in_others(std::move(of.sets)));
}

/// SDIFF key [key ...]
void sdiff(context& cx) {
  subtract(cx, [&](auto result) { reply_all(cx, std::move(result)); });
}

/// SDIFFSTORE destination key [key ...]
void sdiffstore(context& cx) {
  const auto to = cx.args.next();
  subtract(cx, [&](auto result) { store_all(cx, to, std::move(result), "sdiffstore"); });
}

constexpr command_spec table[] = {
    {"sdiff", arity::at_least(2), readonly, key_range::all(), sdiff},
    {"sdiffstore", arity::at_least(3), write | denyoom, key_range::all(), sdiffstore},
    {"sinter", arity::at_least(2), readonly, key_range::all(), sinter},
    {"sintercard", arity::at_least(3), readonly | movablekeys, key_range::none(), sintercard},
    {"sinterstore", arity::at_least(3), write | denyoom, key_range::all(), sinterstore},
    {"sunion", arity::at_least(2), readonly, key_range::all(), sunion},
    {"sunionstore", arity::at_least(3), write | denyoom, key_range::all(), sunionstore},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows set_algebra_commands() { return table; }

}  // namespace hawser::commands
