#include "sets.hpp"

#include <fmt/format.h>

#include <limits>
#include <vector>

namespace hawser::commands {

namespace {

using namespace engine::flags;

/// Takes a member out, chosen at random, after take(member) has seen it.
template <class Take>
void take_random(context& cx, set_value& from, Take take) {
  const auto picked = from.random_member(cx.server.random);
  take(picked);
  from.remove(picked);
}

/// Replies a member that is popped.
void popped(context& cx, std::string_view key, const set_value::member& member) {
  reply_member(cx, member);
  if (member.is_integer())
    cx.effect("SREM", key, member.integer);
  else
    cx.effect("SREM", key, std::string_view(member.string, member.size));
}

/// Takes out and replies `count` members of a set that has more.
void pop_some(context& cx, std::string_view key, set_value& from, std::size_t count) {
  // Where few stay, it is they that are taken out, into a set of their own.
  constexpr std::size_t cost_of_staying = 5;
  const auto staying = from.size() - count;
  cx.reply.set(count);
  if (staying * cost_of_staying > count) {
    for (; count > 0; --count)
      take_random(cx, from, [&](const auto& each) { popped(cx, key, each); });
    return;
  }
  auto rest = cx.keys.draft<set_value>();
  auto kept = rest.value();
  for (std::size_t i = 0; i < staying; ++i)
    take_random(cx, from, [&](const auto& each) { kept.add(each); });
  from.for_each([&](const auto& each) { popped(cx, key, each); });
  from.replace(std::move(rest));
}

void pop_all(context& cx, std::string_view key, set_value& from) {
  cx.effect("DEL", key);
  cx.reply.set(from.size());
  reply_members(cx, from);
  from.replace(cx.keys.draft<set_value>());
}

std::size_t positive_count(context& cx) {
  constexpr const char* error = "ERR value is out of range, must be positive";
  const auto count = cx.args.integer(error);
  if (count < 0) throw command_error(error);
  return static_cast<std::size_t>(count);
}

/// SPOP key [count]
void spop(context& cx) {
  const auto key = cx.args.next();
  const bool counted = !cx.args.empty();
  if (cx.args.left() > 1) throw command_error(errors::syntax);
  const auto count = counted ? positive_count(cx) : 1;
  auto set = cx.keys.write<set_value>(key);
  if (!set || count == 0) return void(counted ? cx.reply.set(0) : cx.reply.null());
  if (!counted)
    take_random(cx, *set, [&](const auto& each) { popped(cx, key, each); });
  else if (count >= set->size())
    pop_all(cx, key, *set);
  else
    pop_some(cx, key, *set, count);
  cx.modified(key, notify::set, "spop");
  cx.drop_if_empty(key, *set);
}

/// Replies members chosen at random, which may come more than once.
void draw(context& cx, const set_value& from, std::uint64_t count) {
  cx.reply.array(count);
  if (from.how() != store::encoding::listpack) {
    while (count-- > 0) reply_member(cx, from.random_member(cx.server.random));
    return;
  }
  std::vector<set_value::member> members;
  from.for_each([&](const auto& each) { members.push_back(each); });
  while (count-- > 0) reply_member(cx, members[cx.server.random.below(members.size())]);
}

/// SRANDMEMBER key [count] -- a negative count may give a member more than once.
void srandmember(context& cx) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  const auto key = cx.args.next();
  const bool counted = !cx.args.empty();
  if (cx.args.left() > 1) throw command_error(errors::syntax);
  const auto count = counted ? cx.args.integer() : 1;
  if (count < -most)
    throw command_error(
        fmt::format("ERR value is out of range, value must between {} and {}", -most, most));
  const auto set = cx.keys.read<set_value>(key);
  if (!set || count == 0) return void(counted ? cx.reply.array(0) : cx.reply.null());
  if (!counted) return reply_member(cx, set->random_member(cx.server.random));
  if (count < 0) return draw(cx, *set, static_cast<std::uint64_t>(-count));
  const auto wanted = static_cast<std::size_t>(count);
  cx.reply.array(std::min(wanted, set->size()));
  if (wanted >= set->size()) return reply_members(cx, *set);
  set->sample(wanted, cx.server.random, [&](const auto& each) { reply_member(cx, each); });
}

constexpr command_spec table[] = {
    {"spop", arity::at_least(2), write | fast, key_range::one(), spop},
    {"srandmember", arity::at_least(2), readonly, key_range::one(), srandmember},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows set_random_commands() { return table; }

}  // namespace hawser::commands
