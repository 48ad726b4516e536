#pragma once

#include "tcp_client.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace hawser::test {

/// What can be read of a key.
struct key_facts {
  std::string type;
  std::string encoding;
  std::string value;  ///< in one order, whatever the order of the server
  std::int64_t ttl_ms = -1;
};

/// All keys of all 16 databases, by "database/key". Empty when the server refuses to tell.
std::map<std::string, key_facts> read_data_set(tcp_client& client);

/// The first difference in words, or empty; times to live may be 5 s apart.
std::string difference(const std::map<std::string, key_facts>& expected,
                       const std::map<std::string, key_facts>& actual);

}  // namespace hawser::test
