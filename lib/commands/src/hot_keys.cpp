#include "family.hpp"
#include <commands/subcommand_help.hpp>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using engine::hot_keys;

std::int64_t bounded(context& cx, std::int64_t least, std::int64_t most, const char* refused) {
  const auto number = cx.args.integer(refused);
  if (number < least || number > most) throw command_error(refused);
  return number;
}

void read_metrics(context& cx, hot_keys::terms& to) {
  constexpr auto wrong =
      "ERR METRICS takes the number of metrics, 1 or 2, and that many of CPU|NET";
  const auto count = bounded(cx, 1, 2, wrong);
  for (std::int64_t i = 0; i < count; ++i) {
    auto& wanted = cx.args.accept("CPU")   ? to.time
                   : cx.args.accept("NET") ? to.bytes
                                           : throw command_error(wrong);
    if (wanted) throw command_error(wrong);
    wanted = true;
  }
}

/// HOTKEYS START METRICS count [CPU] [NET] [COUNT k] [DURATION seconds] [SAMPLE ratio] [SLOTS ...]
void start(context& cx) {
  constexpr std::int64_t most_keys = 64, longest = 1'000'000, rarest = 1'000'000;
  hot_keys::terms how;
  while (!cx.args.empty()) {
    if (cx.args.accept("METRICS")) {
      if (how.time || how.bytes) throw command_error(errors::syntax);
      read_metrics(cx, how);
    } else if (cx.args.accept("COUNT")) {
      how.most =
          static_cast<std::size_t>(bounded(cx, 1, most_keys, "ERR COUNT must be between 1 and 64"));
    } else if (cx.args.accept("DURATION")) {
      how.duration =
          bounded(cx, 1, longest, "ERR DURATION must be between 1 and 1000000 seconds") * 1000;
    } else if (cx.args.accept("SAMPLE")) {
      how.ratio = bounded(cx, 1, rarest, "ERR SAMPLE ratio must be between 1 and 1000000");
    } else if (cx.args.accept("SLOTS")) {
      throw command_error("ERR SLOTS can only be used in cluster mode");
    } else {
      throw command_error(errors::syntax);
    }
  }
  if (!how.time && !how.bytes) throw command_error("ERR METRICS parameter is required");
  auto& hot = cx.server.hot_keys;
  hot.end_when_over();
  if (hot.tracking()) throw command_error("ERR hotkeys tracking session already in progress");
  hot.start(how);
  cx.reply.ok();
}

/// HOTKEYS STOP -- null if nothing was begun.
void stop(context& cx) {
  if (cx.server.hot_keys.stop())
    cx.reply.ok();
  else
    cx.reply.null();
}

/// HOTKEYS RESET
void reset(context& cx) {
  auto& hot = cx.server.hot_keys;
  hot.end_when_over();
  if (hot.tracking())
    throw command_error("ERR hotkeys tracking session in progress, stop tracking first");
  hot.reset();
  cx.reply.ok();
}

void reply_spent(context& cx, std::string_view name,
                 const std::vector<engine::heavy_keys::spent>& keys, std::uint64_t unit) {
  cx.reply.bulk(name).array(2 * keys.size());
  for (const auto& each : keys)
    cx.reply.bulk(each.key).integer(static_cast<std::int64_t>(each.amount / unit));
}

/// HOTKEYS GET -- of the session under way or the last one.
void get(context& cx) {
  constexpr std::uint64_t ns_per_us = 1000;
  constexpr std::int64_t last_slot = 16383;
  cx.server.hot_keys.end_when_over();
  const auto found = cx.server.hot_keys.look();
  if (!found) return void(cx.reply.null());
  const auto field = [&](std::string_view name, std::int64_t value) {
    cx.reply.bulk(name).integer(value);
  };
  const auto& how = found->how;
  const auto bytes = static_cast<std::int64_t>(found->all_bytes);
  cx.reply.array(1).map(7 + (how.time ? 3u : 0u) + (how.bytes ? 2u : 0u));
  field("tracking-active", found->active ? 1 : 0);
  field("sample-ratio", how.ratio);
  cx.reply.bulk("selected-slots").array(1).array(2).integer(0).integer(last_slot);
  field("all-commands-all-slots-us", static_cast<std::int64_t>(found->all_ns / ns_per_us));
  field("net-bytes-all-commands-all-slots", bytes);
  field("collection-start-time-unix-ms", found->begun);
  field("collection-duration-ms", found->lasted);
  if (how.time) {
    field("total-cpu-time-user-ms", found->user_ms);
    field("total-cpu-time-sys-ms", found->system_ms);
  }
  if (how.bytes) field("total-net-bytes", bytes);
  if (how.time) reply_spent(cx, "by-cpu-time-us", found->by_ns, ns_per_us);
  if (how.bytes) reply_spent(cx, "by-net-bytes", found->by_bytes, 1);
}

constexpr auto for_admins = admin | noscript;

constexpr command_spec subcommands[] = {
    {"get", arity::exactly(2), for_admins, key_range::none(), get},
    {"help", arity::exactly(2), loading | stale, key_range::none(), help},
    {"reset", arity::exactly(2), for_admins, key_range::none(), reset},
    {"start", arity::at_least(2), for_admins, key_range::none(), start},
    {"stop", arity::exactly(2), for_admins, key_range::none(), stop},
};
static_assert(well_formed(subcommands));

constexpr command_spec table[] = {
    {"hotkeys", arity::at_least(2), {}, key_range::none(), nullptr, subcommands},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows hot_key_commands() { return table; }

}  // namespace hawser::commands
