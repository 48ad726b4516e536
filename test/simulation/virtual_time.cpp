#include "virtual_time.hpp"

#include <net/steady_clock.hpp>

#include <algorithm>
#include <sys/eventfd.h>
#include <sys/timerfd.h>

// Asio has its timers looked at when a descriptor of the kernel says that the first is due, by the
// kernel's time and a moment later. Here it always says so: they are looked at, by virtual time,
// each time an event loop looks at all.
extern "C" {

int timerfd_create(int /*clock*/, int /*flags*/) noexcept {
  return eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
}

int timerfd_settime(int /*descriptor*/, int /*flags*/, const itimerspec* /*to*/,
                    itimerspec* before) noexcept {
  if (before != nullptr) *before = {};
  return 0;
}

}  // extern "C"

namespace hawser::simulation {

void virtual_time::advance_to(nanoseconds_t time) {
  now_ = std::max(now_, time);
  show();
}

/// Not from 0, which stands for "never" in places.
void virtual_time::show() const {
  net::steady_clock::set(std::chrono::hours(1) + std::chrono::nanoseconds(now_));
}

base::microseconds_t machine_clock::wall() const {
  constexpr base::microseconds_t origin = 1'700'000'000'000'000;
  return origin + by_ + time_.now() / microsecond;
}

}  // namespace hawser::simulation
