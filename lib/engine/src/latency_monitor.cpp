#include <engine/latency_monitor.hpp>

#include <algorithm>

namespace hawser::engine {

std::vector<latency_monitor::sample> latency_monitor::series::samples() const {
  std::vector<sample> ordered;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const auto& each = ring[(next + i) % ring.size()];
    if (each.when != 0) ordered.push_back(each);
  }
  return ordered;
}

void latency_monitor::add(std::string_view event, std::int64_t when, std::uint32_t milliseconds) {
  auto found = events_.find(event);
  if (found == events_.end()) found = events_.emplace(event, series{}).first;
  auto& of = found->second;
  of.worst = std::max(of.worst, milliseconds);
  auto& latest = of.ring[(of.next + of.ring.size() - 1) % of.ring.size()];
  if (latest.when == when) {
    latest.milliseconds = std::max(latest.milliseconds, milliseconds);
    return;
  }
  of.ring[of.next] = {when, milliseconds};
  of.next = (of.next + 1) % of.ring.size();
}

const latency_monitor::series* latency_monitor::find(std::string_view event) const {
  const auto found = events_.find(event);
  return found == events_.end() ? nullptr : &found->second;
}

std::size_t latency_monitor::reset_all() {
  const auto count = events_.size();
  events_.clear();
  return count;
}

}  // namespace hawser::engine
