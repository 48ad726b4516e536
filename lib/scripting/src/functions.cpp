#include "flush_mode.hpp"
#include "function_payload.hpp"
#include "invocation.hpp"
#include "kill.hpp"
#include "numbered_keys.hpp"
#include "runtime.hpp"
#include "tables.hpp"
#include <base/glob.hpp>
#include <commands/subcommand_help.hpp>
#include <engine/dispatcher.hpp>

#include <fmt/format.h>

#include <bit>
#include <optional>
#include <string>

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
using when_there = function_libraries::when_there;

function_libraries& libraries_of(context& cx) { return runtime::of(cx.server).libraries; }

/// FCALL function numkeys [key ...] [arg ...], FCALL_RO
void fcall(context& cx) {
  cx.dispatcher.show_to_monitors(cx, cx.args.words());
  auto& libraries = libraries_of(cx);
  const library* in = nullptr;
  const auto* found = libraries.find(cx.args.next(), in);
  if (found == nullptr) throw command_error("ERR Function not found");
  const auto with = read_keys(cx.args, "ERR Bad number of keys provided");
  const callee called{libraries.vm(), found->name, found->flags, found->callback};
  invocation(cx, called).run_function(with.keys, with.args);
}

/// Some subcommands refuse more words than they take in a way of their own.
void check_few(context& cx, std::size_t most) {
  if (cx.args.left() <= most) return;
  throw command_error(
      fmt::format("ERR unknown subcommand or wrong number of arguments for '{}'. Try FUNCTION "
                  "HELP.",
                  cx.args.words()[1].substr(0, 128)));
}

/// FUNCTION DELETE library
void remove(context& cx) {
  if (!libraries_of(cx).remove(cx.args.next())) throw command_error("ERR Library not found");
  ++cx.server.changes;
  cx.reply.ok();
}

/// FUNCTION DUMP -- all libraries as a payload for RESTORE.
void dump(context& cx) {
  const auto version = static_cast<int>(cx.server.options.rdb_version);
  cx.reply.bulk(dump_libraries(libraries_of(cx).all(), version));
}

/// FUNCTION FLUSH [ASYNC|SYNC] -- what is left is destroyed at once: it is little.
void flush(context& cx) {
  check_few(cx, 1);
  read_flush_mode(cx, "ERR FUNCTION FLUSH only supports SYNC|ASYNC option");
  libraries_of(cx).clear();
  ++cx.server.changes;
  cx.reply.ok();
}

/// FUNCTION KILL
void kill(context& cx) { kill_running(cx, true); }

void reply_function(context& cx, const function& of) {
  cx.reply.map(3).bulk("name").bulk(of.name).bulk("description");
  of.described ? cx.reply.bulk(of.description) : cx.reply.null();
  cx.reply.bulk("flags").set(static_cast<std::size_t>(std::popcount(of.flags)));
  for (const auto& [name, bit] : flag_names)
    if (of.flags & bit) cx.reply.simple(name);
}

void reply_library(context& cx, const library& of, bool with_code) {
  cx.reply.map(with_code ? 4 : 3).bulk("library_name").bulk(of.name).bulk("engine").bulk("LUA");
  cx.reply.bulk("functions").array(of.functions.size());
  for (const auto& [name, each] : of.functions) reply_function(cx, each);
  if (with_code) cx.reply.bulk("library_code").bulk(of.code);
}

/// FUNCTION LIST [LIBRARYNAME pattern] [WITHCODE]
void list(context& cx) {
  bool with_code = false;
  std::optional<std::string_view> pattern;
  while (!cx.args.empty()) {
    const auto word = cx.args.next();
    if (!with_code && base::iequals(word, "withcode")) {
      with_code = true;
    } else if (!pattern && base::iequals(word, "libraryname")) {
      if (cx.args.empty()) throw command_error("ERR library name argument was not given");
      pattern = cx.args.next();
    } else {
      throw command_error("ERR Unknown argument " + std::string(word));
    }
  }
  std::vector<const library*> shown;
  for (const auto& [name, each] : libraries_of(cx).all())
    if (!pattern || base::glob_match(*pattern, name, true)) shown.push_back(each.get());
  cx.reply.array(shown.size());
  for (const auto* each : shown) reply_library(cx, *each, with_code);
}

