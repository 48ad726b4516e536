#pragma once

#include "wait_until.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace hawser::test {

/// How a program ended.
struct exit_status {
  int code = 0;    ///< what it returned, when signal is 0
  int signal = 0;  ///< what killed it, or 0

  bool operator==(const exit_status&) const = default;
};

/// A program that runs in a directory with its output and errors in one file; killed by its owner.
class child_process {
 public:
  /// Starts argv[0], looked for in PATH; input is a file to read from, or empty for /dev/null.
  /// Throws std::system_error when it cannot fork; a program that cannot be executed exits with
  /// 127.
  child_process(std::vector<std::string> argv, const std::filesystem::path& directory,
                std::filesystem::path output, const std::filesystem::path& input = {});
  ~child_process();
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  pid_t pid() const { return pid_; }
  void signal(int number) const;

  /// Waits for the end; empty when it still runs at the deadline.
  std::optional<exit_status> wait(std::chrono::milliseconds deadline = patience);
  bool running();

  /// What it has written so far.
  std::string output() const;

 private:
  pid_t pid_ = -1;
  std::filesystem::path output_;
  std::optional<exit_status> status_;
};

/// What a program wrote and how it ended.
struct finished_program {
  std::string output;
  exit_status status;
};

/// Runs a program to its end, with the text given on its input. Throws std::runtime_error when it
/// does not end in time.
finished_program run_program(std::vector<std::string> argv, std::string_view input = {},
                             std::chrono::milliseconds deadline = 3 * patience);

}  // namespace hawser::test
