#include "info.hpp"
#include "memory_overview.hpp"
#include <base/numbers.hpp>
#include <engine/node.hpp>
#include <engine/version.hpp>

#include <algorithm>

namespace hawser::commands {

namespace {

std::string_view name_of(engine::supervision how) {
  switch (how) {
    case engine::supervision::upstart:
      return "upstart";
    case engine::supervision::systemd:
      return "systemd";
    default:
      return "no";
  }
}

std::string setting(const engine::node& server, std::string_view directive) {
  return server.config.get({&directive, 1}).at(0).second;
}

void listeners(info_text& to) {
  const auto& options = to.server.options;
  int count = 0;
  const auto listens = [&](std::string_view name, std::int64_t port) {
    if (port == 0) return;
    std::string where;
    for (const auto& address : options.binds) where += fmt::format(",bind={}", address);
    to.field(fmt::format("listener{}", count++),
             fmt::format("name={}{},port={}", name, where, port));
  };
  listens("tcp", options.port);
  listens("tls", options.tls_port);
  if (!options.unixsocket.empty())
    to.field(fmt::format("listener{}", count++),
             fmt::format("name=unix,bind={}", options.unixsocket));
}

std::string compiler_version() {
#ifdef __clang__
  return "0.0.0";
#else
  return fmt::format("{}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
}

}  // namespace

void info_server(info_text& to) {
  constexpr base::milliseconds_t second = 1000, day = 86'400'000;
  const auto& server = to.server;
  const auto facts = server.process.facts();
  const auto up = server.now() - server.started;
  to.section("Server");
  to.field("redis_version", engine::redis_version);
  to.field("hawser_version", engine::hawser_version);
  to.field("server_name", "hawser");
  to.field("redis_git_sha1", "00000000");
  to.field("redis_git_dirty", 0);
  to.field("redis_build_id", fmt::format("hawser-{}", engine::hawser_version));
  to.field("redis_mode", "standalone");
  to.field("os", facts.operating_system);
  to.field("arch_bits", sizeof(void*) * 8);
  to.field("monotonic_clock", "POSIX clock_gettime");
  to.field("multiplexing_api", facts.multiplexing_api);
  to.field("atomicvar_api", "c11-builtin");
  to.field("gcc_version", compiler_version());
  to.field("process_id", facts.process_id);
  to.field("process_supervised", name_of(server.options.supervised));
  to.field("run_id", server.run_id);
  to.field("tcp_port", server.options.main_port());
  to.field("server_time_usec", server.clock.wall());
  to.field("uptime_in_seconds", up / second);
  to.field("uptime_in_days", up / day);
  to.fields({"hz", "configured_hz"}, server.options.hz);
  to.field("lru_clock", server.now() / second & 0xffffff);
  to.field("executable", facts.executable);
  to.field("config_file", server.config.config_file());
  to.field("io_threads_active", server.options.io_threads > 1 ? 1 : 0);
  listeners(to);
}

void info_clients(info_text& to) {
  auto& server = to.server;
  std::size_t input = 0, output = 0, watching = 0, watched = 0;
  for (const auto& [id, who] : server.clients) {
    input = std::max(input, who->link->input_held().first);
    output = std::max(output, who->output_bytes());
    watching += !who->watched.empty();
    watched += who->watched.size();
  }
  to.section("Clients");
  to.field("connected_clients", server.clients.size());
  to.field("cluster_connections", 0);
  to.field("maxclients", server.options.maxclients);
  to.field("client_recent_max_input_buffer", input);
  to.field("client_recent_max_output_buffer", output);
  to.field("blocked_clients", server.postponed.size() + server.waits.client_count());
  to.field("tracking_clients", server.tracking.client_count());
  to.field("pubsub_clients", server.pubsub.client_count());
  to.field("watching_clients", watching);
  to.field("clients_in_timeout_table", server.waits.deadline_count());
  to.field("total_watched_keys", watched);
  to.field("total_blocking_keys", server.waits.key_count());
  to.field("total_blocking_keys_on_nokey", server.waits.keys_seeing_loss());
}

void info_memory(info_text& to) {
  auto& server = to.server;
  const auto facts = server.process.facts();
  const auto seen = look_at_memory(server, facts);
  to.section("Memory");
  to.bytes("used_memory", seen.used);
  to.bytes("used_memory_rss", seen.process);
  to.bytes("used_memory_peak", seen.peak);
  to.percentage("used_memory_peak_perc", seen.peak_percentage());
  to.field("used_memory_overhead", seen.overhead);
  to.field("used_memory_startup", seen.startup);
  to.field("used_memory_dataset", seen.data_set);
  to.percentage("used_memory_dataset_perc", seen.data_set_percentage());
  to.field("allocator_allocated", seen.used);
  to.field("allocator_active", seen.active);
  to.field("allocator_resident", seen.resident);
  to.field("allocator_muzzy", 0);
  to.bytes("total_system_memory", facts.total_system_memory);
  const auto scripts = server.scripts ? server.scripts->facts() : engine::script_facts{};
  to.fields({"used_memory_lua", "used_memory_vm_eval"}, scripts.scripts_vm_memory);
  to.field("used_memory_lua_human", base::human_bytes(scripts.scripts_vm_memory));
  to.field("used_memory_scripts_eval", scripts.scripts_memory);
  to.field("number_of_cached_scripts", scripts.scripts);
  to.field("number_of_functions", scripts.functions);
  to.field("number_of_libraries", scripts.libraries);
  to.field("used_memory_vm_functions", scripts.functions_vm_memory);
  to.bytes("used_memory_vm_total", scripts.scripts_vm_memory + scripts.functions_vm_memory);
  to.field("used_memory_functions", scripts.functions_memory);
  to.bytes("used_memory_scripts", scripts.scripts_memory + scripts.functions_memory);
  to.bytes("maxmemory", server.options.maxmemory);
  to.field("maxmemory_policy", setting(server, "maxmemory-policy"));
  to.decimal("allocator_frag_ratio", seen.allocator_fragmentation());
  to.field("allocator_frag_bytes", memory_overview::difference(seen.active, seen.used));
  to.decimal("allocator_rss_ratio", seen.allocator_overhead());
  to.field("allocator_rss_bytes", memory_overview::difference(seen.resident, seen.active));
  to.decimal("rss_overhead_ratio", seen.process_overhead());
  to.field("rss_overhead_bytes", memory_overview::difference(seen.process, seen.resident));
  to.decimal("mem_fragmentation_ratio", seen.fragmentation());
  to.field("mem_fragmentation_bytes", memory_overview::difference(seen.process, seen.used));
  to.field("mem_not_counted_for_evict", server.eviction.not_counted());
  to.field("mem_replication_backlog", seen.backlog);
  to.field("mem_total_replication_buffers", seen.journal);
  to.field("mem_clients_slaves", seen.replicas);
  to.field("mem_clients_normal", seen.clients);
  to.field("mem_cluster_links", 0);
  to.field("mem_aof_buffer", seen.append_only);
  to.field("mem_allocator", facts.allocator);
  to.fields({"mem_overhead_db_hashtable_rehashing", "active_defrag_running"}, 0);
  const auto pending = to.server.waiting_to_be_freed.load();
  const auto left = to.server.stats.keys_left_to_background;
  to.field("lazyfree_pending_objects", pending);
  to.field("lazyfreed_objects", left < pending ? 0 : left - pending);
}

void info_cpu(info_text& to) {
  const auto facts = to.server.process.facts();
  to.section("CPU");
  to.decimal("used_cpu_sys", facts.all_threads.system, 6);
  to.decimal("used_cpu_user", facts.all_threads.user, 6);
  to.decimal("used_cpu_sys_children", facts.children.system, 6);
  to.decimal("used_cpu_user_children", facts.children.user, 6);
  to.decimal("used_cpu_sys_main_thread", facts.this_thread.system, 6);
  to.decimal("used_cpu_user_main_thread", facts.this_thread.user, 6);
}

}  // namespace hawser::commands
