#pragma once

#include <base/cycle_clock.hpp>

#include <cstdint>

namespace hawser::base {

/// Milliseconds since the Unix epoch, the unit of every deadline in the store.
using milliseconds_t = std::int64_t;

/// Microseconds; of the wall clock or of a duration, as the name says where it is used.
using microseconds_t = std::int64_t;

/// Where time comes from. The server reads the system's clocks, tests and simulations set their
/// own.
class clock {
 public:
  virtual ~clock() = default;

  /// Wall-clock time in microseconds since the Unix epoch.
  virtual microseconds_t wall() const = 0;

  /// Time that never goes back, in nanoseconds from an arbitrary origin.
  virtual std::int64_t monotonic_ns() const = 0;
};

/// The clocks of the operating system.
class system_clock final : public clock {
 public:
  microseconds_t wall() const override;
  std::int64_t monotonic_ns() const override;

 private:
  cycle_clock cycles_;
};

}  // namespace hawser::base
