#pragma once

#include "server_process.hpp"

#include <string>
#include <vector>

namespace hawser::test {

/// What both servers of a comparison are started with: nothing kept on disk, DEBUG allowed.
std::vector<std::string> comparison_options(std::vector<std::string> more = {});

/// A redis-server whose replies are the specification.
class oracle : public server_process {
 public:
  explicit oracle(std::vector<std::string> more = {})
      : server_process(comparison_options(std::move(more)), "/usr/bin/redis-server") {}
};

}  // namespace hawser::test
