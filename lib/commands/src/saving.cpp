#include "family.hpp"
#include <commands/data_file.hpp>

#include <persistence/snapshot.hpp>

namespace hawser::commands {

namespace {

using namespace engine::flags;

/// LASTSAVE
void lastsave(context& cx) { cx.reply.integer(cx.server.save.last / 1000); }

constexpr auto in_progress = "ERR Background save already in progress";

/// SAVE
void save(context& cx) {
  if (cx.server.save.in_progress) throw command_error(in_progress);
  ++cx.server.save.saves;
  if (!save_data(cx.server)) throw command_error("ERR");
  cx.reply.ok();
}

/// BGSAVE [SCHEDULE] -- within a transaction it is put off.
void bgsave(context& cx) {
  const bool schedule = !cx.args.empty();
  if (schedule) {
    if (!cx.args.accept("SCHEDULE") || !cx.args.empty()) throw command_error(errors::syntax);
  }
  if (cx.server.save.in_progress) throw command_error(in_progress);
  // A cancelled snapshot is nobody's.
  const bool other = cx.server.snapshot && !cx.server.snapshot->cancelled();
  if (cx.who.transaction.active() || (other && schedule)) {
    cx.server.save.scheduled = true;
    return void(cx.reply.simple("Background saving scheduled"));
  }
  if (!save_in_background(cx.server))
    throw command_error(
        "ERR Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE SCHEDULE "
        "in order to schedule a BGSAVE whenever possible.");
  cx.reply.simple("Background saving started");
}

/// SHUTDOWN [NOSAVE|SAVE] [NOW] [FORCE] [ABORT] -- no reply when it succeeds.
void shutdown(context& cx) {
  namespace flag = engine::shutdown_flag;
  std::uint8_t flags = 0;
  bool abort = false;
  while (!cx.args.empty()) {
    if (cx.args.accept("save")) {
      flags |= flag::save;
    } else if (cx.args.accept("nosave")) {
      flags |= flag::nosave;
    } else if (cx.args.accept("now")) {
      flags |= flag::now;
    } else if (cx.args.accept("force")) {
      flags |= flag::force;
    } else if (cx.args.accept("abort")) {
      abort = true;
    } else {
      throw command_error(errors::syntax);
    }
  }
  constexpr int both = flag::save | flag::nosave;
  if ((flags & both) == both || (abort && flags != 0)) throw command_error(errors::syntax);
  if (abort) throw command_error("ERR No shutdown in progress.");
  if (cx.server.script != nullptr) {
    if ((flags & flag::nosave) == 0) throw command_error(cx.server.script->busy_error());
    cx.server.script->killed = true;  // the process cannot end before it
  }
  if (!prepare_shutdown(cx.server, flags))
    throw command_error("ERR Errors trying to SHUTDOWN. Check logs.");
  cx.server.process.shut_down();
}

constexpr command_spec table[] = {
    {"bgsave", arity::at_least(1), admin | noscript | no_async_loading, key_range::none(), bgsave},
    {"lastsave", arity::exactly(1), loading | stale | fast, key_range::none(), lastsave},
    {"save", arity::exactly(1), admin | noscript | no_async_loading | no_multi, key_range::none(),
     save},
    {"shutdown", arity::at_least(1), admin | noscript | loading | stale | no_multi | allow_busy,
     key_range::none(), shutdown},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows saving_commands() { return table; }

}  // namespace hawser::commands
