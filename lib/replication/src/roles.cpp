#include <engine/node.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <replication/roles.hpp>
#include <utility>
#include <vector>

namespace hawser::replication {

namespace {

using engine::log_level;

void send_waiting_away(engine::node& server) {
  constexpr std::string_view why =
      "UNBLOCKED force unblock from blocking operation, instance state changed (master -> "
      "replica?)";
  std::vector<engine::client*> waiting;
  for (const auto& [id, who] : server.clients)
    if (who->blocked) waiting.push_back(who);
  for (auto* who : waiting) {
    server.stats.count_error(why);
    ++who->blocked->what.statistics.failed;
    who->reply.error(why);
    server.waits.remove(*who);
    who->link->output_ready();
    who->link->resume();
    server.close(*who, true);
  }
}

/// The link to the primary is what `replicaof` says.
void change_primary(engine::node& server, std::string_view host, std::int64_t port) {
  server.config.change([&](engine::settings& now) { now.replicaof = {std::string(host), port}; });
  server.process.follow_primary();
}

}  // namespace

void drop_replicas(engine::node& server) {
  for (auto* each : std::vector<engine::client*>(server.replication.replicas))
    server.close(*each, false);
}

void follow(engine::node& server, std::string_view host, std::int64_t port) {
  const bool led = !server.is_replica();
  auto& primary = server.replication.primary;
  send_waiting_away(server);
  server.replication.asks_for_acknowledgements = false;  // the stream is the primary's now
  if (led) {
    server.log(log_level::notice,
               "Before turning into a replica, using my own master parameters to synthesize a "
               "cached master: I may be able to synchronize with the new master with just a "
               "partial transfer.");
    primary = {};
    primary.resumable = true;
    primary.db = std::max(0, server.journal.selected());
  }
  primary.state = engine::link_state::connect;
  server.journal.follow(true);
  change_primary(server, host, port);
}

void lead(engine::node& server) {
  auto& all = server.replication;
  const auto offset = server.stream_offset();
  change_primary(server, {}, 0);
  all.primary = {};
  all.past.leave(server.random, offset);
  server.journal.follow(false);
  all.alone_since = server.now();
  server.log(log_level::warning,
             fmt::format("Setting secondary replication ID to {}, valid up to offset: {}. New "
                         "replication ID is {}",
                         all.past.second_id(), all.past.second_offset(), all.past.id()));
  drop_replicas(server);
}

}  // namespace hawser::replication
