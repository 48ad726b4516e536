#pragma once

#include "asio.hpp"
#include "io_thread.hpp"
#include "store_strand.hpp"
#include <engine/dispatcher.hpp>
#include <engine/node.hpp>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace hawser::net {

/// What listeners and sessions share.
struct server_core {
  server_core(engine::node& node, std::vector<std::unique_ptr<io_thread>>& threads)
      : node(node), dispatcher(node), threads(threads), strand(contexts(threads)) {}

  engine::node& node;             // on the strand
  engine::dispatcher dispatcher;  // on the strand
  std::vector<std::unique_ptr<io_thread>>& threads;
  std::atomic<std::size_t> connections{0};  // of clients
  std::atomic<std::size_t> links{0};        // coroutines of the start and the link to a primary
  std::size_t next_thread = 0;              // of the listening thread
  store_strand strand;                      // goes first: it may hold the last of sessions

  /// On the strand, between commands: what has been journalled is on its way to the disk. So many
  /// clients wait for it.
  void hand_over(std::size_t replies = 0) {
    if (node.aof) node.aof->hand_over(replies);
  }
  /// Replies may have to wait for the disk.
  bool holds_replies() const { return node.aof && node.aof->holds_replies(); }

  /// For spawn.
  void log_failure(const std::string& text) {
    strand.enter([this, text] { node.log(engine::log_level::warning, text); });
  }

 private:
  static std::vector<asio::io_context*> contexts(std::vector<std::unique_ptr<io_thread>>& threads) {
    std::vector<asio::io_context*> all;
    for (auto& each : threads) all.push_back(&each->context());
    return all;
  }
};

}  // namespace hawser::net
