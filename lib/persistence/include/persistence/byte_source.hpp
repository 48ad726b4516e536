#pragma once

#include <cstddef>
#include <span>
#include <system_error>

namespace hawser::persistence {

/// Where encoded bytes come from.
class byte_source {
 public:
  virtual ~byte_source() = default;

  /// Reads at least one byte unless the bytes are at their end, which 0 without a failure says.
  virtual std::size_t read(std::span<char> room, std::error_code& failure) = 0;

  /// Called again and again while what has been read takes long to be made use of.
  virtual void breathe() {}
};

}  // namespace hawser::persistence
