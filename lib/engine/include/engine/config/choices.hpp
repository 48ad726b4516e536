#pragma once

#include <cstdint>

// The values of directives that take one of a few words. Where a word of redis.conf is a keyword of
// C++ or collides, the comment gives the word.
namespace hawser::engine {

enum class log_level : std::uint8_t { debug, verbose, notice, warning };

enum class supervision : std::uint8_t { none /* no */, upstart, systemd, automatic /* auto */ };

/// Those for which a use is not just the time of it come last.
enum class eviction_policy : std::uint8_t {
  volatile_lru,
  volatile_random,
  volatile_ttl,
  allkeys_lru,
  allkeys_random,
  noeviction,
  volatile_lrm,
  allkeys_lrm,
  volatile_lfu,
  allkeys_lfu,
};

enum class fsync_policy : std::uint8_t { everysec, always, no };

enum class diskless_load : std::uint8_t { disabled, on_empty_db, swapdb };

enum class tls_client_auth : std::uint8_t { no, yes, optional };

enum class oom_adjustment : std::uint8_t { no, relative /* also: yes */, absolute };

enum class pubsub_default : std::uint8_t { allchannels, resetchannels };

enum class dump_checks : std::uint8_t { no, yes, clients };

/// Who may use something dangerous: nobody, everybody, or clients of this machine.
enum class access : std::uint8_t { no, yes, local };

enum class endpoint_type : std::uint8_t { ip, hostname, unknown_endpoint };

enum class propagation_error : std::uint8_t { ignore, panic, panic_on_replicas };

enum class syslog_facility : std::uint8_t {
  user,
  local0,
  local1,
  local2,
  local3,
  local4,
  local5,
  local6,
  local7,
};

/// Bits of shutdown-on-sigint and shutdown-on-sigterm; no bit is the word "default".
namespace shutdown_flag {
inline constexpr std::uint8_t save = 1;
inline constexpr std::uint8_t nosave = 2;
inline constexpr std::uint8_t now = 4;
inline constexpr std::uint8_t force = 8;
}  // namespace shutdown_flag

/// Bits of notify-keyspace-events; the comment gives the letter.
namespace notify {
inline constexpr std::uint32_t keyspace = 1U << 0;   // K
inline constexpr std::uint32_t keyevent = 1U << 1;   // E
inline constexpr std::uint32_t generic = 1U << 2;    // g
inline constexpr std::uint32_t string = 1U << 3;     // $
inline constexpr std::uint32_t list = 1U << 4;       // l
inline constexpr std::uint32_t set = 1U << 5;        // s
inline constexpr std::uint32_t hash = 1U << 6;       // h
inline constexpr std::uint32_t zset = 1U << 7;       // z
inline constexpr std::uint32_t expired = 1U << 8;    // x
inline constexpr std::uint32_t evicted = 1U << 9;    // e
inline constexpr std::uint32_t stream = 1U << 10;    // t
inline constexpr std::uint32_t key_miss = 1U << 11;  // m, not part of A
inline constexpr std::uint32_t module = 1U << 12;    // d
inline constexpr std::uint32_t new_key = 1U << 13;   // n, not part of A
inline constexpr std::uint32_t all =
    generic | string | list | set | hash | zset | expired | evicted | stream | module;  // A
}  // namespace notify

}  // namespace hawser::engine
