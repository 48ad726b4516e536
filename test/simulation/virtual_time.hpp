#pragma once

#include <base/clock.hpp>

#include <cstdint>

namespace hawser::simulation {

/// Nanoseconds since the world began.
using nanoseconds_t = std::int64_t;

constexpr nanoseconds_t microsecond = 1'000;
constexpr nanoseconds_t millisecond = 1'000'000;
constexpr nanoseconds_t second = 1'000'000'000;

/// The time of a simulated world. It moves when the simulation says so and, a little, when a server
/// looks at its clock: what servers do takes time.
class virtual_time {
 public:
  explicit virtual_time(nanoseconds_t cost_of_a_look) : cost_(cost_of_a_look) { show(); }

  nanoseconds_t now() const { return now_; }
  /// The timers of all servers see the new time; those of the clocks' looks they see then, too.
  void advance_to(nanoseconds_t time);
  nanoseconds_t look() { return now_ += cost_; }

 private:
  void show() const;

  nanoseconds_t now_ = 0;
  const nanoseconds_t cost_;
};

/// A machine's clocks, whose wall clock may be wrong.
class machine_clock final : public base::clock {
 public:
  machine_clock(virtual_time& time, base::microseconds_t wrong_by) : time_(time), by_(wrong_by) {}

  base::microseconds_t wall() const override;
  std::int64_t monotonic_ns() const override { return time_.look(); }

 private:
  virtual_time& time_;
  const base::microseconds_t by_;
};

}  // namespace hawser::simulation
