#pragma once

#include <base/clock.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hawser::engine {

/// Requests to another server, and what it replies to them. Whoever asked for it looks at it again
/// when it is over, on the strand.
struct exchange {
  std::string host;
  std::uint16_t port = 0;
  bool tls = false;
  /// To connect, to be rid of the requests, and to wait for each reply.
  base::milliseconds_t timeout = 0;
  std::string requests;
  std::size_t expected = 0;  // replies, which are lines

  enum class state : std::uint8_t { under_way, done, no_address, not_sent, not_replied };
  state at = state::under_way;
  std::vector<std::string> replies{};  // that have come, without their ends
};

}  // namespace hawser::engine
