#include "family.hpp"
#include "help.hpp"
#include <commands/subcommand_help.hpp>

#include <optional>
#include <string>
#include <vector>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using kind = engine::pubsub_registry::kind;

/// A way to listen, and the verbs of its confirmations.
struct listening {
  kind what;
  std::string_view subscribe;
  std::string_view unsubscribe;
};

constexpr listening to_channels{kind::channel, "subscribe", "unsubscribe"};
constexpr listening to_patterns{kind::pattern, "psubscribe", "punsubscribe"};
constexpr listening to_shard_channels{kind::shard_channel, "ssubscribe", "sunsubscribe"};

const engine::name_set& names_of(const engine::client& who, kind what) {
  if (what == kind::channel) return who.channels;
  return what == kind::pattern ? who.patterns : who.shard_channels;
}

void confirm(context& cx, kind what, std::string_view verb, std::optional<std::string_view> name) {
  const auto count =
      what == kind::shard_channel ? cx.who.shard_channels.size() : cx.who.subscriptions();
  auto pushed = cx.who.pushes();
  pushed.push(3).bulk(verb);
  name ? pushed.bulk(*name) : pushed.null();
  pushed.integer(static_cast<std::int64_t>(count));
}

void subscribe_to(context& cx, const listening& how) {
  for (const auto name : cx.args.rest()) {
    cx.server.pubsub.subscribe(cx.who, how.what, name);
    confirm(cx, how.what, how.subscribe, name);
  }
}

void unsubscribe_from_all(context& cx, const listening& how) {
  const auto& names = names_of(cx.who, how.what);
  if (names.empty()) return confirm(cx, how.what, how.unsubscribe, std::nullopt);
  for (const auto& name : std::vector<std::string>(names.begin(), names.end())) {
    cx.server.pubsub.unsubscribe(cx.who, how.what, name);
    confirm(cx, how.what, how.unsubscribe, name);
  }
}

void unsubscribe_from(context& cx, const listening& how) {
  if (cx.args.empty()) return unsubscribe_from_all(cx, how);
  for (const auto name : cx.args.rest()) {
    cx.server.pubsub.unsubscribe(cx.who, how.what, name);
    confirm(cx, how.what, how.unsubscribe, name);
  }
}

/// SUBSCRIBE channel [channel ...]
void subscribe(context& cx) { subscribe_to(cx, to_channels); }

/// PSUBSCRIBE pattern [pattern ...]
void psubscribe(context& cx) { subscribe_to(cx, to_patterns); }

/// SSUBSCRIBE shardchannel [shardchannel ...] -- unlike the others, not within a transaction.
void ssubscribe(context& cx) {
  if (cx.who.transaction.active())
    throw command_error("ERR SSUBSCRIBE isn't allowed for a DENY BLOCKING client");
  subscribe_to(cx, to_shard_channels);
}

/// UNSUBSCRIBE [channel [channel ...]] -- without channels: from all of them.
void unsubscribe(context& cx) { unsubscribe_from(cx, to_channels); }

/// PUNSUBSCRIBE [pattern [pattern ...]]
void punsubscribe(context& cx) { unsubscribe_from(cx, to_patterns); }

/// SUNSUBSCRIBE [shardchannel [shardchannel ...]]
void sunsubscribe(context& cx) { unsubscribe_from(cx, to_shard_channels); }

/// Subscribers of replicas hear it too.
void send_to_replicas(context& cx) {
  if (cx.server.replication.backlog) cx.effect_of(cx.args.words());
}

/// PUBLISH channel message -- the publisher's own copy comes before the reply.
void publish(context& cx) {
  const auto channel = cx.args.next();
  const auto listeners = cx.server.pubsub.publish(channel, cx.args.next());
  send_to_replicas(cx);
  cx.reply.integer(static_cast<std::int64_t>(listeners));
}

/// SPUBLISH shardchannel message
void spublish(context& cx) {
  const auto channel = cx.args.next();
  const auto listeners = cx.server.pubsub.publish_sharded(channel, cx.args.next());
  send_to_replicas(cx);
  cx.reply.integer(static_cast<std::int64_t>(listeners));
}

void reply_names(context& cx, kind what) {
  if (cx.args.left() > 1) wrong_subcommand(cx);
  std::optional<std::string_view> pattern;
  if (!cx.args.empty()) pattern = cx.args.next();
  const auto names = cx.server.pubsub.names(what, pattern);
  cx.reply.array(names.size());
  for (const auto name : names) cx.reply.bulk(name);
}

void reply_counts(context& cx, kind what) {
  const auto names = cx.args.rest();
  cx.reply.array(2 * names.size());
  for (const auto name : names)
    cx.reply.bulk(name).integer(
        static_cast<std::int64_t>(cx.server.pubsub.subscriber_count(what, name)));
}

/// PUBSUB CHANNELS [pattern]
void channels(context& cx) { reply_names(cx, kind::channel); }

/// PUBSUB SHARDCHANNELS [pattern]
void shardchannels(context& cx) { reply_names(cx, kind::shard_channel); }

/// PUBSUB NUMSUB [channel [channel ...]]
void numsub(context& cx) { reply_counts(cx, kind::channel); }

/// PUBSUB SHARDNUMSUB [shardchannel [shardchannel ...]]
void shardnumsub(context& cx) { reply_counts(cx, kind::shard_channel); }

/// PUBSUB NUMPAT -- different patterns, however many listen to each.
void numpat(context& cx) {
  cx.reply.integer(static_cast<std::int64_t>(cx.server.pubsub.name_count(kind::pattern)));
}

constexpr auto asking = pubsub | loading | stale;
constexpr auto listening_flags = asking | noscript;

constexpr command_spec pubsub_table[] = {
    {"channels", arity::at_least(2), asking, key_range::none(), channels},
    {"help", arity::exactly(2), loading | stale, key_range::none(), help},
    {"numpat", arity::exactly(2), asking, key_range::none(), numpat},
    {"numsub", arity::at_least(2), asking, key_range::none(), numsub},
    {"shardchannels", arity::at_least(2), asking, key_range::none(), shardchannels},
    {"shardnumsub", arity::at_least(2), asking, key_range::none(), shardnumsub},
};
static_assert(well_formed(pubsub_table));

constexpr command_spec table[] = {
    {"psubscribe", arity::at_least(2), listening_flags, key_range::none(), psubscribe},
    {"publish", arity::exactly(3), asking | fast | may_replicate, key_range::none(), publish},
    {"pubsub", arity::at_least(2), {}, key_range::none(), nullptr, pubsub_table},
    {"punsubscribe", arity::at_least(1), listening_flags, key_range::none(), punsubscribe},
    {"spublish", arity::exactly(3), asking | fast | may_replicate, key_range::one(), spublish},
    {"ssubscribe", arity::at_least(2), listening_flags, key_range::all(), ssubscribe},
    {"subscribe", arity::at_least(2), listening_flags, key_range::none(), subscribe},
    {"sunsubscribe", arity::at_least(1), listening_flags, key_range::all(), sunsubscribe},
    {"unsubscribe", arity::at_least(1), listening_flags, key_range::none(), unsubscribe},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows pubsub_commands() { return table; }

}  // namespace hawser::commands
