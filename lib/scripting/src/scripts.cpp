#include "flush_mode.hpp"
#include "kill.hpp"
#include "runtime.hpp"
#include "tables.hpp"
#include <commands/subcommand_help.hpp>

namespace hawser::scripting {

namespace {

using namespace engine::flags;
using commands::help;
using engine::arity;
using engine::command_error;
using engine::command_spec;
using engine::context;
using engine::key_range;
using engine::well_formed;

/// SCRIPT DEBUG YES|SYNC|NO -- there is no debugger: turning it off is all that can be asked for.
void debug(context& cx) {
  const auto mode = cx.args.next();
  if (base::iequals(mode, "no")) return void(cx.reply.ok());
  if (!base::iequals(mode, "yes") && !base::iequals(mode, "sync"))
    throw command_error("ERR Use SCRIPT DEBUG YES/SYNC/NO");
  throw command_error("ERR there is no debugger for scripts in this server");
}

/// SCRIPT EXISTS sha1 [sha1 ...]
void exists(context& cx) {
  const auto& scripts = runtime::of(cx.server).scripts;
  const auto wanted = cx.args.rest();
  cx.reply.array(wanted.size());
  for (const auto sha : wanted) cx.reply.integer(scripts.find(sha) != nullptr);
}

/// SCRIPT FLUSH [ASYNC|SYNC]
void flush(context& cx) {
  const bool background = read_flush_mode(cx, "ERR SCRIPT FLUSH only support SYNC|ASYNC option");
  destroy(cx.server, runtime::of(cx.server).scripts.clear(), background);
  cx.reply.ok();
}

/// SCRIPT KILL
void kill(context& cx) { kill_running(cx, false); }

/// SCRIPT LOAD script -- the digest that EVALSHA takes.
void load(context& cx) { cx.reply.bulk(runtime::of(cx.server).scripts.get(cx.args.next()).sha); }

/// SCRIPT SHOW sha1 -- the text.
void show(context& cx) {
  const auto sha = cx.args.next();
  const auto* found = runtime::of(cx.server).scripts.find(sha);
  if (found == nullptr) throw command_error("NOSCRIPT No matching script. Please use EVAL.");
  cx.reply.bulk(found->text);
}

constexpr command_spec subcommands[] = {
    {"debug", arity::exactly(3), noscript, key_range::none(), debug},
    {"exists", arity::at_least(3), noscript, key_range::none(), exists},
    {"flush", arity::at_least(2), noscript, key_range::none(), flush},
    {"help", arity::exactly(2), loading | stale, key_range::none(), help},
    {"kill", arity::exactly(2), noscript | allow_busy, key_range::none(), kill},
    {"load", arity::exactly(3), noscript | stale, key_range::none(), load},
    {"show", arity::exactly(3), noscript, key_range::none(), show},
};
static_assert(well_formed(subcommands));

constexpr command_spec table[] = {
    {"script", arity::at_least(2), {}, key_range::none(), nullptr, subcommands},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows script_commands() { return table; }

}  // namespace hawser::scripting
