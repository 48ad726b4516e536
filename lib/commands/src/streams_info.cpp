#include "help.hpp"
#include "streams.hpp"
#include <commands/subcommand_help.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <limits>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using store::pending_list;
using store::stream;
using store::stream_consumer;

std::int64_t count_of(std::size_t size) { return static_cast<std::int64_t>(size); }

/// Bytes that two IDs, each as 16 bytes with the highest first, have in common at their beginning.
int common_bytes(const stream_id& a, const stream_id& b) {
  const auto same = [](std::uint64_t x, std::uint64_t y) { return std::countl_zero(x ^ y) / 8; };
  return a.ms != b.ms ? same(a.ms, b.ms) : 8 + same(a.seq, b.seq);
}

/// The nodes that a radix tree with these keys of 16 bytes would have, which is where Redis keeps
/// them: one for each branch and each key, and one for each run of bytes without a branch.
std::size_t radix_nodes(const stream::nodes_by_id& keys) {
  constexpr int key_bytes = 16;
  if (keys.empty()) return 1;
  // The depths of the branches on the way to the last key, and of the run that ends above them.
  std::vector<int> depths;
  std::size_t nodes = keys.size();
  const auto close = [&](int to, int below) {
    // A branch takes a byte; what is left until `below` is a run.
    if (below - to - 1 > 0) ++nodes;
  };
  auto at = keys.begin();
  for (auto before = at; ++at != keys.end(); before = at) {
    const int depth = common_bytes(before.id(), at.id());
    int below = key_bytes;
    while (!depths.empty() && depths.back() > depth) {
      close(depths.back(), below);
      below = depths.back();
      depths.pop_back();
    }
    if (depths.empty() || depths.back() < depth) {
      depths.push_back(depth);
      ++nodes;
    }
    close(depth, below);
  }
  int below = key_bytes;
  for (; !depths.empty(); depths.pop_back()) {
    close(depths.back(), below);
    below = depths.back();
  }
  // The run from the root.
  return nodes + (below > 0 ? 1 : 0);
}

stream_value read_stream(context& cx) {
  auto found = cx.keys.read<stream_value>(cx.args.next());
  if (!found) throw command_error(errors::no_such_key);
  return *found;
}

void reply_head(context& cx, const stream& of) {
  cx.reply.bulk("length").integer(of.length());
  cx.reply.bulk("radix-tree-keys").integer(count_of(of.nodes().size()));
  cx.reply.bulk("radix-tree-nodes").integer(count_of(radix_nodes(of.nodes())));
  cx.reply.bulk("last-generated-id");
  reply_id(cx.reply, of.last_id);
  cx.reply.bulk("max-deleted-entry-id");
  reply_id(cx.reply, of.max_deleted_id);
  cx.reply.bulk("entries-added").integer(of.entries_added);
  cx.reply.bulk("recorded-first-entry-id");
  reply_id(cx.reply, of.first_id());
}

void reply_edge(context& cx, const stream& of, bool last) {
  store::stream_cursor at(of, {}, stream_id::largest(), last);
  if (at.next())
    reply_entry(cx.reply, at);
  else
    cx.reply.null();
}

void reply_progress(context& cx, const stream& of, const stream_group& group) {
  cx.reply.bulk("entries-read");
  if (group.entries_read == stream_group::unknown)
    cx.reply.null();
  else
    cx.reply.integer(group.entries_read);
  cx.reply.bulk("lag");
  if (const auto lag = of.lag(group))
    cx.reply.integer(*lag);
  else
    cx.reply.null();
}

/// The first pending entries, with their owners unless they are of one consumer.
void reply_pending(context& cx, const pending_list& pending, std::size_t limit, bool owners) {
  auto left = std::min(pending.size(), limit);
  cx.reply.array(left);
  for (auto at = pending.begin(); left > 0; ++at, --left) {
    cx.reply.array(owners ? 4 : 3);
    reply_id(cx.reply, at.id());
    if (owners) cx.reply.bulk(at.value()->owner->name);
    cx.reply.integer(at.value()->delivered).integer(at.value()->deliveries);
  }
}

void reply_consumer(context& cx, const stream_consumer& consumer, std::size_t limit) {
  cx.reply.map(4);
  cx.reply.bulk("name").bulk(consumer.name);
  cx.reply.bulk("seen-time").integer(consumer.seen);
  cx.reply.bulk("pel-count").integer(count_of(consumer.pending.size()));
  cx.reply.bulk("pending");
  reply_pending(cx, consumer.pending, limit, false);
}

