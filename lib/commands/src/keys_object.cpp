#include "family.hpp"
#include <commands/subcommand_help.hpp>

#include <limits>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using store::entry;

/// The entry that a subcommand asks about; null when it has replied that there is none. Asking
/// counts as a hit or a miss and is no use of the key.
const entry* subject(context& cx) {
  const entry* found = cx.keys.peek(cx.args.next());
  auto& stats = cx.server.stats;
  ++(found == nullptr ? stats.keyspace_misses : stats.keyspace_hits);
  if (found == nullptr) cx.reply.null();
  return found;
}

/// OBJECT ENCODING key
void object_encoding(context& cx) {
  if (const entry* found = subject(cx)) cx.reply.bulk(store::shown_encoding(*found));
}

/// OBJECT FREQ key
void object_freq(context& cx) {
  const entry* found = subject(cx);
  if (found == nullptr) return;
  if (!cx.server.uses_lfu())
    throw command_error(
        "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note "
        "that when switching between policies at runtime LRU and LFU data will take some time to "
        "adjust.");
  cx.reply.integer(cx.server.decayed_frequency(found->access()));
}

/// OBJECT IDLETIME key
void object_idletime(context& cx) {
  const entry* found = subject(cx);
  if (found == nullptr) return;
  if (cx.server.uses_lfu())
    throw command_error(
        "ERR An LFU maxmemory policy is selected, idle time not tracked. Please note that when "
        "switching between policies at runtime LRU and LFU data will take some time to adjust.");
  cx.reply.integer(cx.server.idle_seconds(found->access()));
}

/// Redis keeps one object for each small integer, unless the eviction policy needs to tell their
/// keys' uses apart.
bool would_be_shared(const context& cx, const entry& of) {
  using engine::eviction_policy;
  constexpr std::int64_t small = 10'000;
  const auto policy = cx.server.options.maxmemory_policy;
  const bool told_apart =
      cx.server.options.maxmemory != 0 && policy != eviction_policy::noeviction &&
      policy != eviction_policy::volatile_random && policy != eviction_policy::allkeys_random &&
      policy != eviction_policy::volatile_ttl;
  return of.is_integer() && !of.is_copied_integer() && !told_apart && of.integer() >= 0 &&
         of.integer() < small;
}

/// OBJECT REFCOUNT key -- values are never shared here; the reply is what Redis would say.
void object_refcount(context& cx) {
  const entry* found = subject(cx);
  if (found == nullptr) return;
  cx.reply.integer(would_be_shared(cx, *found) ? std::numeric_limits<int>::max() : 1);
}

constexpr key_range third_word{2, 2, 1};

constexpr command_spec object[] = {
    {"encoding", arity::exactly(3), readonly, third_word, object_encoding},
    {"freq", arity::exactly(3), readonly, third_word, object_freq},
    {"help", arity::exactly(2), loading | stale, key_range::none(), help},
    {"idletime", arity::exactly(3), readonly, third_word, object_idletime},
    {"refcount", arity::exactly(3), readonly, third_word, object_refcount},
};
static_assert(well_formed(object));

constexpr command_spec table[] = {
    {"object", arity::at_least(2), {}, key_range::none(), nullptr, object},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows key_object_commands() { return table; }

}  // namespace hawser::commands
