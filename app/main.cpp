#include "process_facts.hpp"
#include <base/clock.hpp>
#include <commands/families.hpp>
#include <engine/config/command_line.hpp>
#include <engine/config/configuration.hpp>
#include <engine/config/environment.hpp>
#include <net/server.hpp>

#include <fmt/format.h>

#include <cstdio>
#include <random>
#include <unistd.h>

int main(int argc, char** argv) {
  using namespace hawser;
  engine::system_environment env;
  auto parsed = engine::parse_command_line(argc, argv, env, {});
  if (auto* bad = std::get_if<engine::start_up_failure>(&parsed)) {
    std::fputs(bad->text.c_str(), stderr);
    return 1;
  }
  auto& up = std::get<engine::start_up>(parsed);
  struct port : engine::settings_port {
    std::optional<std::string> apply(std::string_view, const engine::settings&) override {
      return {};
    }
  } settings_port;
  engine::configuration config(std::move(up.configured), up.config_file, env, settings_port);
  base::system_clock clock;
  net::process_hooks hooks{[](engine::log_level, std::string_view text) {
                             fmt::print("{}\n", text);
                             std::fflush(stdout);
                           },
                           allocated_memory, look_at_process, release_free_memory};
  net::server server(config, commands::families(), clock, std::move(hooks), std::random_device{}());
  if (auto problem = server.listen(); !problem.empty()) {
    fmt::print("{}\n", problem);
    return 1;
  }
  fmt::print("Ready to accept connections\n");
  std::fflush(stdout);
  server.run();
}
