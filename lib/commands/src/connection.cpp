#include "family.hpp"

namespace hawser::commands {

namespace {

using namespace engine::flags;

/// PING [message] -- to a RESP2 client with subscriptions the reply has the form of a message.
void ping(context& cx) {
  const auto message = cx.args.peek();
  if (cx.who.subscribed() && !cx.who.resp3()) {
    cx.reply.array(2).bulk("pong").bulk(message);
  } else if (cx.args.empty()) {
    cx.reply.simple("PONG");
  } else {
    cx.reply.bulk(message);
  }
}

/// ECHO message
void echo(context& cx) { cx.reply.bulk(cx.args.next()); }

constexpr command_spec table[] = {
    {"echo", arity::exactly(2), loading | stale | fast, key_range::none(), echo},
    {"ping", {1, 2}, fast, key_range::none(), ping},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows connection_commands() { return table; }

}  // namespace hawser::commands
