#pragma once

#include <cstdint>

namespace hawser::scripting {

/// The random numbers of scripts, which are the same on every machine: the linear congruential
/// generator of 48 bits that POSIX specifies for drand48 and lrand48.
class chance {
 public:
  static constexpr std::int32_t greatest = 0x7fffffff;

  void seed(std::int32_t value) {
    state_ = (std::uint64_t{static_cast<std::uint32_t>(value)} << 16) | 0x330e;
  }

  /// From 0 to `greatest`.
  std::int32_t next() {
    constexpr std::uint64_t mask = (std::uint64_t{1} << 48) - 1;
    state_ = (state_ * 0x5deece66d + 0xb) & mask;
    return static_cast<std::int32_t>(state_ >> 17);
  }

 private:
  std::uint64_t state_ = 0x1234abcd330e;
};

}  // namespace hawser::scripting
