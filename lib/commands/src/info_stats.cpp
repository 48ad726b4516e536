#include "info.hpp"
#include <commands/append_only_file.hpp>
#include <engine/node.hpp>

#include <map>
#include <persistence/snapshot.hpp>

namespace hawser::commands {

void info_stats(info_text& to) {
  constexpr double kilobyte = 1024;
  const auto& stats = to.server.stats;
  const auto& pubsub = to.server.pubsub;
  using engine::pubsub_registry;
  to.section("Stats");
  to.field("total_connections_received", stats.connections_received);
  to.field("total_commands_processed", stats.commands_processed);
  to.field("instantaneous_ops_per_sec", stats.operations.per_second());
  to.field("total_net_input_bytes", stats.input_bytes);
  to.field("total_net_output_bytes", stats.output_bytes);
  to.field("total_net_repl_input_bytes", stats.replication_input_bytes);
  to.field("total_net_repl_output_bytes", stats.replication_output_bytes);
  const auto kilobytes = [&to](std::string_view name, const engine::rate& of) {
    to.decimal(name, static_cast<double>(of.per_second()) / kilobyte);
  };
  kilobytes("instantaneous_input_kbps", stats.input);
  kilobytes("instantaneous_output_kbps", stats.output);
  kilobytes("instantaneous_input_repl_kbps", stats.replication_input);
  kilobytes("instantaneous_output_repl_kbps", stats.replication_output);
  to.field("rejected_connections", stats.connections_rejected);
  const auto& replication = to.server.replication;
  to.field("sync_full", replication.full_syncs);
  to.field("sync_partial_ok", replication.partial_syncs);
  to.field("sync_partial_err", replication.refused_partial_syncs);
  to.field("expired_subkeys", stats.expired_fields);
  to.field("expired_keys", stats.expired_keys);
  to.field("expired_stale_perc", "0.00");
  to.field("expired_time_cap_reached_count", 0);
  to.field("expire_cycle_cpu_milliseconds", stats.expire_time_ns / 1'000'000);
  to.field("evicted_keys", stats.evicted_keys);
  to.field("evicted_clients", stats.evicted_clients);
  to.field("evicted_scripts", 0);
  constexpr std::int64_t millisecond = 1'000'000;
  const auto exceeded = to.server.eviction.exceeded_ms();
  to.field("total_eviction_exceeded_time", stats.memory_exceeded_ns / millisecond + exceeded);
  to.field("current_eviction_exceeded_time", exceeded);
  to.field("keyspace_hits", stats.keyspace_hits);
  to.field("keyspace_misses", stats.keyspace_misses);
  to.field("pubsub_channels", pubsub.name_count(pubsub_registry::kind::channel));
  to.field("pubsub_patterns", pubsub.name_count(pubsub_registry::kind::pattern));
  to.field("pubsubshard_channels", pubsub.name_count(pubsub_registry::kind::shard_channel));
  to.fields(
      {"latest_fork_usec", "total_forks", "migrate_cached_sockets", "slave_expires_tracked_keys",
       "active_defrag_hits", "active_defrag_misses", "active_defrag_key_hits",
       "active_defrag_key_misses", "total_active_defrag_time", "current_active_defrag_time"},
      0);
  const auto& tracking = to.server.tracking;
  to.field("tracking_total_keys", tracking.key_count());
  to.field("tracking_total_items", tracking.item_count());
  to.field("tracking_total_prefixes", tracking.prefix_count());
  to.field("unexpected_error_replies", stats.unexpected_errors);
  to.field("total_error_replies", stats.error_replies);
  to.field("dump_payload_sanitizations", 0);
  to.field("total_reads_processed", stats.reads_processed);
  to.field("total_writes_processed", stats.writes_processed);
  // With several I/O threads every connection is one's.
  const bool threaded = to.server.options.io_threads > 1;
  to.field("io_threaded_reads_processed", threaded ? stats.reads_processed : 0);
  to.field("io_threaded_writes_processed", threaded ? stats.writes_processed : 0);
  to.field("client_query_buffer_limit_disconnections", stats.query_limit_disconnections);
  to.field("client_output_buffer_limit_disconnections", stats.output_limit_disconnections);
  to.fields({"reply_buffer_shrinks", "reply_buffer_expands"}, 0);
  using reason = engine::acl::access_log_entry::reason;
  const auto denied = [&](reason why) { return stats.denied[static_cast<std::size_t>(why)]; };
  to.field("acl_access_denied_auth", denied(reason::auth));
  to.field("acl_access_denied_cmd", denied(reason::command));
  to.field("acl_access_denied_key", denied(reason::key));
  to.field("acl_access_denied_channel", denied(reason::channel));
}

namespace {

void info_append_only(info_text& to) {
  const auto& file = append_only_file::of(to.server);
  const auto status = file.writer_status();
  const auto& rewrites = file.rewrites;
  to.field("aof_enabled", int{file.is_on()});
  to.field("aof_rewrite_in_progress", int{rewrites.in_progress});
  to.field("aof_rewrite_scheduled", int{rewrites.scheduled});
  to.field("aof_last_rewrite_time_sec", rewrites.last_seconds);
  to.field("aof_current_rewrite_time_sec", file.current_rewrite_seconds());
  to.field("aof_last_bgrewrite_status", rewrites.failed ? "err" : "ok");
  to.field("aof_rewrites", rewrites.begun);
  to.field("aof_rewrites_consecutive_failures", rewrites.failures_in_a_row);
  const bool well = to.server.append_failure.empty();
  to.field("aof_last_write_status", well ? "ok" : "err");
  to.fields({"aof_last_cow_size", "module_fork_in_progress", "module_fork_last_cow_size"}, 0);
  if (!file.is_on()) return;
  to.field("aof_current_size", file.size());
  to.field("aof_base_size", file.size_after_rewrite());
  to.field("aof_pending_rewrite", int{rewrites.scheduled});
  to.field("aof_buffer_length", status.buffered);
  to.field("aof_pending_bio_fsync", int{status.syncing});
  to.field("aof_delayed_fsync", status.slow_syncs);
}

void info_loading(info_text& to) {
  const auto& load = to.server.load;
  const auto seconds = (to.server.now() - load.begun) / 1000;
  const auto left = load.total > load.loaded ? load.total - load.loaded : 0;
  const auto percent =
      load.total == 0 ? 0.0
                      : static_cast<double>(load.loaded) / static_cast<double>(load.total) * 100;
  to.field("loading_start_time", load.begun / 1000);
  to.field("loading_total_bytes", load.total);
  to.field("loading_rdb_used_mem", load.memory);
  to.field("loading_loaded_bytes", load.loaded);
  to.decimal("loading_loaded_perc", percent);
  // In the first second nothing can be said.
  to.field("loading_eta_seconds",
           seconds == 0 ? 1 : static_cast<std::uint64_t>(seconds) * left / (load.loaded + 1));
}

}  // namespace

void info_persistence(info_text& to) {
  const auto& server = to.server;
  to.section("Persistence");
  const auto* snapshot =
      server.snapshot && !server.snapshot->cancelled() ? server.snapshot.get() : nullptr;
  const auto seen = snapshot == nullptr ? 0 : snapshot->keys_seen();
  const auto total = snapshot == nullptr ? 0 : snapshot->keys_total();
  const auto kept = snapshot == nullptr ? 0 : snapshot->kept();
  to.field("loading", server.loading ? 1 : 0);
  to.field("async_loading", server.loading_aside ? 1 : 0);
  to.field("current_cow_peak", kept);
  to.field("current_cow_size", kept);
  to.field("current_cow_size_age", 0);
  to.field("current_fork_perc", "0.00");
  to.field("current_save_keys_processed", seen);
  to.field("current_save_keys_total", total);
  to.field("rdb_changes_since_last_save", server.unsaved_changes());
  to.field("rdb_bgsave_in_progress", server.save.in_progress ? 1 : 0);
  to.field("rdb_last_save_time", server.save.last / 1000);
  to.field("rdb_last_bgsave_status", server.save.failed ? "err" : "ok");
  to.field("rdb_last_bgsave_time_sec", server.save.seconds);
  to.field("rdb_current_bgsave_time_sec",
           server.save.in_progress
               ? (server.clock.monotonic_ns() - server.save.begun_ns) / 1'000'000'000
               : -1);
  to.field("rdb_saves", server.save.saves);
  to.field("rdb_last_cow_size", server.save.kept);
  to.field("rdb_last_load_keys_expired", server.save.keys_expired);
  to.field("rdb_last_load_keys_loaded", server.save.keys_loaded);
  info_append_only(to);
  if (server.loading || server.loading_aside) info_loading(to);
}

void info_modules(info_text& to) { to.section("Modules"); }

void info_command_stats(info_text& to) {
  to.section("Commandstats");
  to.server.commands.for_each([&](const engine::command& each) {
    const auto& of = each.statistics;
    if (of.calls == 0 && of.failed == 0 && of.rejected == 0) return;
    const auto microseconds = of.nanoseconds / 1000;
    const auto per_call =
        of.calls == 0 ? 0.0 : static_cast<double>(microseconds) / static_cast<double>(of.calls);
    to.field(fmt::format("cmdstat_{}", each.full_name),
             fmt::format("calls={},usec={},usec_per_call={:.2f},rejected_calls={},failed_calls={}",
                         of.calls, microseconds, per_call, of.rejected, of.failed));
  });
}

void info_error_stats(info_text& to) {
  to.section("Errorstats");
  const std::map<std::string_view, std::uint64_t> sorted(to.server.stats.errors.begin(),
                                                         to.server.stats.errors.end());
  for (const auto& [code, count] : sorted)
    to.field(fmt::format("errorstat_{}", code), fmt::format("count={}", count));
}

void info_latency_stats(info_text& to) {
  const auto& options = to.server.options;
  to.section("Latencystats");
  if (!options.latency_tracking) return;
  to.server.commands.for_each([&](const engine::command& each) {
    if (each.statistics.timed == 0) return;
    std::string percentiles;
    for (const double wanted : options.latency_tracking_info_percentiles) {
      const auto took = static_cast<double>(each.statistics.percentile(wanted / 100)) / 1000;
      percentiles += fmt::format("{}p{}={:.3f}", percentiles.empty() ? "" : ",", wanted, took);
    }
    to.field(fmt::format("latency_percentiles_usec_{}", each.full_name), percentiles);
  });
}

void info_cluster(info_text& to) {
  to.section("Cluster");
  to.field("cluster_enabled", 0);
}

void info_keyspace(info_text& to) {
  auto& server = to.server;
  to.section("Keyspace");
  for (int i = 0; i < server.database_count(); ++i) {
    const auto& data = server.database(i);
    if (data.empty()) continue;
    to.field(fmt::format("db{}", i),
             fmt::format("keys={},expires={},avg_ttl={},subexpiry=0", data.size(),
                         data.deadline_count(), data.average_time_left(server.now())));
  }
}

}  // namespace hawser::commands
