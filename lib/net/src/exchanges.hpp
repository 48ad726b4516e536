#pragma once

#include "asio.hpp"
#include "server_core.hpp"
#include <engine/exchange.hpp>

#include <memory>
#include <vector>

namespace hawser::net {

/// Conversations with other servers that clients wait for. All of them are the home thread's.
class exchanges {
 public:
  exchanges(server_core& core, io_thread& home) : core_(core), home_(home) {}
  exchanges(const exchanges&) = delete;
  exchanges& operator=(const exchanges&) = delete;

  /// On the strand.
  void start(std::shared_ptr<engine::exchange> what, std::uint64_t client);
  /// On the home thread: those under way fail.
  void stop();

 private:
  struct connection;
  using connection_ptr = std::shared_ptr<connection>;

  task<void> run(std::shared_ptr<engine::exchange> what, std::uint64_t client);
  task<engine::exchange::state> talk(connection_ptr with, const engine::exchange& what,
                                     std::vector<std::string>& replies);
  void finish(std::uint64_t client);

  server_core& core_;
  io_thread& home_;
  bool stopping_ = false;
  std::vector<connection_ptr> open_;
};

}  // namespace hawser::net
