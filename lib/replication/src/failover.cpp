#include <engine/node.hpp>

#include <fmt/format.h>

#include <limits>
#include <replication/failover.hpp>
#include <replication/roles.hpp>

namespace hawser::replication {

namespace {

using engine::failover_state;
using engine::log_level;

/// The replica that is to take over if it has everything; null: none has.
engine::client* replica_in_step(const engine::node& server) {
  const auto& wanted = server.replication.failover;
  for (auto* each : server.replication.replicas) {
    const auto& facts = *each->replica;
    const bool chosen = wanted.host.empty() || (engine::address_of_replica(*each) == wanted.host &&
                                                facts.listening_port == wanted.port);
    if (chosen && facts.at == engine::replica_facts::stage::online &&
        facts.acknowledged == server.stream_offset())
      return each;
  }
  return nullptr;
}

void hand_over(engine::node& server) {
  auto& wanted = server.replication.failover;
  wanted.state = failover_state::in_progress;
  server.log(log_level::notice,
             fmt::format("Failover target is {}:{}. Failing over.", wanted.host, wanted.port));
  follow(server, wanted.host, wanted.port);
}

}  // namespace

void begin_failover(engine::node& server) {
  auto& wanted = server.replication.failover;
  wanted.state = failover_state::waiting;
  server.paused.begin(engine::pause::scope::writes,
                      std::numeric_limits<base::milliseconds_t>::max(), server.now());
  server.log(log_level::notice, wanted.host.empty() ? std::string("FAILOVER requested.")
                                                    : fmt::format("FAILOVER requested to {}:{}.",
                                                                  wanted.host, wanted.port));
  check_failover(server);
}

void check_failover(engine::node& server) {
  auto& wanted = server.replication.failover;
  if (wanted.state == failover_state::none) return;
  const bool late = wanted.until != 0 && server.now() >= wanted.until;
  if (wanted.state == failover_state::in_progress) {
    if (late && !wanted.forced) abort_failover(server, "Failover attempt timed out");
    return;
  }
  if (const auto* ready = replica_in_step(server)) {
    wanted.host = engine::address_of_replica(*ready);
    wanted.port = ready->replica->listening_port;
    return hand_over(server);
  }
  if (late && wanted.forced) return hand_over(server);
  if (late) return abort_failover(server, "Replica never caught up before timeout");
}

void finish_failover(engine::node& server) {
  if (server.replication.failover.state == failover_state::none) return;
  server.replication.failover = {};
  server.unpause();
}

void abort_failover(engine::node& server, std::string_view why) {
  const auto was = server.replication.failover.state;
  if (was == failover_state::none) return;
  server.log(log_level::notice, fmt::format("Aborting failover: {}", why));
  server.replication.failover = {};
  if (was == failover_state::in_progress) lead(server);
  server.unpause();
}

}  // namespace hawser::replication
