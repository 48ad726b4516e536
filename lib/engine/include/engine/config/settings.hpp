#pragma once

#include <engine/config/choices.hpp>
#include <store/encoding_limits.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hawser::engine {

/// A snapshot is due after `changes` changes within `seconds` seconds.
struct save_point {
  std::int64_t seconds = 0;
  std::int64_t changes = 0;
  bool operator==(const save_point&) const = default;
};

/// The groups of clients that have output limits of their own.
enum class client_class : std::uint8_t { normal, replica, pubsub };

/// Bytes of unsent output that end a connection: at once (hard), or when they last (soft); 0 is
/// none.
struct output_limit {
  std::uint64_t hard = 0;
  std::uint64_t soft = 0;
  std::int64_t soft_seconds = 0;
  bool operator==(const output_limit&) const = default;
};

/// One limit for each class of clients.
struct output_limits {
  std::array<output_limit, 3> of;

  output_limit& operator[](client_class which) { return of[static_cast<std::size_t>(which)]; }
  const output_limit& operator[](client_class which) const {
    return of[static_cast<std::size_t>(which)];
  }
  bool operator==(const output_limits&) const = default;
};

/// The primary to follow; an empty host means that this server is a primary itself.
struct primary_address {
  std::string host;
  std::int64_t port = 0;
  bool operator==(const primary_address&) const = default;
};

/// One rename-command line; an empty `to` removes the command.
struct renamed_command {
  std::string from;
  std::string to;
  bool operator==(const renamed_command&) const = default;
};

/// What the configuration says, as the server reads it: one member a directive, named after it.
///
/// A new object holds the defaults of the table in directives.hpp. Times are in the unit the
/// directive uses, sizes in bytes.
struct settings : store::encoding_limits {
  settings();

  // Network
  std::vector<std::string> binds;
  std::string bind_source_addr;
  std::int64_t port;
  std::int64_t tcp_backlog;
  std::int64_t tcp_keepalive;
  std::int64_t timeout;
  std::int64_t maxclients;
  std::int64_t max_new_connections_per_cycle;
  std::int64_t max_new_tls_connections_per_cycle;
  std::int64_t socket_mark_id;
  std::int64_t unixsocketperm;
  std::string unixsocket;
  bool protected_mode;
  access enable_protected_configs;
  access enable_debug_command;
  access enable_module_command;

  // TLS
  std::int64_t tls_port;
  std::int64_t tls_session_cache_size;
  std::int64_t tls_session_cache_timeout;
  bool tls_cluster;
  bool tls_replication;
  bool tls_prefer_server_ciphers;
  bool tls_session_caching;
  tls_client_auth tls_auth_clients;
  std::string tls_cert_file;
  std::string tls_key_file;
  std::string tls_key_file_pass;
  std::string tls_client_cert_file;
  std::string tls_client_key_file;
  std::string tls_client_key_file_pass;
  std::string tls_dh_params_file;
  std::string tls_ca_cert_file;
  std::string tls_ca_cert_dir;
  std::string tls_protocols;
  std::string tls_ciphers;
  std::string tls_ciphersuites;

  // The process
  bool daemonize;
  bool set_proc_title;
  bool always_show_logo;
  bool crash_log_enabled;
  bool crash_memcheck_enabled;
  bool use_exit_on_panic;
  bool disable_thp;
  bool syslog_enabled;
  bool enable_debug_assert;
  supervision supervised;
  log_level loglevel;
  syslog_facility syslog;
  oom_adjustment oom_score_adj;
  std::array<std::int64_t, 3> oom_score_adj_values;
  std::int64_t shutdown_timeout;
  std::uint8_t shutdown_on_sigint;
  std::uint8_t shutdown_on_sigterm;
  std::string dir;
  std::string pidfile;
  std::string logfile;
  std::string syslog_ident;
  std::string ignore_warnings;
  std::string proc_title_template;
  std::string locale_collate;
  std::string server_cpulist;
  std::string bio_cpulist;
  std::string aof_rewrite_cpulist;
  std::string bgsave_cpulist;
  std::int64_t io_threads;
  bool io_threads_do_reads;
  std::int64_t hz;
  bool dynamic_hz;
  std::int64_t databases;

  // Access
  std::string requirepass;
  std::string aclfile;
  std::int64_t acllog_max_len;
  pubsub_default acl_pubsub_default;
  std::vector<renamed_command> renamed_commands;
  /// The arguments of each `user` line.
  std::vector<std::vector<std::string>> users;
  /// The arguments of each `loadmodule` line: a path, then what the module is given.
  std::vector<std::vector<std::string>> modules;
  /// Directives with a dot in their name belong to modules: name and value, in order.
  std::vector<std::array<std::string, 2>> module_settings;

