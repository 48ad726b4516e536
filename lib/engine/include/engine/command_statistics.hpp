#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <memory>

namespace hawser::engine {

/// How often a command ran and how long it took, for INFO commandstats and latencystats and for
/// LATENCY HISTOGRAM.
class command_statistics {
 public:
  std::uint64_t calls = 0;
  std::uint64_t nanoseconds = 0;
  std::uint64_t timed = 0;     // calls whose duration is kept: none that are blocked
  std::uint64_t rejected = 0;  // refused before they ran
  std::uint64_t failed = 0;    // ran and replied an error

  /// Durations are kept as long as latencies are tracked.
  void record(std::uint64_t took_ns, bool tracked) {
    begin(took_ns);
    finish(0, took_ns, tracked);
  }

  /// A call that takes longer than its first try: it counts at once, its duration when it is over.
  void begin(std::uint64_t took_ns) {
    ++calls;
    nanoseconds += took_ns;
  }
  /// `total_ns` is the duration of all tries, the last of which took `took_ns`.
  void finish(std::uint64_t took_ns, std::uint64_t total_ns, bool tracked) {
    nanoseconds += took_ns;
    if (!tracked) return;
    ++timed;
    if (!durations_) durations_ = std::make_unique<histogram>();
    ++(*durations_)[bucket_of(total_ns)];
  }

  /// Calls that took at most `limit_ns`, as exact as the buckets (one part in 16) allow.
  std::uint64_t calls_within(std::uint64_t limit_ns) const;

  /// The duration that `share` (0 to 1) of the calls did not exceed, in nanoseconds.
  std::uint64_t percentile(double share) const;

  void reset() { *this = command_statistics(); }

 private:
  static constexpr unsigned sub_buckets = 16;
  static constexpr unsigned bucket_count = 64 * sub_buckets;

  /// Buckets are a power of two divided into 16: an HDR histogram of constant relative error.
  static unsigned bucket_of(std::uint64_t ns) {
    if (ns < sub_buckets) return static_cast<unsigned>(ns);
    const auto exponent = static_cast<unsigned>(std::bit_width(ns)) - 5;
    return exponent * sub_buckets + static_cast<unsigned>(ns >> exponent);
  }
  static std::uint64_t upper_edge(unsigned bucket);

  using histogram = std::array<std::uint32_t, bucket_count>;
  std::unique_ptr<histogram> durations_;  // from the first call on
};

}  // namespace hawser::engine
