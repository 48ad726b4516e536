#pragma once

#include <array>
#include <cstdint>
#include <limits>

namespace hawser::base {

/// Pseudo-random numbers (xoshiro256++): fast, repeatable from a seed, not for secrets.
/// A UniformRandomBitGenerator.
class random {
 public:
  using result_type = std::uint64_t;

  /// The same seed yields the same sequence on every machine.
  explicit random(std::uint64_t seed);

  /// A generator whose whole state comes from the operating system.
  static random from_system();

  std::uint64_t next() {
    const auto result = rotate(state_[0] + state_[3], 23) + state_[0];
    const auto shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = rotate(state_[3], 45);
    return result;
  }

  /// A number below n, each with the same probability; n must not be 0.
  std::uint64_t below(std::uint64_t n) {
    auto product = wide{next()} * n;
    if (static_cast<std::uint64_t>(product) < n) {
      const auto unfair = (0 - n) % n;
      while (static_cast<std::uint64_t>(product) < unfair) product = wide{next()} * n;
    }
    return static_cast<std::uint64_t>(product >> 64);
  }

  /// A number in [0, 1), one of 2^53 evenly spaced ones.
  double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }
  result_type operator()() { return next(); }

 private:
  __extension__ using wide = unsigned __int128;
  using state = std::array<std::uint64_t, 4>;

  explicit random(const state& words) : state_(words) {}

  static std::uint64_t rotate(std::uint64_t word, int bits) {
    return word << bits | word >> (64 - bits);
  }

  state state_;
};

}  // namespace hawser::base
