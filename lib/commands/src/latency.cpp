#include "family.hpp"
#include "latency_report.hpp"
#include <commands/subcommand_help.hpp>

#include <fmt/format.h>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using engine::command;
using engine::command_statistics;

/// LATENCY LATEST -- of each event: name, time and length of the newest sample, the longest ever.
void latest(context& cx) {
  const auto& all = cx.server.latency.all();
  cx.reply.array(all.size());
  for (const auto& [event, series] : all) {
    const auto& newest = series.latest();
    cx.reply.array(4).bulk(event).integer(newest.when);
    cx.reply.integer(newest.milliseconds).integer(series.worst);
  }
}

/// LATENCY HISTORY event
void history(context& cx) {
  const auto* series = cx.server.latency.find(cx.args.next());
  const auto samples =
      series == nullptr ? std::vector<engine::latency_monitor::sample>{} : series->samples();
  cx.reply.array(samples.size());
  for (const auto& each : samples) cx.reply.array(2).integer(each.when).integer(each.milliseconds);
}

/// LATENCY GRAPH event
void graph(context& cx) {
  const auto event = cx.args.next();
  const auto* series = cx.server.latency.find(event);
  if (series == nullptr)
    throw command_error(fmt::format("ERR No samples available for event '{}'", event));
  cx.reply.verbatim(draw_latency(event, *series, cx.now / 1000));
}

/// LATENCY DOCTOR
void doctor(context& cx) { cx.reply.verbatim(explain_latency(cx.server)); }

/// LATENCY RESET [event ...]
void reset(context& cx) {
  std::size_t forgotten = 0;
  if (cx.args.empty()) forgotten = cx.server.latency.reset_all();
  for (const auto event : cx.args.rest()) forgotten += cx.server.latency.reset(event);
  cx.reply.integer(static_cast<std::int64_t>(forgotten));
}

/// The calls that took at most 1, 2, 4... microseconds, as far as the number grows.
std::vector<std::pair<std::int64_t, std::int64_t>> cumulated(const command_statistics& of) {
  std::vector<std::pair<std::int64_t, std::int64_t>> found;
  std::uint64_t before = 0;
  for (std::uint64_t limit_ns = 1024; before < of.timed; limit_ns *= 2) {
    const auto within = of.calls_within(limit_ns);
    if (within > before) {
      // The label is the upper edge of a bucket that is one part in 128 wide.
      const auto edge = (limit_ns + limit_ns / 128 - 1) / 1000;
      found.emplace_back(edge, within);
    }
    before = within;
  }
  return found;
}

void reply_histogram(resp::reply_writer& reply, const command& of) {
  reply.bulk(of.full_name).map(2);
  reply.bulk("calls").integer(static_cast<std::int64_t>(of.statistics.timed));
  const auto steps = cumulated(of.statistics);
  reply.bulk("histogram_usec").map(steps.size());
  for (const auto& [edge, calls] : steps) reply.integer(edge).integer(calls);
}

/// LATENCY HISTOGRAM [command ...] -- a container stands for all of its subcommands.
void histogram(context& cx) {
  std::vector<const command*> found;
  const auto add = [&](const command& each) {
    if (each.statistics.timed > 0) found.push_back(&each);
  };
  if (cx.args.empty()) cx.server.commands.for_each(add);
  for (const auto name : cx.args.rest()) {
    const command* asked = cx.server.commands.find_full_name(name);
    if (asked == nullptr) continue;
    add(*asked);
    for (const auto& each : asked->subcommands) add(*each);
  }
  cx.reply.map(found.size());
  for (const auto* each : found) reply_histogram(cx.reply, *each);
}

constexpr auto for_admins = admin | noscript | loading | stale;

constexpr command_spec subcommands[] = {
    {"doctor", arity::exactly(2), for_admins, key_range::none(), doctor},
    {"graph", arity::exactly(3), for_admins, key_range::none(), graph},
    {"help", arity::exactly(2), loading | stale, key_range::none(), help},
    {"histogram", arity::at_least(2), for_admins, key_range::none(), histogram},
    {"history", arity::exactly(3), for_admins, key_range::none(), history},
    {"latest", arity::exactly(2), for_admins, key_range::none(), latest},
    {"reset", arity::at_least(2), for_admins, key_range::none(), reset},
};
static_assert(well_formed(subcommands));

constexpr command_spec table[] = {
    {"latency", arity::at_least(2), {}, key_range::none(), nullptr, subcommands},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows latency_commands() { return table; }

}  // namespace hawser::commands
