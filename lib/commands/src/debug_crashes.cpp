#include "debug_crashes.hpp"

#include "config_rewrite.hpp"
#include <commands/data_file.hpp>

#include <algorithm>
#include <cassert>
#include <csignal>
#include <exception>
#include <limits>
#include <new>

namespace hawser::commands {

namespace {

using engine::context;
using engine::log_level;

/// Nobody is above this to catch what it throws.
void allocate_too_much() noexcept {
  const volatile auto bytes = std::numeric_limits<std::size_t>::max() / 2;
  ::operator delete(::operator new(bytes));
}

base::milliseconds_t delay(context& cx) {
  return cx.args.empty() ? 0 : std::max<std::int64_t>(cx.args.integer(), 0);
}

[[noreturn]] void begin_anew(context& cx, base::milliseconds_t after) {
  cx.server.process.restart(after);
  throw engine::command_error("ERR failed to restart the server. Check server logs.");
}

}  // namespace

void debug_segfault(context&) { std::raise(SIGSEGV); }

void debug_assert(context&) { assert(!"asked for by DEBUG ASSERT"); }

void debug_panic(context& cx) {
  cx.server.log(log_level::warning, "DEBUG PANIC has been called");
  std::terminate();
}

void debug_out_of_memory(context&) { allocate_too_much(); }

void debug_restart(context& cx) {
  const auto after = delay(cx);
  const auto failed = rewrite_configuration(cx.server, false);
  if (failed && !cx.server.config.config_file().empty())
    cx.server.log(log_level::warning, "The configuration cannot be written: " + *failed);
  if (!prepare_shutdown(cx.server, 0))
    throw engine::command_error("ERR failed to restart the server. Check server logs.");
  begin_anew(cx, after);
}

void debug_crash_and_recover(context& cx) { begin_anew(cx, delay(cx)); }

}  // namespace hawser::commands
