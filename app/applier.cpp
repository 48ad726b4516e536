#include "applier.hpp"

#include "log_file.hpp"

#include <fmt/format.h>

#include <array>

namespace hawser::app {

struct applier::effect {
  std::string_view directive;
  refusal (applier::*apply)(const engine::settings& now);
};

std::optional<std::string> applier::apply(std::string_view directive, const engine::settings& now) {
  constexpr std::array<effect, 31> effects{{
      {"port", &applier::port},
      {"bind", &applier::bind},
      {"tls-port", &applier::tls_port},
      {"maxclients", &applier::maxclients},
      {"loglevel", &applier::loglevel},
      {"proc-title-template", &applier::title},
      {"requirepass", &applier::password},
      {"crash-log-enabled", &applier::crash_log},
      {"oom-score-adj", &applier::oom},
      {"oom-score-adj-values", &applier::oom},
      {"jemalloc-bg-thread", &applier::background_release},
      {"appendonly", &applier::append_only},
      {"maxmemory", &applier::memory_limit},
      {"tls-cert-file", &applier::tls},
      {"tls-key-file", &applier::tls},
      {"tls-key-file-pass", &applier::tls},
      {"tls-client-cert-file", &applier::tls},
      {"tls-client-key-file", &applier::tls},
      {"tls-client-key-file-pass", &applier::tls},
      {"tls-dh-params-file", &applier::tls},
      {"tls-ca-cert-file", &applier::tls},
      {"tls-ca-cert-dir", &applier::tls},
      {"tls-replication", &applier::tls},
      {"tls-cluster", &applier::tls},
      {"tls-protocols", &applier::tls},
      {"tls-ciphers", &applier::tls},
      {"tls-ciphersuites", &applier::tls},
      {"tls-prefer-server-ciphers", &applier::tls},
      {"tls-session-caching", &applier::tls},
      {"tls-session-cache-size", &applier::tls},
      {"tls-session-cache-timeout", &applier::tls},
  }};
  for (const auto& each : effects)
    if (each.directive == directive) return (this->*each.apply)(now);
  return std::nullopt;
}

applier::refusal applier::port(const engine::settings& now) {
  if (!all_.listen(now)) return "Unable to listen on this port. Check server logs.";
  return title(now);
}

applier::refusal applier::bind(const engine::settings& now) {
  if (!all_.listen(now)) return "Failed to bind to specified addresses.";
  return title(now);
}

applier::refusal applier::tls(const engine::settings& now) {
  if (all_.secure(now)) return std::nullopt;
  return "Unable to update TLS configuration. Check server logs.";
}

applier::refusal applier::tls_port(const engine::settings& now) {
  if (const auto refused = tls(now)) return refused;
  return port(now);
}

applier::refusal applier::maxclients(const engine::settings& now) {
  const auto room = make_room(now.maxclients, own_files(now.io_threads), all_.files);
  for (const auto& each : room.warnings) all_.log.warning(each);
  if (!room.notice.empty()) all_.log.notice(room.notice);
  if (room.clients == now.maxclients) return std::nullopt;
  return fmt::format(
      "The operating system is not able to handle the specified number of clients, try with {}",
      room.clients);
}

applier::refusal applier::loglevel(const engine::settings& now) {
  all_.log.least(now.loglevel);
  return std::nullopt;
}

applier::refusal applier::title(const engine::settings& now) {
  all_.change_title(now);
  return std::nullopt;
}

applier::refusal applier::crash_log(const engine::settings& now) {
  all_.report_crashes(now.crash_log_enabled);
  return std::nullopt;
}

applier::refusal applier::password(const engine::settings& now) {
  all_.change_password(now.requirepass);
  return std::nullopt;
}

applier::refusal applier::oom(const engine::settings& now) {
  if (all_.oom.follow(now, all_.log)) return std::nullopt;
  return "Failed to set current oom_score_adj. Check server logs.";
}

applier::refusal applier::background_release(const engine::settings& now) {
  all_.release_in_background(now.jemalloc_bg_thread);
  return std::nullopt;
}

applier::refusal applier::append_only(const engine::settings& now) {
  if (all_.append_only(now.appendonly)) return std::nullopt;
  return "Unable to turn on AOF. Check server logs.";
}

applier::refusal applier::memory_limit(const engine::settings& now) {
  if (now.maxmemory == 0) return std::nullopt;
  const auto used = all_.memory_in_use();
  if (used > now.maxmemory)
    all_.log.warning(fmt::format(
        "maxmemory has been set to {} bytes while {} are in use: from now on keys are evicted or "
        "writes refused, as maxmemory-policy says.",
        now.maxmemory, used));
  return std::nullopt;
}

}  // namespace hawser::app