  // Memory and time
  std::uint64_t maxmemory;
  eviction_policy maxmemory_policy;
  std::int64_t maxmemory_samples;
  std::int64_t maxmemory_eviction_tenacity;
  /// Bytes all clients together may use; negative is a percentage of maxmemory, 0 is no limit.
  std::int64_t maxmemory_clients;
  std::int64_t lfu_log_factor;
  std::int64_t lfu_decay_time;
  std::int64_t active_expire_effort;
  bool activerehashing;
  bool jemalloc_bg_thread;
  bool lazyfree_lazy_eviction;
  bool lazyfree_lazy_expire;
  bool lazyfree_lazy_server_del;
  bool lazyfree_lazy_user_del;
  bool lazyfree_lazy_user_flush;
  bool activedefrag;
  std::int64_t active_defrag_cycle_min;
  std::int64_t active_defrag_cycle_max;
  std::int64_t active_defrag_threshold_lower;
  std::int64_t active_defrag_threshold_upper;
  std::int64_t active_defrag_ignore_bytes;
  std::int64_t active_defrag_max_scan_fields;

  // Limits of clients and of the protocol
  output_limits client_output_buffer_limits;
  std::int64_t client_query_buffer_limit;
  std::int64_t proto_max_bulk_len;
  std::int64_t tracking_table_max_keys;

  // Encodings, besides the limits of the store
  std::int64_t hll_sparse_max_bytes;

  // Observation
  std::uint32_t notify_keyspace_events;
  std::int64_t slowlog_log_slower_than;
  std::int64_t slowlog_max_len;
  std::int64_t commandlog_request_larger_than;
  std::int64_t commandlog_large_request_max_len;
  std::int64_t commandlog_reply_larger_than;
  std::int64_t commandlog_large_reply_max_len;
  std::int64_t latency_monitor_threshold;
  bool latency_tracking;
  std::vector<double> latency_tracking_info_percentiles;
  std::int64_t busy_reply_threshold;
  std::int64_t watchdog_period;

  // Persistence
  std::vector<save_point> save_points;
  bool stop_writes_on_bgsave_error;
  bool rdbcompression;
  bool rdbchecksum;
  std::int64_t rdb_version;
  bool rdb_del_sync_files;
  bool rdb_save_incremental_fsync;
  dump_checks sanitize_dump_payload;
  std::string dbfilename;
  std::int64_t rdb_key_save_delay;
  std::int64_t key_load_delay;
  std::int64_t loading_process_events_interval_bytes;
  bool appendonly;
  fsync_policy appendfsync;
  bool no_appendfsync_on_rewrite;
  bool aof_load_truncated;
  bool aof_use_rdb_preamble;
  bool aof_timestamp_enabled;
  bool aof_rewrite_incremental_fsync;
  bool aof_disable_auto_gc;
  std::string appendfilename;
  std::string appenddirname;
  std::int64_t auto_aof_rewrite_percentage;
  std::int64_t auto_aof_rewrite_min_size;

  // Replication
  primary_address replicaof;
  std::string masteruser;
  std::string masterauth;
  bool replica_serve_stale_data;
  bool replica_read_only;
  bool replica_lazy_flush;
  bool replica_ignore_maxmemory;
  bool replica_ignore_disk_write_errors;
  bool replica_announced;
  bool repl_diskless_sync;
  bool repl_disable_tcp_nodelay;
  diskless_load repl_diskless_load;
  propagation_error propagation_error_behavior;
  std::int64_t repl_diskless_sync_delay;
  std::int64_t repl_diskless_sync_max_replicas;
  std::int64_t repl_timeout;
  std::int64_t repl_ping_replica_period;
  std::int64_t repl_backlog_size;
  std::int64_t repl_backlog_ttl;
  std::int64_t replica_priority;
  std::int64_t replica_announce_port;
  std::string replica_announce_ip;
  std::int64_t min_replicas_to_write;
  std::int64_t min_replicas_max_lag;

  // Cluster
  bool cluster_enabled;
  bool cluster_require_full_coverage;
  bool cluster_replica_no_failover;
  bool cluster_allow_reads_when_down;
  bool cluster_allow_pubsubshard_when_down;
  bool cluster_allow_replica_migration;
  endpoint_type cluster_preferred_endpoint_type;
  std::string cluster_config_file;
  std::string cluster_announce_ip;
  std::string cluster_announce_hostname;
  std::string cluster_announce_human_nodename;
  std::int64_t cluster_port;
  std::int64_t cluster_announce_port;
  std::int64_t cluster_announce_bus_port;
  std::int64_t cluster_announce_tls_port;
  std::int64_t cluster_node_timeout;
  std::int64_t cluster_migration_barrier;
  std::int64_t cluster_replica_validity_factor;
  std::int64_t cluster_ping_interval;
  std::uint64_t cluster_link_sendbuf_limit;

  /// The port that this server is known by.
  std::int64_t main_port() const { return port != 0 ? port : tls_port; }
};

}  // namespace hawser::engine
