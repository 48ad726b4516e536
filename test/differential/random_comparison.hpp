#pragma once

#include "grammar.hpp"
#include "server_process.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hawser::test {

/// A generated command and the client that sends it.
struct played_command {
  std::size_t client;
  random_command command;
};

/// What differed, and after which command.
struct found_difference {
  std::size_t at;  ///< how many commands had been played
  std::string text;
};

/// Plays the same commands on two servers, those of the family that the one under test has, and
/// compares replies and data sets.
class random_comparison {
 public:
  random_comparison(server_process& oracle, server_process& tested, const command_family& family,
                    int protocol);

  /// Plays that many generated commands; empty when the servers agree, otherwise a report with the
  /// shortest list of commands found that still makes them differ.
  std::optional<std::string> run(std::uint64_t seed, std::size_t count);

 private:
  std::optional<found_difference> play(const std::vector<played_command>& commands);
  std::string report(const found_difference& found, std::vector<played_command> commands);
  std::vector<played_command> shrink(std::vector<played_command> commands);

  server_process& oracle_;
  server_process& tested_;
  command_family family_;
  int protocol_;
};

}  // namespace hawser::test
