#pragma once

#include "temp_directory.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hawser::test {

/// Keys and certificates (NAME.key, NAME.crt) in a directory of their own: an authority `ca`,
/// `server` and `client`, which it has certified, and a `stranger`, whom it has not.
class certificates {
 public:
  /// Throws std::runtime_error with what openssl says.
  certificates();

  std::string path(const std::string& name) const { return directory_.path() / name; }

 private:
  void make(const std::string& name, std::vector<std::string> how);

  temp_directory directory_;
};

/// Made when first asked for.
const certificates& certified();

/// The options of a server that listens by TLS with them too.
std::vector<std::string> tls_options(std::uint16_t port);

}  // namespace hawser::test
