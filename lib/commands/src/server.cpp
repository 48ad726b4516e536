#include "family.hpp"
#include "lolwut.hpp"
#include <base/numbers.hpp>

#include <algorithm>

namespace hawser::commands {

namespace {

using namespace engine::flags;

/// TIME -- seconds and microseconds.
void time(context& cx) {
  constexpr base::microseconds_t second = 1'000'000;
  const auto now = cx.server.clock.wall();
  cx.reply.array(2).bulk_integer(now / second).bulk_integer(now % second);
}

/// MONITOR -- a client that monitors already gets no reply.
void monitor(context& cx) {
  if (cx.who.transaction.active())
    throw command_error("ERR MONITOR isn't allowed for DENY BLOCKING client");
  if (cx.who.monitor) return;
  cx.who.monitor = true;
  cx.server.monitors.push_back(&cx.who);
  cx.reply.ok();
}

/// LOLWUT [VERSION version] [columns [any ...]]
void lolwut(context& cx) {
  constexpr std::int64_t usual = 66, widest = 1000;
  std::int64_t columns = usual;
  if (cx.args.accept_with("version", 1)) {
    const auto version = cx.args.integer();
    const bool sized = version == 5 || version == 6;
    if (sized && !cx.args.empty()) columns = cx.args.integer();
    while (sized && !cx.args.empty()) cx.args.integer();
  }
  cx.reply.verbatim(draw_hawser(std::clamp<std::int64_t>(columns, 1, widest)));
}

constexpr command_spec table[] = {
    {"lolwut", arity::at_least(1), readonly | fast, key_range::none(), lolwut},
    {"monitor", arity::exactly(1), admin | noscript | loading | stale, key_range::none(), monitor},
    {"time", arity::exactly(1), loading | stale | fast, key_range::none(), time},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows server_commands() { return table; }

}  // namespace hawser::commands
