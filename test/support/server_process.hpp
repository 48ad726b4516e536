#pragma once

#include "child_process.hpp"
#include "temp_directory.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace hawser::test {

/// The server under test: $HAWSER_SERVER, or the one of this build. It may be redis-server, against
/// which the tests themselves are tested.
std::filesystem::path server_binary();

/// True when the server under test is redis-server, so that what only Hawser does is left out.
bool testing_the_oracle();

/// A server on a port and in a directory of its own, ready when the constructor returns. Its log is
/// printed when an assertion failed while it lived.
class server_process {
 public:
  /// The options come after --port and --dir, a configuration file before them; throws
  /// std::runtime_error with the log when the server does not get ready.
  explicit server_process(std::vector<std::string> options = {},
                          std::filesystem::path binary = server_binary());
  ~server_process();
  server_process(const server_process&) = delete;
  server_process& operator=(const server_process&) = delete;

  std::uint16_t port() const { return port_; }
  pid_t pid() const { return process_->pid(); }
  const std::filesystem::path& directory() const { return directory_.path(); }
  std::string log() const { return process_->output(); }
  bool running() { return process_->running(); }
  child_process& process() { return *process_; }

  /// SIGKILL, and waits for the end.
  exit_status kill9();

  /// SIGTERM, and waits for the end; throws std::runtime_error when the server goes on.
  exit_status terminate();

  /// Starts again on the same port and directory with the same options.
  void start();

 private:
  bool ready();
  exit_status end(int signal);

  std::filesystem::path binary_;
  std::vector<std::string> options_;
  temp_directory directory_;
  std::uint16_t port_ = 0;
  int failures_before_;
  int starts_ = 0;
  std::unique_ptr<child_process> process_;
};

}  // namespace hawser::test
