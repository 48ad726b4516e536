#include "info.hpp"
#include <engine/node.hpp>

namespace hawser::commands {

namespace {

using engine::link_state;
using engine::replica_facts;

constexpr base::milliseconds_t second = 1000;

std::string_view name_of(replica_facts::stage stage) {
  switch (stage) {
    case replica_facts::stage::waiting:
    case replica_facts::stage::saving:
      return "wait_bgsave";
    case replica_facts::stage::receiving:
      return "send_bulk";
    default:
      return "online";
  }
}

std::string_view name_of(engine::failover_state state) {
  constexpr std::string_view names[] = {"no-failover", "waiting-for-sync", "failover-in-progress"};
  return names[static_cast<std::size_t>(state)];
}

void transfer(info_text& to, const engine::primary_link& primary) {
  const auto total = primary.transfer_size, got = primary.transferred;
  to.field("master_sync_total_bytes", total);
  to.field("master_sync_read_bytes", got);
  to.field("master_sync_left_bytes", total - got);
  to.decimal("master_sync_perc",
             total == 0 ? 0 : 100.0 * static_cast<double>(got) / static_cast<double>(total));
  to.field("master_sync_last_io_seconds_ago", (to.server.now() - primary.transferred_at) / second);
}

void link_to_primary(info_text& to) {
  const auto& server = to.server;
  const auto& primary = server.replication.primary;
  const bool up = primary.state == link_state::connected;
  const bool syncing = primary.state == link_state::transfer;
  to.field("master_host", server.options.replicaof.host);
  to.field("master_port", server.options.replicaof.port);
  to.field("master_link_status", up ? "up" : "down");
  to.field("master_last_io_seconds_ago", up ? (server.now() - primary.last_heard) / second : -1);
  to.field("master_sync_in_progress", syncing ? 1 : 0);
  // Without a history to go on with there is no offset to speak of.
  to.fields({"slave_read_repl_offset", "slave_repl_offset"},
            primary.resumable ? server.stream_offset() : 1);
  if (syncing) transfer(to, primary);
  if (!up)
    to.field("master_link_down_since_seconds",
             primary.down_since == 0 ? -1 : (server.now() - primary.down_since) / second);
  to.field("slave_priority", server.options.replica_priority);
  to.field("slave_read_only", server.options.replica_read_only ? 1 : 0);
  to.field("replica_announced", server.options.replica_announced ? 1 : 0);
}

void replicas(info_text& to) {
  const auto& server = to.server;
  const auto& all = server.replication.replicas;
  to.field("connected_slaves", all.size());
  if (server.options.min_replicas_to_write > 0 && server.options.min_replicas_max_lag > 0)
    to.field("min_slaves_good_slaves", server.good_replicas());
  int number = 0;
  for (const auto* each : all) {
    const auto& facts = *each->replica;
    const bool online = facts.at >= replica_facts::stage::loading;
    to.field(
        fmt::format("slave{}", number++),
        fmt::format("ip={},port={},state={},offset={},lag={}", engine::address_of_replica(*each),
                    facts.listening_port, name_of(facts.at), facts.acknowledged,
                    online ? (server.now() - facts.acknowledged_at) / second : 0));
  }
}

}  // namespace

void info_replication(info_text& to) {
  const auto& server = to.server;
  const auto& all = server.replication;
  const auto& log = server.journal.log;
  to.section("Replication");
  to.field("role", server.is_replica() ? "slave" : "master");
  if (server.is_replica()) link_to_primary(to);
  replicas(to);
  to.field("master_failover_state", name_of(all.failover.state));
  to.field("master_replid", all.past.id());
  to.field("master_replid2", all.past.second_id());
  to.field("master_repl_offset", server.stream_offset());
  to.field("second_repl_offset", all.past.second_offset());
  to.field("repl_backlog_active", all.backlog ? 1 : 0);
  to.field("repl_backlog_size", server.options.repl_backlog_size);
  to.field("repl_backlog_first_byte_offset", all.backlog ? log.begin() + 1 : 0);
  to.field("repl_backlog_histlen", all.backlog ? log.end() - log.begin() : 0);
}

}  // namespace hawser::commands
