#include "full_sync.hpp"

#include <base/bytes.hpp>
#include <base/equal.hpp>
#include <commands/replication.hpp>
#include <commands/snapshot.hpp>
#include <engine/context.hpp>
#include <engine/dispatcher.hpp>
#include <engine/node.hpp>
#include <resp/request.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <persistence/file_system.hpp>
#include <replication/failover.hpp>
#include <vector>

namespace hawser::commands {

namespace {

using engine::client;
using engine::log_level;
using engine::node;
using engine::replica_facts;
using stage = replica_facts::stage;

constexpr std::int64_t second = 1000;

/// Keeps the latest changes from here on. Those before have not been counted: what is the same
/// offset is not the same place then, so that the history gets another name.
void begin_backlog(node& server) {
  auto& all = server.replication;
  if (all.backlog) return;
  all.backlog = true;
  server.journal.log.keep(static_cast<std::size_t>(server.options.repl_backlog_size));
  if (server.is_replica()) return;
  all.past.begin_anew(server.random);
  server.log(log_level::notice,
             fmt::format("Replication backlog created, my new replication IDs are '{}' and '{}'",
                         all.past.id(), all.past.second_id()));
}

void join(node& server, client& who) {
  begin_backlog(server);
  server.replication.replicas.push_back(&who);
  who.replica->acknowledged_at = server.now();
}

/// What a replica is behind in memory at the most, beside what is kept anyway. What it is behind
/// more than that is on disk or else it is given up.
std::uint64_t longest_lag(const node& server, bool on_disk) {
  constexpr std::uint64_t most_in_memory = std::uint64_t{64} << 20;
  const auto limit = server.options.client_output_buffer_limits[engine::client_class::replica].hard;
  if (!on_disk && limit == 0) return engine::journal_cursor::no_limit;
  return static_cast<std::uint64_t>(server.options.repl_backlog_size) +
         (on_disk ? most_in_memory : limit);
}

bool are_on_disk(const node& server, std::uint64_t from) {
  return server.aof && server.aof->has_changes_from(from);
}

void begin_changes(node& server, client& who, std::uint64_t from) {
  auto& facts = *who.replica;
  facts.may_fall_behind = are_on_disk(server, from);
  facts.changes = std::make_unique<engine::journal_cursor>(
      server.journal.log, from, longest_lag(server, facts.may_fall_behind));
}

/// What it is to be sent is neither in memory nor on disk.
bool has_fallen_behind(const node& server, const replica_facts& of) {
  if (!of.changes || !of.changes->lost()) return false;
  return !are_on_disk(server, next_change(of));
}

bool refuse(context& cx, std::string_view why) {
  ++cx.server.replication.refused_partial_syncs;
  cx.server.log(log_level::notice, fmt::format("Partial resynchronization not accepted: {}", why));
  return false;
}

std::string make_mark(node& server) { return engine::make_id(server.random); }

/// A data set on its way to replicas. The file has no name any more when all have opened it.
struct transfer {
  std::filesystem::path path;
  std::string mark;
  std::vector<std::uint64_t> replicas;  // ids of clients
};

/// The replica learns where the data set that it is going to be sent stands in the stream.
void promise_data(node& server, client& who) {
  const auto offset = server.stream_offset();
  if (!who.replica->old_protocol)
    who.pushes().raw(fmt::format("+FULLRESYNC {} {}\r\n", server.replication.past.id(), offset));
  who.replica->at = stage::saving;
  begin_changes(server, who, static_cast<std::uint64_t>(offset));
  who.link->output_ready();
}

void send_data(node& server, client& who, const transfer& made) {
  auto& facts = *who.replica;
  auto& files = server.process.files();
  std::error_code failure;
  engine::data_feed feed;
  feed.content = files.open(made.path, failure);
  const auto size = failure ? 0 : files.size(made.path, failure);
  if (failure) return server.close(who, false);
  const bool marked = server.options.repl_diskless_sync && facts.knows_eof;
  feed.head = marked ? fmt::format("$EOF:{}\r\n", made.mark) : fmt::format("${}\r\n", size);
  if (marked) feed.tail = made.mark;
  facts.starts_by_acknowledging = marked;
  facts.at = stage::receiving;
  who.link->send_data(std::move(feed));
}

/// Some of the replicas may be gone by now.
void data_written(node& server, const transfer& made, std::error_code failure) {
  if (failure)
    server.log(log_level::warning,
               fmt::format("BGSAVE for replication failed: {}", failure.message()));
  for (const auto id : made.replicas) {
    const auto found = server.clients.find(id);
    if (found == server.clients.end()) continue;
    auto& who = *found->second;
    if (who.closing || !who.replica || who.replica->at != stage::saving) continue;
    failure ? server.close(who, false) : send_data(server, who, made);
  }
  server.process.files().remove(made.path);
}

/// Does nothing while another snapshot is under way: they are asked for again at the next tick.
void begin_to_send_data(node& server, const std::vector<client*>& all) {
  const auto process = server.process.facts().process_id;
  transfer made{fmt::format("temp-sync-{}.{}.rdb", server.now(), process), make_mark(server), {}};
  for (const auto* each : all) made.replicas.push_back(each->id);
  const bool begun = begin_snapshot(
      server, {made.path, fmt::format("temp-sync-{}.rdb", process)},
      server.options.rdb_save_incremental_fsync,
      [&server, made](std::error_code failure) { data_written(server, made, failure); });
  if (!begun) return;
  server.log(log_level::notice,
             fmt::format("Starting BGSAVE for SYNC with target: {}",
                         server.options.repl_diskless_sync ? "replicas sockets" : "disk"));
  // The stream begins anew for them: they do not know what it has selected.
  if (!server.journal.following()) server.journal.select_again();
  for (auto* each : all) promise_data(server, *each);
}

/// Those that wait for data are sent it together, when the first has waited for others for long
/// enough or there are as many as can be hoped for.
void serve_waiting_replicas(node& server) {
  const auto& options = server.options;
  std::vector<client*> waiting;
  for (auto* each : server.replication.replicas)
    if (each->replica->at == stage::waiting && !each->closing) waiting.push_back(each);
  if (waiting.empty() || server.loading) return;
  const auto& first = *waiting.front()->replica;
  const auto waited = server.now() - first.asked_at;
  const auto enough = options.repl_diskless_sync_max_replicas;
  const bool delayed = options.repl_diskless_sync && first.knows_eof &&
                       waited < options.repl_diskless_sync_delay * second &&
                       (enough == 0 || static_cast<std::int64_t>(waiting.size()) < enough);
  if (!delayed) begin_to_send_data(server, waiting);
}

/// Who waits for data would take silence for a lost connection.
void send_signs_of_life(node& server) {
  for (auto* each : server.replication.replicas) {
    if (each->replica->at != stage::waiting && each->replica->at != stage::saving) continue;
    each->pushes().raw("\n");
    each->link->output_ready();
  }
}

void end_silent_replicas(node& server) {
  for (auto* each : std::vector<client*>(server.replication.replicas)) {
    const auto& facts = *each->replica;
    if (facts.at != stage::online && facts.at != stage::loading) continue;
    if (facts.old_protocol ||
        server.now() - facts.acknowledged_at <= server.options.repl_timeout * second)
      continue;
    server.log(log_level::warning,
               fmt::format("Disconnecting timedout replica (streaming sync): {}",
                           engine::name_of_replica(*each)));
    server.close(*each, false);
  }
}

void end_slow_replicas(node& server) {
  for (auto* each : std::vector<client*>(server.replication.replicas)) {
    if (each->closing || !server.within_output_limit(*each)) continue;
    if (has_fallen_behind(server, *each->replica))
      server.close(*each, false);
    else if (each->replica->older)
      each->link->changes_ready();  // what had not been written yet may be by now
  }
}

void forget_backlog(node& server) {
  auto& all = server.replication;
  const auto ttl = server.options.repl_backlog_ttl;
  if (!all.backlog || !all.replicas.empty() || server.is_replica() || ttl == 0) return;
  if (server.now() - all.alone_since <= ttl * second) return;
  all.backlog = false;
  server.journal.log.keep(0);
  all.past.begin_anew(server.random);
  server.log(
      log_level::notice,
      fmt::format("Replication backlog freed after {} seconds without connected replicas.", ttl));
}

}  // namespace

std::uint64_t next_change(const replica_facts& of) {
  return of.older ? of.older->position() : of.changes->position();
}

bool continue_from(context& cx, std::string_view id, std::int64_t next) {
  auto& server = cx.server;
  auto& all = server.replication;
  if (id == "?") {
    server.log(log_level::notice,
               fmt::format("Full resync requested by replica {}", engine::name_of_replica(cx.who)));
    return false;
  }
  if (!all.past.covers(id, next) && base::iequals(id, all.past.second_id()))
    return refuse(cx, fmt::format("Requested offset for second ID was {}, but I can reply up to {}",
                                  next, all.past.second_offset()));
  if (!all.past.covers(id, next))
    return refuse(cx, fmt::format("Replication ID mismatch (Replica asked for '{}', my replication "
                                  "IDs are '{}' and '{}')",
                                  id, all.past.id(), all.past.second_id()));
  const auto& log = server.journal.log;
  const auto from = static_cast<std::uint64_t>(next - 1);
  const bool held = from >= log.begin() || are_on_disk(server, from);
  if (!all.backlog || next < 1 || from > log.end() || !held)
    return refuse(cx, fmt::format("Unable to partial resync with replica {} for lack of backlog "
                                  "(Replica request was: {}).",
                                  engine::name_of_replica(cx.who), next));
  join(server, cx.who);
  cx.who.replica->at = replica_facts::stage::online;
  ++all.partial_syncs;
  begin_changes(server, cx.who, from);
  cx.reply.raw(fmt::format("+CONTINUE {}\r\n", all.past.id()));
  cx.dispatcher.set_replies(cx.who, engine::reply_mode::off);
  server.log(log_level::notice,
             fmt::format("Partial resynchronization request from {} accepted. Sending {} bytes of "
                         "backlog starting from offset {}.",
                         engine::name_of_replica(cx.who), log.end() - from, next));
  cx.who.link->changes_ready();
  return true;
}

void wait_for_data(context& cx) {
  auto& server = cx.server;
  ++server.replication.full_syncs;
  cx.who.replica->at = stage::waiting;
  cx.who.replica->asked_at = server.now();
  join(server, cx.who);
  cx.dispatcher.set_replies(cx.who, engine::reply_mode::off);
  serve_waiting_replicas(server);
}

void look_after_replicas(node& server) {
  auto& all = server.replication;
  replication::check_failover(server);
  forget_backlog(server);
  if (all.backlog)
    server.journal.log.keep(static_cast<std::size_t>(server.options.repl_backlog_size));
  if (all.asks_for_acknowledgements) server.journal.log.tell();
  if (all.replicas.empty()) return;
  serve_waiting_replicas(server);
  send_signs_of_life(server);
  end_slow_replicas(server);
  end_silent_replicas(server);
  if (server.is_replica() || server.paused.what(server.now()) != engine::pause::scope::none ||
      server.now() - all.pinged_at < server.options.repl_ping_replica_period * second)
    return;
  all.pinged_at = server.now();
  server.journal.append_stream(resp::request({"PING"}));
}

}  // namespace hawser::commands
