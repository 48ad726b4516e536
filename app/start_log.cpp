#include "start_log.hpp"

#include "allocator.hpp"
#include "log_file.hpp"
#include <engine/config/configuration.hpp>
#include <engine/version.hpp>

#include <fmt/format.h>

#include <fstream>
#include <string_view>
#include <unistd.h>

namespace hawser::app {

namespace {

constexpr int bits = sizeof(void*) * 8;

std::string_view mode(const engine::settings& options) {
  return options.cluster_enabled ? "cluster" : "standalone";
}

void warn_of_backlog(std::int64_t backlog, log_file& log) {
  std::int64_t most = 0;
  if (!(std::ifstream("/proc/sys/net/core/somaxconn") >> most) || most <= 0 || most >= backlog)
    return;
  log.warning(
      fmt::format("WARNING: The TCP backlog setting of {} cannot be enforced because "
                  "/proc/sys/net/core/somaxconn is set to the lower value of {}.",
                  backlog, most));
}

}  // namespace

std::string version_text() {
  return fmt::format(
      "Hawser, compatible with Redis server v={} sha=00000000:0 malloc={} bits={} "
      "build=hawser-{}\n",
      engine::redis_version, allocator::name(), bits, engine::hawser_version);
}

std::string describe_server(const engine::settings& options) {
  return fmt::format("hawser_version:{}\nredis_version:{}\nallocator:{}\n{}",
                     engine::hawser_version, engine::redis_version, allocator::name(),
                     engine::crash_report_lines(options));
}

void log_start(const engine::start_up& asked, log_file& log) {
  for (const auto& each : asked.warnings) log.warning(each);
  log.notice("Hawser is starting");
  log.notice(fmt::format("Hawser version={}, Redis version={}, bits={}, pid={}, just started",
                         engine::hawser_version, engine::redis_version, bits, ::getpid()));
  if (asked.arguments.size() > 1)
    log.notice("Configuration loaded");
  else
    log.warning(
        fmt::format("Warning: no config file specified, using the default config. In order to "
                    "specify a config file use {} /path/to/redis.conf",
                    asked.arguments.empty() ? "hawser-server" : asked.arguments.front()));
}

void log_listening(const engine::settings& options, log_file& log) {
  log.notice(fmt::format("Running mode={}, port={}.", mode(options), options.main_port()));
  log.notice(fmt::format("Hawser {}, Port: {}, PID: {}", engine::hawser_version,
                         options.main_port(), ::getpid()));
  warn_of_backlog(options.tcp_backlog, log);
  log.notice("Server initialized");
}

void log_ready(const engine::settings& options, log_file& log) {
  if (options.port != 0) log.notice("Ready to accept connections tcp");
  if (options.tls_port != 0) log.notice("Ready to accept connections tls");
  if (options.unixsocket.empty()) return;
  log.notice("Ready to accept connections unix");
  log.notice("The server is now ready to accept connections at " + options.unixsocket);
}

}  // namespace hawser::app
