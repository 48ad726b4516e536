#include "family.hpp"
#include <engine/dispatcher.hpp>

#include <algorithm>
#include <replication/failover.hpp>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using engine::failover_state;

struct wanted_failover {
  engine::failover_facts facts;
  base::milliseconds_t timeout = 0;
  bool abort = false;
};

wanted_failover parse(context& cx) {
  wanted_failover wanted;
  auto& args = cx.args;
  while (!args.empty()) {
    if (wanted.timeout == 0 && args.accept_with("timeout", 1)) {
      wanted.timeout = args.integer();
      if (wanted.timeout <= 0) throw command_error("ERR FAILOVER timeout must be greater than 0");
    } else if (args.left() == 1 && args.words().size() == 2 && args.accept("abort")) {
      wanted.abort = true;
    } else if (wanted.facts.host.empty() && args.accept_with("to", 2)) {
      wanted.facts.host = args.next();
      wanted.facts.port = args.integer();
    } else if (!wanted.facts.forced && args.accept("force")) {
      wanted.facts.forced = true;
    } else {
      throw command_error(errors::syntax);
    }
  }
  return wanted;
}

void check_target(const engine::node& server, const engine::failover_facts& wanted) {
  const auto& all = server.replication.replicas;
  const auto found = std::ranges::find_if(all, [&](const auto* each) {
    return engine::address_of_replica(*each) == wanted.host &&
           each->replica->listening_port == wanted.port;
  });
  if (found == all.end())
    throw command_error("ERR FAILOVER target HOST and PORT is not a replica.");
  if ((*found)->replica->at < engine::replica_facts::stage::loading)
    throw command_error("ERR FAILOVER target replica is not online.");
}

/// FAILOVER [TO host port [FORCE]] [ABORT] [TIMEOUT milliseconds] -- replies at once; writes wait
/// until it is over.
void failover(context& cx) {
  auto& server = cx.server;
  auto wanted = parse(cx);
  auto& now = server.replication.failover;
  if (wanted.abort) {
    if (now.state == failover_state::none) throw command_error("ERR No failover in progress.");
    replication::abort_failover(server, "Failover manually aborted");
    return void(cx.reply.ok());
  }
  if (now.state != failover_state::none) throw command_error("ERR FAILOVER already in progress.");
  if (server.is_replica())
    throw command_error("ERR FAILOVER is not valid when server is a replica.");
  if (server.replication.replicas.empty())
    throw command_error("ERR FAILOVER requires connected replicas.");
  if (wanted.facts.forced && (wanted.timeout == 0 || wanted.facts.host.empty()))
    throw command_error(
        "ERR FAILOVER with force option requires both a timeout and target HOST and IP.");
  if (!wanted.facts.host.empty()) check_target(server, wanted.facts);
  now = wanted.facts;
  if (wanted.timeout > 0) now.until = cx.now + wanted.timeout;
  replication::begin_failover(server);
  cx.reply.ok();
}

constexpr command_spec table[] = {
    {"failover", arity::at_least(1), admin | noscript | stale, key_range::none(), failover},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows failover_commands() { return table; }

}  // namespace hawser::commands
