#pragma once

#include "server_process.hpp"

#include <string>
#include <vector>

namespace hawser::test {

/// What both servers of a comparison are started with: nothing kept on disk, DEBUG allowed.
std::vector<std::string> comparison_options(std::vector<std::string> more = {});

/// The same for the server under test. Redis 7.0 does not keep sets of a few strings as listpacks:
/// unless they are wanted, Hawser is kept from it too, so that encodings can be compared.
std::vector<std::string> tested_options(std::vector<std::string> more = {},
                                        bool compact_sets = false);

/// True when the server has the command; families come to Hawser one by one, and what tests the
/// next one by the way waits for it.
bool knows_command(const server_process& server, const std::string& name);

/// A redis-server whose replies are the specification.
class oracle : public server_process {
 public:
  explicit oracle(std::vector<std::string> more = {})
      : server_process(comparison_options(std::move(more)), "/usr/bin/redis-server") {}
};

}  // namespace hawser::test
