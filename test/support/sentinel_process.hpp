#pragma once

#include "child_process.hpp"
#include "temp_directory.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace hawser::test {

/// One of redis-sentinel's processes, in a directory of its own, that watches over a primary by the
/// name of "fleet".
class sentinel_process {
 public:
  /// So many sentinels as the quorum is must agree that the primary is down.
  sentinel_process(std::uint16_t primary, int quorum);

  std::uint16_t port() const { return port_; }

  /// The reply to a command; empty while it does not listen yet.
  std::string ask(const std::string& line) const;
  std::string primary() const { return ask("SENTINEL GET-MASTER-ADDR-BY-NAME fleet"); }

 private:
  temp_directory directory_;
  std::uint16_t port_;
  std::unique_ptr<child_process> process_;
};

}  // namespace hawser::test
