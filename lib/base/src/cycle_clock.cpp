#include <base/cycle_clock.hpp>

#ifdef __x86_64__
#include <cpuid.h>
#endif

namespace hawser::base {

#ifdef __x86_64__

namespace {

bool has_constant_rate_counter() {
  constexpr unsigned power_management = 0x80000007;
  constexpr unsigned invariant_counter = 1U << 8;
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  return __get_cpuid(power_management, &a, &b, &c, &d) != 0 && (d & invariant_counter) != 0;
}

struct reading {
  std::uint64_t ticks;
  std::uint64_t ns;
};

/// Reads both clocks together: of a few attempts the one that was interrupted least.
template <class Ticks, class Nanoseconds>
reading read_together(Ticks ticks, Nanoseconds nanoseconds) {
  reading best{};
  std::uint64_t shortest = ~std::uint64_t{0};
  for (int attempt = 0; attempt < 8; ++attempt) {
    const auto before = ticks();
    const auto ns = nanoseconds();
    const auto took = ticks() - before;
    if (took < shortest) {
      shortest = took;
      best = {before + took / 2, ns};
    }
  }
  return best;
}

}  // namespace

cycle_clock::cycle_clock() {
  if (has_constant_rate_counter()) calibrate();
}

void cycle_clock::calibrate() {
  constexpr std::uint64_t period_ns = 1'000'000;
  const auto ticks = [] { return std::uint64_t{__rdtsc()}; };
  const auto start = read_together(ticks, monotonic_ns);
  while (monotonic_ns() - start.ns < period_ns) {
  }
  const auto stop = read_together(ticks, monotonic_ns);
  if (stop.ticks <= start.ticks) return;
  rate_ = static_cast<std::uint64_t>((wide{stop.ns - start.ns} << 32) / (stop.ticks - start.ticks));
  counter_ = true;
}

#else

cycle_clock::cycle_clock() = default;

#endif

}  // namespace hawser::base
