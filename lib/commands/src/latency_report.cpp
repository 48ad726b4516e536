#include "latency_report.hpp"

#include <engine/node.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <span>
#include <vector>

namespace hawser::commands {

namespace {

using engine::latency_monitor;
using samples_t = std::span<const latency_monitor::sample>;

constexpr std::string_view off_text =
    "I'm sorry, Dave, I can't do that. Latency monitoring is disabled in this Redis "
    "instance. You may use \"CONFIG SET latency-monitor-threshold <milliseconds>.\" in "
    "order to enable it. If we weren't in a deep space mission I'd suggest to take a "
    "look at https://redis.io/topics/latency-monitor.";
constexpr std::string_view none_text =
    "Dave, no latency spike was observed during the lifetime of this Redis instance, not "
    "in the slightest bit. I honestly think you ought to sit down calmly, take a stress "
    "pill, and think things over.";
constexpr std::string_view found_text =
    "Dave, I have observed latency spikes in this Redis instance. You don't mind talking "
    "about it, do you Dave?";
constexpr std::string_view advice_text = "I have a few advices for you:";
constexpr std::string_view enable_log_text =
    "- There are latency issues with potentially slow commands you are using. Try to "
    "enable the Slow Log Redis feature using the command 'CONFIG SET "
    "slowlog-log-slower-than {}'. If the Slow log is disabled Redis is not able to log "
    "slow commands execution for you.";
constexpr std::string_view lower_threshold_text =
    "- Your current Slow Log configuration only logs events that are slower than your "
    "configured latency monitor threshold. Please use 'CONFIG SET "
    "slowlog-log-slower-than {}'.";
constexpr std::string_view check_log_text =
    "- Check your Slow Log to understand what are the commands you are running which are "
    "too slow to execute. Please check https://redis.io/commands/slowlog for more "
    "information.";
constexpr std::string_view busy_system_text =
    "- The system is slow to execute Redis code paths not containing system calls. This "
    "usually means the system does not provide Redis CPU time to run for long periods. "
    "You should try to:";
constexpr std::string_view busy_system_steps =
    "  1) Lower the system load.\n"
    "  2) Use a computer / VM just for Redis if you are running other software in the same "
    "system.\n"
    "  3) Check if you have a \"noisy neighbour\" problem.\n"
    "  4) Check with 'redis-cli --intrinsic-latency 100' what is the intrinsic latency in your "
    "system.\n"
    "  5) Check if the problem is allocator-related by recompiling Redis with MALLOC=libc, if you "
    "are using Jemalloc. However this may create fragmentation problems.";
constexpr std::string_view large_objects_text =
    "- Deleting, expiring or evicting (because of maxmemory policy) large objects is a "
    "blocking operation. If you have very large objects that are often deleted, expired, "
    "or evicted, try to fragment those objects into multiple smaller objects.";
constexpr std::string_view maxmemory_text =
    "- Sudden changes to the 'maxmemory' setting via 'CONFIG SET', or allocation of "
    "large objects via sets or sorted sets intersections, STORE option of SORT, Redis "
    "Cluster large keys migrations (RESTORE command), may create sudden memory pressure "
    "forcing the server to block trying to evict keys. ";

constexpr std::size_t columns = 80;
constexpr std::size_t rows = 4;

std::string age(std::int64_t seconds) {
  if (seconds < 60) return fmt::format("{}s", seconds);
  if (seconds < 3600) return fmt::format("{}m", seconds / 60);
  if (seconds < 86400) return fmt::format("{}h", seconds / 3600);
  return fmt::format("{}d", seconds / 86400);
}

std::uint32_t length_of(const latency_monitor::sample& of) { return of.milliseconds; }

/// What stands in a row, from the top, of a sample's column: each row has three heights.
char drawn(const latency_monitor::sample& of, std::size_t row, std::uint32_t least,
           std::uint32_t most) {
  constexpr std::string_view heights = "_o#";
  constexpr std::uint64_t steps = rows * heights.size();
  const auto range = std::max<std::uint64_t>(1, most - least);
  const auto step = std::min(steps - 1, (of.milliseconds - least) * steps / range);
  const auto below = (rows - 1 - row) * heights.size();
  if (step < below) return ' ';
  return step - below < heights.size() ? heights[step - below] : '|';
}

/// No more samples than there are columns, their ages below.
void draw(samples_t samples, std::uint32_t least, std::uint32_t most, std::int64_t now,
          std::string& to) {
  for (std::size_t row = 0; row < rows; ++row) {
    for (const auto& each : samples) to += drawn(each, row, least, most);
    to += '\n';
  }
  to.append(samples.size(), ' ').append("\n");
  std::vector<std::string> ages;
  std::size_t longest = 0;
  for (const auto& each : samples) {
    ages.push_back(age(now - each.when));
    longest = std::max(longest, ages.back().size());
  }
  for (std::size_t row = 0; row < longest; ++row) {
    for (const auto& each : ages) to += row < each.size() ? each[row] : ' ';
    to += '\n';
  }
}

/// The line of an event: in whole milliseconds, as Redis counts.
std::string summary(std::size_t number, std::string_view event, const latency_monitor::series& of,
                    std::int64_t now) {
  const auto samples = of.samples();
  const auto count = static_cast<std::int64_t>(samples.size());
  std::int64_t sum = 0, distances = 0;
  for (const auto& each : samples) sum += each.milliseconds;
  const auto average = sum / count;
  for (const auto& each : samples) distances += std::abs(each.milliseconds - average);
  const auto since = std::max<std::int64_t>(1, now - samples.front().when);
  return fmt::format(
      "{}. {}: {} latency spikes (average {}ms, mean deviation {}ms, period {:.2f} sec). Worst all "
      "time event {}ms.\n",
      number, event, count, average, distances / count,
      static_cast<double>(since) / static_cast<double>(count), of.worst);
}

std::string advice(const engine::node& server) {
  const auto& options = server.options;
  const auto threshold_us = options.latency_monitor_threshold * 1000;
  const auto happened = [&](std::string_view event) {
    return server.latency.find(event) != nullptr;
  };
  std::string text;
  const auto add = [&](const std::string& line) { text += line + '\n'; };
  if (happened("command")) {
    if (options.slowlog_log_slower_than < 0 || options.slowlog_max_len == 0)
      add(fmt::format(enable_log_text, threshold_us));
    else if (options.slowlog_log_slower_than > threshold_us)
      add(fmt::format(lower_threshold_text, threshold_us));
    add(std::string(check_log_text));
  }
  if (happened("fast-command")) add(fmt::format("{}\n{}", busy_system_text, busy_system_steps));
  if (happened("command") || happened("eviction-del")) add(std::string(large_objects_text));
  if (happened("eviction-cycle")) add(std::string(maxmemory_text));
  return text;
}

}  // namespace

std::string draw_latency(std::string_view event, const latency_monitor::series& of,
                         std::int64_t now) {
  const auto all = of.samples();
  const auto [least, most] = std::ranges::minmax(all, {}, length_of);
  auto text =
      fmt::format("{} - high {} ms, low {} ms (all time high {} ms)\n{}\n", event,
                  most.milliseconds, least.milliseconds, of.worst, std::string(columns, '-'));
  for (samples_t left = all; !left.empty();) {
    const auto shown = left.first(std::min(columns, left.size()));
    if (shown.data() != all.data()) text += '\n';
    draw(shown, least.milliseconds, most.milliseconds, now, text);
    left = left.subspan(shown.size());
  }
  return text;
}

std::string explain_latency(const engine::node& server) {
  if (server.options.latency_monitor_threshold == 0) return fmt::format("{}\n", off_text);
  if (server.latency.all().empty()) return fmt::format("{}\n", none_text);
  auto text = fmt::format("{}\n\n", found_text);
  std::size_t number = 0;
  for (const auto& [event, series] : server.latency.all())
    text += summary(++number, event, series, server.now() / 1000);
  return text + fmt::format("\n{}\n\n{}", advice_text, advice(server));
}

}  // namespace hawser::commands
