#include "latency_report.hpp"

#include <engine/node.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace hawser::commands {

namespace {

using engine::latency_monitor;

constexpr std::size_t columns = 80;
constexpr std::size_t rows = 4;

std::string age(std::int64_t seconds) {
  if (seconds < 60) return fmt::format("{}s", seconds);
  if (seconds < 3600) return fmt::format("{}m", seconds / 60);
  if (seconds < 86400) return fmt::format("{}h", seconds / 3600);
  return fmt::format("{}d", seconds / 86400);
}

struct summary {
  double mean = 0;
  double deviation = 0;  // mean distance from the mean
  double period = 0;     // seconds between samples
  std::uint32_t least = 0;
  std::uint32_t most = 0;
};

summary summarize(const std::vector<latency_monitor::sample>& samples) {
  summary of;
  const auto count = static_cast<double>(samples.size());
  of.least = samples.front().milliseconds;
  for (const auto& each : samples) {
    of.mean += each.milliseconds / count;
    of.least = std::min(of.least, each.milliseconds);
    of.most = std::max(of.most, each.milliseconds);
  }
  for (const auto& each : samples) of.deviation += std::abs(each.milliseconds - of.mean) / count;
  if (samples.size() > 1)
    of.period = static_cast<double>(samples.back().when - samples.front().when) / (count - 1);
  return of;
}

/// The bar of a sample, from its top row to the lowest.
std::string bar(std::uint32_t milliseconds, const summary& among) {
  const auto range = std::max<std::uint32_t>(1, among.most - among.least);
  const auto height = 1 + (milliseconds - among.least) * (rows - 1) / range;
  return std::string(rows - height, ' ') + std::string(height, '#');
}

}  // namespace

std::string draw_latency(std::string_view event, const latency_monitor::series& of,
                         std::int64_t now) {
  auto samples = of.samples();
  if (samples.size() > columns)
    samples.erase(samples.begin(), samples.end() - static_cast<std::ptrdiff_t>(columns));
  const auto among = summarize(samples);
  auto drawn = fmt::format("{} - from {} to {} ms in this picture, {} ms at worst\n", event,
                           among.least, among.most, of.worst);
  drawn += std::string(columns, '-') + '\n';

  std::vector<std::string> lines;
  std::size_t longest = rows;
  for (const auto& each : samples) {
    lines.push_back(bar(each.milliseconds, among) + age(now - each.when));
    longest = std::max(longest, lines.back().size());
  }
  for (std::size_t row = 0; row < longest; ++row) {
    for (const auto& line : lines) drawn += row < line.size() ? line[row] : ' ';
    drawn += '\n';
  }
  return drawn;
}

std::string explain_latency(const engine::node& server) {
  const auto threshold = server.options.latency_monitor_threshold;
  if (threshold == 0)
    return "Nothing is recorded: latency-monitor-threshold is 0. Set it to the number of "
           "milliseconds above which a moment counts as slow.\n";
  if (server.latency.all().empty()) return "No slow moment has been recorded so far.\n";

  std::string text = "Slow moments by event:\n";
  for (const auto& [event, series] : server.latency.all()) {
    const auto samples = series.samples();
    const auto of = summarize(samples);
    text += fmt::format(
        "- {}: {} samples, {:.0f} ms on average (give or take {:.0f}), one every "
        "{:.1f} s, {} ms at worst\n",
        event, samples.size(), of.mean, of.deviation, of.period, series.worst);
  }
  text += "What may help:\n";
  const auto slower_than = server.options.slowlog_log_slower_than;
  if (slower_than < 0 || slower_than > threshold * 1000)
    text += fmt::format(
        "- CONFIG SET slowlog-log-slower-than {} lets SLOWLOG GET show which "
        "commands they are.\n",
        threshold * 1000);
  else
    text += "- SLOWLOG GET shows which commands they are.\n";
  text +=
      "- Commands that go through many keys or elements keep all other clients waiting: ask "
      "for less at a time.\n";
  return text;
}

}  // namespace hawser::commands
