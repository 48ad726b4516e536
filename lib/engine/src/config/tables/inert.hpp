#pragma once

#include <string_view>

namespace hawser::engine::rows {

/// Accepted, kept and shown, but not read by anything yet. A feature that comes takes its names
/// out.
inline constexpr std::string_view inert[] = {
    // network
    "bind-source-addr",
    "enable-module-command",
    "max-new-connections-per-cycle",
    "max-new-tls-connections-per-cycle",
    "socket-mark-id",
    // the process
    "aof_rewrite_cpulist",
    "bgsave_cpulist",
    "bio_cpulist",
    "crash-memcheck-enabled",
    "disable-thp",
    "enable-debug-assert",
    "ignore-warnings",
    "io-threads-do-reads",
    "locale-collate",
    "server_cpulist",
    "watchdog-period",
    // users, modules, scripts
    "loadmodule",
    // memory
    "active-defrag-cycle-max",
    "active-defrag-cycle-min",
    "active-defrag-ignore-bytes",
    "active-defrag-max-scan-fields",
    "active-defrag-threshold-lower",
    "active-defrag-threshold-upper",
    "activedefrag",
    // persistence
    "sanitize-dump-payload",
    // replication
    "propagation-error-behavior",
    "repl-disable-tcp-nodelay",
    "repl-diskless-load",
    "replica-ignore-disk-write-errors",
    "shutdown-timeout",
    // cluster
    "cluster-allow-pubsubshard-when-down",
    "cluster-allow-reads-when-down",
    "cluster-allow-replica-migration",
    "cluster-announce-bus-port",
    "cluster-announce-hostname",
    "cluster-announce-human-nodename",
    "cluster-announce-ip",
    "cluster-announce-port",
    "cluster-announce-tls-port",
    "cluster-config-file",
    "cluster-enabled",
    "cluster-link-sendbuf-limit",
    "cluster-migration-barrier",
    "cluster-node-timeout",
    "cluster-ping-interval",
    "cluster-port",
    "cluster-preferred-endpoint-type",
    "cluster-replica-no-failover",
    "cluster-replica-validity-factor",
    "cluster-require-full-coverage",
};

}  // namespace hawser::engine::rows
