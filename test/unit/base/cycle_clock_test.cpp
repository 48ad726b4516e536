#include "catch.hpp"
#include <base/clock.hpp>
#include <base/cycle_clock.hpp>

using hawser::base::cycle_clock;
using hawser::base::system_clock;

namespace {

void check_monotony(const cycle_clock& clock) {
  auto last = clock.now();
  for (int i = 0; i < 100000; ++i) {
    const auto now = clock.now();
    REQUIRE(now >= last);
    last = now;
  }
}

/// Reads the cycle clock just before and just after the system's, twice, so that the true duration
/// is known to lie between two bounds even when the test is interrupted anywhere.
void check_agreement(const cycle_clock& clock) {
  constexpr std::int64_t period_ns = 5'000'000;
  const system_clock system;
  const auto outer_start = clock.now();
  const auto start = system.monotonic_ns();
  const auto inner_start = clock.now();
  while (system.monotonic_ns() - start < period_ns) {
  }
  const auto inner_stop = clock.now();
  const auto elapsed = static_cast<double>(system.monotonic_ns() - start);
  const auto outer_stop = clock.now();
  CHECK(static_cast<double>(clock.to_ns(inner_stop - inner_start)) <= elapsed * 1.01);
  CHECK(static_cast<double>(clock.to_ns(outer_stop - outer_start)) >= elapsed * 0.99);
}

}  // namespace

TEST_CASE("The cycle clock never goes back", "[base][cycle_clock]") {
  check_monotony(cycle_clock());
  check_monotony(cycle_clock::without_counter());
}

TEST_CASE("The cycle clock agrees with the system's within one per cent", "[base][cycle_clock]") {
  check_agreement(cycle_clock());
  check_agreement(cycle_clock::without_counter());
}

TEST_CASE("Ticks of a clock without counter are nanoseconds", "[base][cycle_clock]") {
  const auto clock = cycle_clock::without_counter();
  CHECK(clock.to_ns(0) == 0);
  CHECK(clock.to_ns(123'456'789'012'345) == 123'456'789'012'345);
}