void reply_group(context& cx, const stream& of, std::string_view name, const stream_group& group,
                 std::size_t limit) {
  cx.reply.map(7);
  cx.reply.bulk("name").bulk(name);
  cx.reply.bulk("last-delivered-id");
  reply_id(cx.reply, group.last_id);
  reply_progress(cx, of, group);
  cx.reply.bulk("pel-count").integer(count_of(group.pending().size()));
  cx.reply.bulk("pending");
  reply_pending(cx, group.pending(), limit, true);
  cx.reply.bulk("consumers").array(group.consumers().size());
  for (const auto& [unused, consumer] : group.consumers()) reply_consumer(cx, consumer, limit);
}

void reply_in_full(context& cx, const stream& of, std::size_t limit) {
  cx.reply.map(9);
  reply_head(cx, of);
  cx.reply.bulk("entries");
  reply_range(cx.reply, of, {}, stream_id::largest(), limit);
  cx.reply.bulk("groups").array(of.groups().size());
  for (const auto& [name, group] : of.groups()) reply_group(cx, of, name, group, limit);
}

/// XINFO STREAM key [FULL [COUNT count]] -- of each list in full the first ten, or `count`; 0: all.
void info_stream(context& cx) {
  constexpr std::int64_t usual = 10;
  const auto of = read_stream(cx);
  if (!cx.args.empty()) {
    auto limit = usual;
    if (!cx.args.accept("FULL")) wrong_subcommand(cx);
    if (cx.args.left() == 2 && cx.args.accept("COUNT")) limit = cx.args.integer();
    if (!cx.args.empty()) wrong_subcommand(cx);
    if (limit < 0) limit = usual;
    return reply_in_full(
        cx, *of,
        limit == 0 ? std::numeric_limits<std::size_t>::max() : static_cast<std::size_t>(limit));
  }
  cx.reply.map(10);
  reply_head(cx, *of);
  cx.reply.bulk("groups").integer(count_of(of->groups().size()));
  cx.reply.bulk("first-entry");
  reply_edge(cx, *of, false);
  cx.reply.bulk("last-entry");
  reply_edge(cx, *of, true);
}

/// XINFO GROUPS key
void info_groups(context& cx) {
  const auto of = read_stream(cx);
  cx.reply.array(of->groups().size());
  for (const auto& [name, group] : of->groups()) {
    cx.reply.map(6);
    cx.reply.bulk("name").bulk(name);
    cx.reply.bulk("consumers").integer(count_of(group.consumers().size()));
    cx.reply.bulk("pending").integer(count_of(group.pending().size()));
    cx.reply.bulk("last-delivered-id");
    reply_id(cx.reply, group.last_id);
    reply_progress(cx, *of, group);
  }
}

/// XINFO CONSUMERS key group
void info_consumers(context& cx) {
  const auto key = cx.args.peek();
  const auto of = read_stream(cx);
  const auto name = cx.args.next();
  const auto* group = of->find_group(name);
  if (group == nullptr)
    throw command_error(
        fmt::format("NOGROUP No such consumer group '{}' for key name '{}'", name, key));
  cx.reply.array(group->consumers().size());
  for (const auto& [unused, consumer] : group->consumers()) {
    cx.reply.map(3);
    cx.reply.bulk("name").bulk(consumer.name);
    cx.reply.bulk("pending").integer(count_of(consumer.pending.size()));
    cx.reply.bulk("idle").integer(std::max<base::milliseconds_t>(cx.now - consumer.seen, 0));
  }
}

constexpr key_range third_word{2, 2, 1};

constexpr command_spec xinfo[] = {
    {"consumers", arity::exactly(4), readonly, third_word, info_consumers},
    {"groups", arity::exactly(3), readonly, third_word, info_groups},
    {"help", arity::exactly(2), loading | stale, key_range::none(), help},
    {"stream", arity::at_least(3), readonly, third_word, info_stream},
};
static_assert(well_formed(xinfo));

constexpr command_spec table[] = {
    {"xinfo", arity::at_least(2), {}, key_range::none(), nullptr, xinfo},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows stream_info_commands() { return table; }

}  // namespace hawser::commands
