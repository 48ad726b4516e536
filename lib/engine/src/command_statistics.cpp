#include <engine/command_statistics.hpp>

#include <cmath>

namespace hawser::engine {

std::uint64_t command_statistics::upper_edge(unsigned bucket) {
  if (bucket < 2 * sub_buckets) return bucket;
  const unsigned exponent = bucket / sub_buckets - 1;
  const std::uint64_t mantissa = bucket - exponent * sub_buckets;
  return ((mantissa + 1) << exponent) - 1;
}

std::uint64_t command_statistics::calls_within(std::uint64_t limit_ns) const {
  std::uint64_t sum = 0;
  if (!durations_) return sum;
  for (unsigned i = 0; i < bucket_count && upper_edge(i) <= limit_ns; ++i) sum += (*durations_)[i];
  return sum;
}

std::uint64_t command_statistics::percentile(double share) const {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(timed)));
  std::uint64_t sum = 0;
  for (unsigned i = 0; durations_ && i < bucket_count; ++i) {
    sum += (*durations_)[i];
    if (sum >= wanted && sum > 0) return upper_edge(i);
  }
  return 0;
}

}  // namespace hawser::engine
