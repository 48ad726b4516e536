#include "catch.hpp"
#include <base/clock.hpp>

using hawser::base::system_clock;

TEST_CASE("The monotonic clock never goes back", "[base][clock]") {
  const system_clock clock;
  auto last = clock.monotonic_ns();
  for (int i = 0; i < 1000; ++i) {
    const auto now = clock.monotonic_ns();
    REQUIRE(now >= last);
    last = now;
  }
}
