#include <base/clock.hpp>

#include <ctime>

namespace hawser::base {

namespace {

timespec read(clockid_t id) {
  timespec now{};
  clock_gettime(id, &now);
  return now;
}

}  // namespace

microseconds_t system_clock::wall() const {
  const auto now = read(CLOCK_REALTIME);
  return now.tv_sec * microseconds_t{1'000'000} + now.tv_nsec / 1000;
}

std::int64_t system_clock::monotonic_ns() const {
  const auto now = read(CLOCK_MONOTONIC);
  return now.tv_sec * std::int64_t{1'000'000'000} + now.tv_nsec;
}

}  // namespace hawser::base
