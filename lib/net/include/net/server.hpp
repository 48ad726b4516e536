#pragma once

#include <base/clock.hpp>
#include <engine/command_table.hpp>
#include <engine/config/configuration.hpp>
#include <engine/config/settings.hpp>
#include <engine/data_load.hpp>
#include <engine/process_facts.hpp>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace hawser::engine {
class node;
}  // namespace hawser::engine

namespace hawser::persistence {
class byte_source;
class file_system;
}  // namespace hawser::persistence

namespace hawser::net {

/// What the server asks of the process it runs in.
struct process_hooks {
  std::function<void(engine::log_level, std::string_view)> log;
  std::function<std::size_t()> allocated_memory;
  std::function<std::size_t()> allocated_lately;  // see engine::host
  std::function<engine::process_facts()> facts;
  std::function<void()> release_free_memory;
  // See engine::host for these three.
  std::function<int(const std::string&, std::int64_t&, const std::int64_t*)> allocator_number;
  std::function<int(const std::string&, std::string&, const std::string*)> allocator_text;
  std::function<void()> begin_anew;
  persistence::file_system* files;  // outlives the server
  std::function<void(engine::node&)> on_tick;
  std::function<bool(engine::node&)> snapshot_slice;  // true: more at once
  /// Has a file's data set, of so many bytes, take the place of the node's.
  std::function<std::unique_ptr<engine::data_load>(engine::node&,
                                                   std::unique_ptr<persistence::byte_source>,
                                                   std::uint64_t, engine::present_data)>
      replace_data;
  /// The server is a primary now, or a replica.
  std::function<void(const engine::settings&)> on_role_change;
  /// The data set that the server begins with.
  std::function<std::unique_ptr<engine::data_load>(engine::node&)> first_data;
  /// It is there.
  std::function<void(const engine::settings&)> on_ready;

  // For simulations, which have one thread and a network of their own.

  /// What would be done beside the event loop is done by it.
  bool has_threads = true;
  /// A stream socket of this machine that leads to a primary, or -1; empty: by TCP.
  std::function<int(const std::string& host, std::uint16_t port)> connect = {};
};

/// A Hawser server: event loops, listeners and the node behind them.
class server {
 public:
  server(engine::configuration& config, const engine::command_set& commands,
         const base::clock& clock, process_hooks hooks, std::uint64_t seed);
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// Opens the sockets that the configuration names. False, and the reasons in the log, when that
  /// cannot be or when it names none.
  bool listen();

  /// Listens on another port or other addresses. False, and the reasons in the log, when that
  /// cannot be; then nothing has changed. On the strand, while the server runs.
  bool listen_again(const engine::settings& now);

  /// Makes new connections follow other directives of TLS. False, and the reason in the log, when
  /// that cannot be; then nothing has changed. On the strand, while the server runs.
  bool secure_again(const engine::settings& now);

  /// Loads the data set, and serves until SHUTDOWN or shut_down(); runs on the calling thread and
  /// io-threads - 1 more. False: the data set cannot be loaded.
  bool run();

  /// What run() does before it serves, and then in steps; for simulations. Up to so many functions
  /// that are ready are called; returns how many.
  bool begin();
  std::size_t poll(std::size_t most);
  /// The server has been shut down.
  bool over() const;
  /// Serves a client on a connected stream socket of this machine, which is the server's then.
  void admit(int descriptor);

  /// Ends run() in an orderly way. From any thread.
  void shut_down();

  /// Has work done on the strand. From any thread, while the server runs.
  void enter(std::function<void(engine::node&)> work);

  /// Before run(), or on its strand.
  engine::node& node();

 private:
  class implementation;
  std::unique_ptr<implementation> self_;
};

}  // namespace hawser::net
