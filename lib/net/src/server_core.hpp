#pragma once

#include "asio.hpp"
#include "io_thread.hpp"
#include "spawn.hpp"
#include "store_strand.hpp"
#include "tls_context.hpp"
#include <engine/dispatcher.hpp>
#include <engine/node.hpp>

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
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
  std::atomic<std::size_t> links{0};        // coroutines of spawn_link
  std::size_t next_thread = 0;              // of the listening thread
  std::shared_ptr<const tls_context> tls;   // of the first thread; null: there is no TLS
  store_strand strand;                      // goes first: it may hold the last of sessions

  /// On the strand, between commands: what has been journalled is on its way to the disk. So many
  /// clients wait for it.
  void hand_over(std::size_t replies = 0) {
    if (node.aof) node.aof->hand_over(replies);
  }
  /// Replies may have to wait for the disk.
  bool holds_replies() const { return node.aof && node.aof->holds_replies(); }

  /// Starts a coroutine whose end the server's end waits for.
  template <class Task>
  void spawn_link(const executor& on, std::string_view name, Task work) {
    links.fetch_add(1, std::memory_order_relaxed);
    spawn(
        on, name, std::move(work), [this](const std::string& text) { log_failure(text); },
        [this] { links.fetch_sub(1, std::memory_order_relaxed); });
  }
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
