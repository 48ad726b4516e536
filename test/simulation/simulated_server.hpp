#pragma once

#include "memory_file_system.hpp"
#include "virtual_time.hpp"
#include <engine/config/configuration.hpp>
#include <engine/config/environment.hpp>
#include <engine/config/settings.hpp>
#include <engine/node.hpp>
#include <net/server.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace hawser::simulation {

/// What a server is started with.
struct start_of_server {
  int number = 0;
  engine::settings options;
  std::shared_ptr<test::memory_file_system> files;
  base::microseconds_t clock_wrong_by = 0;
  std::uint64_t seed = 0;
};

/// From a server to the world.
struct ways_out {
  std::function<void(std::string_view line)> log;
  std::function<int(const std::string& host, std::uint16_t port)> connect;
};

/// A Hawser server from its start to its end: all of it but threads, sockets that listen, files and
/// clocks.
class simulated_server final : engine::settings_port {
 public:
  simulated_server(const start_of_server& how, virtual_time& time, ways_out ways);
  /// It has to be over().
  ~simulated_server() override;
  simulated_server(const simulated_server&) = delete;
  simulated_server& operator=(const simulated_server&) = delete;

  /// False: it has not come up, as its log says.
  bool begin();
  std::size_t poll(std::size_t most) { return server_->poll(most); }
  void admit(int descriptor) { server_->admit(descriptor); }
  engine::node& node() { return server_->node(); }
  int number() const { return how_.number; }
  const std::shared_ptr<test::memory_file_system>& files() const { return how_.files; }

  /// The world sees nothing of it from here on; it comes to its own end.
  void vanish();
  bool over() const { return server_->over(); }

 private:
  std::optional<std::string> apply(std::string_view directive,
                                   const engine::settings& now) override;
  net::process_hooks hooks();

  start_of_server how_;
  ways_out ways_;
  engine::system_environment environment_;
  engine::configuration config_;
  machine_clock clock_;
  std::unique_ptr<net::server> server_;
  bool vanished_ = false;
};

}  // namespace hawser::simulation
