#include "server_process.hpp"

#include "failures.hpp"
#include "free_port.hpp"
#include "tcp_socket.hpp"

#include <cstdlib>
#include <exception>
#include <iostream>
#include <signal.h>
#include <stdexcept>

namespace hawser::test {
namespace {

// A sanitized debug build on a busy machine is slow to start.
constexpr std::chrono::milliseconds start_patience{30'000};

bool says(const std::string& log, std::string_view text) {
  return log.find(text) != std::string::npos;
}

}  // namespace

std::filesystem::path server_binary() {
  const char* chosen = std::getenv("HAWSER_SERVER");
  return chosen && *chosen ? chosen : HAWSER_SERVER_DEFAULT;
}

bool testing_the_oracle() { return server_binary().filename() == "redis-server"; }

server_process::server_process(std::vector<std::string> options, std::filesystem::path binary)
    : binary_(std::move(binary)),
      options_(std::move(options)),
      failures_before_(failed_assertions()) {
  if (!std::filesystem::exists(binary_))
    throw std::runtime_error("no server to test: " + binary_.string());
  for (int attempt = 0; attempt < 5; ++attempt) {
    port_ = free_port();
    try {
      start();
      return;
    } catch (const std::runtime_error&) {
      if (!says(log(), "Failed listening on port") || attempt == 4) throw;
    }
  }
}

server_process::~server_process() {
  if (failed_assertions() == failures_before_ && std::uncaught_exceptions() == 0) return;
  std::cout << "--- log of " << binary_.filename().string() << " on port " << port_ << "\n"
            << log() << "---" << std::endl;
}

void server_process::start() {
  std::vector<std::string> argv{binary_};
  auto rest = options_.begin();
  if (rest != options_.end() && !rest->starts_with("--")) argv.push_back(*rest++);
  for (const auto& option :
       {std::string("--port"), std::to_string(port_), std::string("--dir"), directory().string()})
    argv.push_back(option);
  argv.insert(argv.end(), rest, options_.end());
  const auto log_file = directory() / ("log." + std::to_string(++starts_));
  process_ = std::make_unique<child_process>(std::move(argv), directory(), log_file);
  const bool done = wait_until([this] { return ready() || !running(); }, start_patience);
  if (!done || !running()) throw std::runtime_error("the server does not get ready:\n" + log());
}

bool server_process::ready() {
  return says(log(), "Ready to accept connections") && can_connect("127.0.0.1", port_);
}

exit_status server_process::kill9() { return end(SIGKILL); }

exit_status server_process::terminate() { return end(SIGTERM); }

exit_status server_process::end(int signal) {
  process_->signal(signal);
  const auto status = process_->wait();
  if (!status) throw std::runtime_error("the server does not stop:\n" + log());
  return *status;
}

}  // namespace hawser::test
