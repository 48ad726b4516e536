#pragma once

#include "reply_value.hpp"

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace hawser::test {

/// The bytes are no reply of RESP2 or RESP3.
class malformed_reply : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A reply and how many bytes it took.
struct decoded_reply {
  reply_value value;
  std::size_t size = 0;
};

/// Decodes the first reply in the bytes; empty when more bytes are needed. Attributes are skipped.
/// Throws malformed_reply. Linear in the bytes of the reply.
std::optional<decoded_reply> decode_reply(std::string_view bytes);

}  // namespace hawser::test
