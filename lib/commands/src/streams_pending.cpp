#include "streams.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using store::pending_entry;
using store::stream_consumer;
using time = base::milliseconds_t;

/// XACK key group id [id ...]
void xack(context& cx) {
  auto stream = cx.keys.read_to_change<stream_value>(cx.args.next());
  const auto name = cx.args.next();
  auto* group = stream ? (*stream)->find_group(name) : nullptr;
  if (group == nullptr) return void(cx.reply.integer(0));
  const auto ids = read_ids(cx);
  const auto count = std::ranges::count_if(ids, [&](auto& id) { return group->acknowledge(id); });
  cx.server.changes += static_cast<std::uint64_t>(count);
  cx.reply.integer(count);
}

void reply_summary(context& cx, const stream_group& group) {
  const auto& all = group.pending();
  cx.reply.array(4).integer(static_cast<std::int64_t>(all.size()));
  if (all.empty()) return void(cx.reply.null().null().null_array());
  reply_id(cx.reply, all.begin().id());
  reply_id(cx.reply, all.last().id());
  const auto has_some = [](const auto& each) { return !each.second.pending.empty(); };
  const auto& consumers = group.consumers();
  cx.reply.array(static_cast<std::size_t>(std::ranges::count_if(consumers, has_some)));
  for (const auto& each : consumers)
    if (has_some(each))
      cx.reply.array(2)
          .bulk(each.first)
          .bulk_integer(static_cast<std::int64_t>(each.second.pending.size()));
}

/// Which pending entries XPENDING lists.
struct pending_filter {
  time min_idle = 0;
  std::int64_t limit = 0;
  stream_id first;
  stream_id last;
  std::optional<std::string_view> consumer;
};

pending_filter read_filter(context& cx) {
  pending_filter filter;
  if (cx.args.accept("IDLE")) {
    filter.min_idle = cx.args.integer();
    if (cx.args.left() < 3) throw command_error(errors::syntax);
  }
  const auto first = cx.args.next();
  const auto last = cx.args.next();
  filter.limit = std::max<std::int64_t>(cx.args.integer(), 0);
  filter.first = read_range_start(first);
  filter.last = read_range_end(last);
  if (!cx.args.empty()) filter.consumer = cx.args.next();
  return filter;
}

void reply_pending(context& cx, const store::pending_list& from, const pending_filter& filter) {
  std::vector<store::pending_list::iterator> found;
  for (auto at = from.lower_bound(filter.first);
       at != from.end() && at.id() <= filter.last &&
       static_cast<std::int64_t>(found.size()) < filter.limit;
       ++at)
    if (filter.min_idle == 0 || cx.now - at.value()->delivered >= filter.min_idle)
      found.push_back(at);
  cx.reply.array(found.size());
  for (const auto& at : found) {
    cx.reply.array(4);
    reply_id(cx.reply, at.id());
    cx.reply.bulk(at.value()->owner->name);
    cx.reply.integer(std::max<time>(cx.now - at.value()->delivered, 0));
    cx.reply.integer(at.value()->deliveries);
  }
}

/// XPENDING key group [[IDLE min-idle-time] start end count [consumer]]
void xpending(context& cx) {
  const auto key = cx.args.next();
  const auto name = cx.args.next();
  const auto words = cx.args.left();
  if (words != 0 && (words < 3 || words > 6)) throw command_error(errors::syntax);
  const auto filter = words > 0 ? std::optional(read_filter(cx)) : std::nullopt;
  auto stream = cx.keys.read<stream_value>(key);
  auto& group = existing_group(stream, key, name);
  if (!filter) return reply_summary(cx, group);
  if (!filter->consumer) return reply_pending(cx, group.pending(), *filter);
  const auto* consumer = group.find_consumer(*filter->consumer);
  if (consumer == nullptr) return void(cx.reply.array(0));
  reply_pending(cx, consumer->pending, *filter);
}

/// What claiming does to an entry besides giving it to another consumer.
struct claim {
  time min_idle = 0;
  time delivered = 0;       // becomes the time of its last delivery
  std::int64_t count = -1;  // becomes the number of its deliveries; below 0: one more
  bool force = false;       // also entries that are not pending
  bool ids_only = false;    // no delivery: not counted, entries not replied
  stream_id last_id;        // of the group, at least
};

time read_min_idle(context& cx, const char* error) {
  return std::max<std::int64_t>(cx.args.integer(error), 0);
}

void give(stream_group& group, const stream_id& id, pending_entry& entry, stream_consumer& to,
          const claim& how) {
  entry.delivered = how.delivered;
  if (how.count >= 0)
    entry.deliveries = how.count;
  else if (!how.ids_only)
    ++entry.deliveries;
  group.give(id, entry, to);
}

/// Counts and journals that an entry is not pending any more.
void acknowledged(context& cx, const member_name& of, const stream_id& id) {
  ++cx.server.changes;
  if (cx.has_journal()) cx.effect("XACK", of.key, of.group, to_string(id));
}

void reply_claimed(context& cx, const store::stream& of, std::span<const stream_id> ids,
                   bool ids_only) {
  cx.reply.array(ids.size());
  for (const auto& id : ids) {
    if (ids_only) {
      reply_id(cx.reply, id);
      continue;
    }
    store::stream_cursor at(of, id, id);
    at.next();
    reply_entry(cx.reply, at);
  }
}

