#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace hawser::bench {

/// Counts times in buckets of 1/32 of a power of two (3 % wide), from nanoseconds to hours.
class latency_histogram {
 public:
  void add(std::uint64_t nanoseconds) {
    ++buckets_[bucket(nanoseconds)];
    ++count_;
  }

  /// The time that this part of all (0..1) does not exceed, in microseconds, within 3 %.
  double percentile(double part) const {
    const auto wanted = static_cast<std::uint64_t>(part * static_cast<double>(count_));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
      seen += buckets_[i];
      if (seen > wanted) return static_cast<double>(lower_bound(i)) / 1000.0;
    }
    return 0;
  }

 private:
  static constexpr int bits = 5;
  static constexpr std::uint64_t steps = 1u << bits;

  static std::size_t bucket(std::uint64_t value) {
    if (value < steps) return static_cast<std::size_t>(value);
    const int shift = std::bit_width(value) - 1 - bits;
    const auto index = (static_cast<std::uint64_t>(shift) + 1) * steps + ((value >> shift) - steps);
    return std::min<std::size_t>(index, size - 1);
  }

  static std::uint64_t lower_bound(std::size_t index) {
    if (index < steps) return index;
    return (index % steps + steps) << (index / steps - 1);
  }

  static constexpr std::size_t size = 40 * steps;
  std::array<std::uint64_t, size> buckets_{};
  std::uint64_t count_ = 0;
};

}  // namespace hawser::bench
