#include <base/clock.hpp>

#include <ctime>

namespace hawser::base {

microseconds_t system_clock::wall() const {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return now.tv_sec * microseconds_t{1'000'000} + now.tv_nsec / 1000;
}

std::int64_t system_clock::monotonic_ns() const {
  return static_cast<std::int64_t>(cycles_.to_ns(cycles_.now()));
}

}  // namespace hawser::base