void read_claim_options(context& cx, claim& how) {
  std::optional<time> delivered;
  while (!cx.args.empty()) {
    if (cx.args.accept("FORCE")) {
      how.force = true;
    } else if (cx.args.accept("JUSTID")) {
      how.ids_only = true;
    } else if (cx.args.accept_with("IDLE", 1)) {
      // Wraps like everything that is no time: see below.
      delivered = static_cast<time>(static_cast<std::uint64_t>(cx.now) -
                                    static_cast<std::uint64_t>(cx.args.integer(
                                        "ERR Invalid IDLE option argument for XCLAIM")));
    } else if (cx.args.accept_with("TIME", 1)) {
      delivered = cx.args.integer("ERR Invalid TIME option argument for XCLAIM");
    } else if (cx.args.accept_with("RETRYCOUNT", 1)) {
      how.count = cx.args.integer("ERR Invalid RETRYCOUNT option argument for XCLAIM");
    } else if (cx.args.accept_with("LASTID", 1)) {
      how.last_id = read_id(cx.args.next());
    } else {
      throw command_error(fmt::format("ERR Unrecognized XCLAIM option '{}'", cx.args.peek()));
    }
  }
  // Clocks of clients are not to be trusted: what is no time until now is now.
  how.delivered = delivered && *delivered >= 0 && *delivered <= cx.now ? *delivered : cx.now;
}

/// XCLAIM key group consumer min-idle-time id [id ...] [IDLE ms] [TIME unix-time-milliseconds]
/// [RETRYCOUNT count] [FORCE] [JUSTID] [LASTID lastid]
void xclaim(context& cx) {
  const auto key = cx.args.next();
  auto stream = cx.keys.read_to_change<stream_value>(key);
  const auto group_name = cx.args.next();
  auto& group = existing_group(stream, key, group_name);
  const auto name = cx.args.next();
  claim how;
  how.min_idle = read_min_idle(cx, "ERR Invalid min-idle-time argument for XCLAIM");
  std::vector<stream_id> ids;
  for (; !cx.args.empty(); cx.args.next()) {
    const auto id = parse_stream_id(cx.args.peek());
    if (!id) break;
    ids.push_back(id->id);
  }
  read_claim_options(cx, how);

  const member_name member{key, group_name, name};
  if (how.last_id > group.last_id) {
    group.last_id = how.last_id;
    ++cx.server.changes;
    group_effect(cx, member, group);
  }
  std::vector<stream_id> claimed;
  for (const auto& id : ids) {
    if (!(*stream)->contains(id)) {
      if (group.acknowledge(id)) acknowledged(cx, member, id);
      continue;
    }
    auto* entry = group.find_pending(id);
    if (entry == nullptr && how.force) entry = group.add_pending(id, cx.now);
    if (entry == nullptr) continue;
    if (entry->owner != nullptr && cx.now - entry->delivered < how.min_idle) continue;
    auto& consumer = take_consumer(cx, member, group);
    consumer.active = cx.now;
    give(group, id, *entry, consumer, how);
    claim_effect(cx, member, id, *entry, group.last_id);
    claimed.push_back(id);
    ++cx.server.changes;
  }
  reply_claimed(cx, **stream, claimed, how.ids_only);
}

/// XAUTOCLAIM key group consumer min-idle-time start [COUNT count] [JUSTID]
void xautoclaim(context& cx) {
  constexpr std::int64_t usual_count = 100, looks_per_entry = 10;
  constexpr auto most = std::numeric_limits<std::int64_t>::max() / 16;
  const auto key = cx.args.next();
  const auto group_name = cx.args.next();
  const auto name = cx.args.next();
  claim how;
  how.min_idle = read_min_idle(cx, "ERR Invalid min-idle-time argument for XAUTOCLAIM");
  how.delivered = cx.now;
  const auto start = read_range_start(cx.args.next());
  auto count = usual_count;
  while (!cx.args.empty()) {
    if (cx.args.accept_with("COUNT", 1)) {
      constexpr const char* not_positive = "ERR COUNT must be > 0";
      count = cx.args.integer(not_positive);
      if (count < 1 || count > most) throw command_error(not_positive);
    } else if (cx.args.accept("JUSTID")) {
      how.ids_only = true;
    } else {
      throw command_error(errors::syntax);
    }
  }
  auto stream = cx.keys.read_to_change<stream_value>(key);
  auto& group = existing_group(stream, key, group_name);

  const member_name member{key, group_name, name};
  std::vector<stream_id> claimed, gone;
  auto at = group.pending().lower_bound(start);
  const auto full = [&] {
    return static_cast<std::int64_t>(claimed.size() + gone.size()) >= count;
  };
  const auto looks = count > most / looks_per_entry ? most : count * looks_per_entry;
  for (auto left = looks; left > 0 && !full() && at != group.pending().end(); --left) {
    const auto id = at.id();
    if (!(*stream)->contains(id)) {
      gone.push_back(id);
      at = group.acknowledge(at);
      acknowledged(cx, member, id);
      continue;
    }
    auto& entry = *at.value();
    ++at;
    if (cx.now - entry.delivered < how.min_idle) continue;
    auto& consumer = take_consumer(cx, member, group);
    consumer.active = cx.now;
    give(group, id, entry, consumer, how);
    claim_effect(cx, member, id, entry, group.last_id);
    claimed.push_back(id);
    ++cx.server.changes;
  }
  cx.reply.array(3);
  reply_id(cx.reply, at == group.pending().end() ? stream_id{} : at.id());
  reply_claimed(cx, **stream, claimed, how.ids_only);
  reply_claimed(cx, **stream, gone, true);
}

constexpr command_spec table[] = {
    {"xack", arity::at_least(4), write | fast, key_range::one(), xack},
    {"xautoclaim", arity::at_least(6), write | fast, key_range::one(), xautoclaim},
    {"xclaim", arity::at_least(6), write | fast, key_range::one(), xclaim},
    {"xpending", arity::at_least(3), readonly, key_range::one(), xpending},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows stream_pending_commands() { return table; }

}  // namespace hawser::commands
