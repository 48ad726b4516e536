#pragma once

#include <cstdint>
#include <ctime>

#ifdef __x86_64__
#include <x86intrin.h>
#endif

namespace hawser::base {

/// Time that never goes back, for measuring short durations at the cost of a few nanoseconds: the
/// processor's time stamp counter where it runs at a constant rate, otherwise CLOCK_MONOTONIC.
class cycle_clock {
 public:
  /// Measures the rate of the counter, which takes about a millisecond.
  cycle_clock();

  /// A clock that reads CLOCK_MONOTONIC whatever the processor offers.
  static cycle_clock without_counter() { return cycle_clock(nanosecond_rate, false); }

  /// The present in ticks from an arbitrary origin.
  std::uint64_t now() const {
#ifdef __x86_64__
    if (counter_) return __rdtsc();
#endif
    return monotonic_ns();
  }

  /// The nanoseconds in a number of ticks, rounded down.
  std::uint64_t to_ns(std::uint64_t ticks) const {
    return static_cast<std::uint64_t>(wide{ticks} * rate_ >> 32);
  }

 private:
  __extension__ using wide = unsigned __int128;

  static constexpr std::uint64_t nanosecond_rate = std::uint64_t{1} << 32;

  cycle_clock(std::uint64_t rate, bool counter) : rate_(rate), counter_(counter) {}

  static std::uint64_t monotonic_ns() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
           static_cast<std::uint64_t>(now.tv_nsec);
  }

  void calibrate();  // defined where there is a counter

  std::uint64_t rate_ = nanosecond_rate;  // nanoseconds per tick, with 32 binary places
  bool counter_ = false;
};

}  // namespace hawser::base
