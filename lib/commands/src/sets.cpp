#include "sets.hpp"

#include "scan_options.hpp"

#include <fmt/format.h>

#include <vector>

namespace hawser::commands {

namespace {

using namespace engine::flags;

/// SADD key member [member ...]
void sadd(context& cx) {
  const auto key = cx.args.next();
  auto set = cx.keys.write_or_create<set_value>(key);
  std::int64_t added = 0;
  for (const auto member : cx.args.rest()) added += set.add(member);
  if (added > 0) cx.modified(key, notify::set, "sadd");
  cx.reply.integer(added);
}

/// SREM key member [member ...]
void srem(context& cx) {
  const auto key = cx.args.next();
  auto set = cx.keys.write<set_value>(key);
  std::int64_t removed = 0;
  if (set)
    for (const auto member : cx.args.rest()) removed += set->remove(member);
  if (removed > 0) {
    cx.modified(key, notify::set, "srem");
    cx.drop_if_empty(key, *set);
  }
  cx.reply.integer(removed);
}

/// SISMEMBER key member
void sismember(context& cx) {
  const auto set = cx.keys.read<set_value>(cx.args.next());
  cx.reply.integer(set && set->contains(cx.args.next()));
}

/// SMISMEMBER key member [member ...]
void smismember(context& cx) {
  const auto set = cx.keys.read<set_value>(cx.args.next());
  cx.reply.array(cx.args.left());
  for (const auto member : cx.args.rest()) cx.reply.integer(set && set->contains(member));
}

/// SCARD key
void scard(context& cx) {
  const auto set = cx.keys.read<set_value>(cx.args.next());
  cx.reply.integer(set ? static_cast<std::int64_t>(set->size()) : 0);
}

/// SMEMBERS key
void smembers(context& cx) {
  const auto set = cx.keys.read<set_value>(cx.args.next());
  cx.reply.set(set ? set->size() : 0);
  if (set) reply_members(cx, *set);
}

/// SMOVE source destination member -- 1 when the member was in the source.
void smove(context& cx) {
  const auto from = cx.args.next();
  const auto to = cx.args.next();
  const auto member = cx.args.next();
  auto* found = cx.keys.write(from);
  auto* goal = cx.keys.write(to);
  if (found == nullptr) return void(cx.reply.integer(0));
  for (const auto* each : {found, goal})
    if (each != nullptr && each->type() != store::value_type::set)
      throw command_error(errors::wrong_type);

  auto source = *cx.keys.as<set_value>(found);
  if (found == goal) return void(cx.reply.integer(source.contains(member)));
  if (!source.remove(member)) return void(cx.reply.integer(0));
  cx.modified(from, notify::set, "srem");
  cx.drop_if_empty(from, source);
  if (cx.keys.write_or_create<set_value>(to).add(member)) cx.modified(to, notify::set, "sadd");
  cx.reply.integer(1);
}

/// SSCAN key cursor [MATCH pattern] [COUNT count] -- options of a missing key are not looked at.
void sscan(context& cx) {
  const auto key = cx.args.next();
  auto cursor = read_cursor(cx.args.next());
  const auto set = cx.keys.read<set_value>(key);
  if (!set) return void(cx.reply.array(2).bulk("0").array(0));
  const scan_options options(cx.args);
  std::vector<set_value::member> found;
  const auto visit = [&](std::uint64_t at) {
    return set->scan(at, [&](const set_value::member& each) { found.push_back(each); });
  };
  cursor = scan_buckets(cursor, options.count, visit, [&] { return found.size(); });
  std::erase_if(found, [&](const auto& each) {
    store::digits room;
    return !options.select(each.text(room.room));
  });
  cx.reply.array(2).bulk(fmt::format_int(cursor).c_str()).array(found.size());
  for (const auto& each : found) reply_member(cx, each);
}

constexpr command_spec table[] = {
    {"sadd", arity::at_least(3), write | denyoom | fast | element, key_range::one(), sadd},
    {"scard", arity::exactly(2), readonly | fast, key_range::one(), scard},
    {"sismember", arity::exactly(3), readonly | fast | element, key_range::one(), sismember},
    {"smembers", arity::exactly(2), readonly, key_range::one(), smembers},
    {"smismember", arity::at_least(3), readonly | fast, key_range::one(), smismember},
    {"smove", arity::exactly(4), write | fast, key_range{1, 2, 1}, smove},
    {"srem", arity::at_least(3), write | fast | element, key_range::one(), srem},
    {"sscan", arity::at_least(3), readonly, key_range::one(), sscan},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows set_commands() { return table; }

}  // namespace hawser::commands
