#pragma once

#include <base/clock.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hawser::engine {

/// Spikes of latency by event, kept when latency-monitor-threshold is set: the LATENCY command's
/// data.
class latency_monitor {
 public:
  struct sample {
    std::int64_t when;  // seconds since the epoch
    std::uint32_t milliseconds;
  };

  struct series {
    std::uint32_t worst = 0;
    std::size_t next = 0;
    std::array<sample, 160> ring{};

    /// Oldest first.
    std::vector<sample> samples() const;
    const sample& latest() const { return ring[(next + ring.size() - 1) % ring.size()]; }
  };

  /// Adds a sample; two within a second become one, the longer.
  void add(std::string_view event, std::int64_t when, std::uint32_t milliseconds);

  const std::map<std::string, series, std::less<>>& all() const { return events_; }
  const series* find(std::string_view event) const;
  bool reset(std::string_view event) {
    const auto found = events_.find(event);
    if (found == events_.end()) return false;
    events_.erase(found);
    return true;
  }
  std::size_t reset_all();

 private:
  std::map<std::string, series, std::less<>> events_;
};

}  // namespace hawser::engine