/// FUNCTION LOAD [REPLACE] code -- the library's name.
void load(context& cx) {
  auto how = when_there::refuse;
  while (cx.args.left() > 1) {
    const auto word = cx.args.next();
    if (!base::iequals(word, "replace"))
      throw command_error("ERR Unknown option given: " + std::string(word));
    how = when_there::replace;
  }
  const auto name = libraries_of(cx).load(cx.args.next(), how);
  ++cx.server.changes;
  cx.reply.bulk(name);
}

/// FUNCTION RESTORE payload [FLUSH|APPEND|REPLACE]
void restore(context& cx) {
  check_few(cx, 2);
  const auto payload = cx.args.next();
  bool flush_first = false;
  auto how = when_there::refuse;
  if (!cx.args.empty()) {
    if (cx.args.accept("replace"))
      how = when_there::replace;
    else if (cx.args.accept("flush"))
      flush_first = true;
    else if (!cx.args.accept("append"))
      throw command_error(
          "ERR Wrong restore policy given, value should be either FLUSH, APPEND or REPLACE.");
  }
  auto& libraries = libraries_of(cx);
  auto more = read_libraries(payload, libraries);
  if (flush_first) libraries.clear();
  libraries.join(std::move(more), how);
  ++cx.server.changes;
  cx.reply.ok();
}

void reply_running(context& cx, const invocation* now) {
  if (now == nullptr) return void(cx.reply.null());
  cx.reply.map(3).bulk("name").bulk(now->name()).bulk("command").array(now->command().size());
  for (const auto word : now->command()) cx.reply.bulk(word);
  cx.reply.bulk("duration_ms").integer(now->milliseconds());
}

/// FUNCTION STATS
void stats(context& cx) {
  const auto* now = runtime::of(cx.server).running;
  if (now != nullptr && !now->state.function) throw command_error(now->state.busy_error());
  const auto& libraries = libraries_of(cx);
  cx.reply.map(2).bulk("running_script");
  reply_running(cx, now);
  cx.reply.bulk("engines").map(1).bulk("LUA").map(2);
  cx.reply.bulk("libraries_count").integer(static_cast<std::int64_t>(libraries.all().size()));
  cx.reply.bulk("functions_count").integer(static_cast<std::int64_t>(libraries.function_count()));
}

constexpr command_spec subcommands[] = {
    {"delete", arity::exactly(3), noscript | write, key_range::none(), remove},
    {"dump", arity::exactly(2), noscript, key_range::none(), dump},
    {"flush", arity::at_least(2), noscript | write, key_range::none(), flush},
    {"help", arity::exactly(2), loading | stale, key_range::none(), help},
    {"kill", arity::exactly(2), noscript | allow_busy, key_range::none(), kill},
    {"list", arity::at_least(2), noscript, key_range::none(), list},
    {"load", arity::at_least(3), noscript | write | denyoom, key_range::none(), load},
    {"restore", arity::at_least(3), noscript | write | denyoom, key_range::none(), restore},
    {"stats", arity::exactly(2), noscript | allow_busy, key_range::none(), stats},
};
static_assert(well_formed(subcommands));

constexpr auto usual =
    noscript | stale | skip_monitor | no_mandatory_keys | movablekeys | runs_script;

constexpr command_spec table[] = {
    {"fcall", arity::at_least(3), usual | may_replicate, key_range::none(), fcall},
    {"fcall_ro", arity::at_least(3), usual | readonly, key_range::none(), fcall},
    {"function", arity::at_least(2), {}, key_range::none(), nullptr, subcommands},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows function_commands() { return table; }

}  // namespace hawser::scripting
