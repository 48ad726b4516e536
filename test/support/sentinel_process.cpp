#include "sentinel_process.hpp"

#include "file_text.hpp"
#include "free_port.hpp"
#include "tcp_client.hpp"

#include <exception>
#include <vector>

namespace hawser::test {

sentinel_process::sentinel_process(std::uint16_t primary, int quorum) : port_(free_port()) {
  const auto file = directory_.path() / "sentinel.conf";
  // Votes last as long as the time-out: a short one lets two be promoted.
  write_file(file, "port " + std::to_string(port_) + "\nsentinel monitor fleet 127.0.0.1 " +
                       std::to_string(primary) + " " + std::to_string(quorum) +
                       "\nsentinel down-after-milliseconds fleet 1500"
                       "\nsentinel failover-timeout fleet 20000\n");
  process_ = std::make_unique<child_process>(
      std::vector<std::string>{"/usr/bin/redis-server", file.string(), "--sentinel"},
      directory_.path(), directory_.path() / "log");
}

std::string sentinel_process::ask(const std::string& line) const {
  try {
    return tcp_client(port_)(line);
  } catch (const std::exception&) {
    return {};
  }
}

}  // namespace hawser::test
