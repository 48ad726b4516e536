#pragma once

#include <chrono>
#include <cstdint>

namespace hawser::net {

/// The clock of all timers in net: the system's steady one, unless a simulation has set a time.
class steady_clock {
 public:
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<steady_clock>;
  static constexpr bool is_steady = true;

  static time_point now() {
    if (set_ != not_set) return time_point(duration(set_));
    return time_point(std::chrono::steady_clock::now().time_since_epoch());
  }

  /// From now on it shows this, for all servers of the process, until it is set again. For a
  /// process of one thread.
  static void set(duration time) { set_ = time.count(); }

 private:
  static constexpr rep not_set = -1;
  static inline rep set_ = not_set;
};

}  // namespace hawser::net
