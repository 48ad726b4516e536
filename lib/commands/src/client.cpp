#include "client_kill.hpp"
#include "client_tracking.hpp"
#include "connection_names.hpp"
#include "family.hpp"
#include "help.hpp"
#include <commands/subcommand_help.hpp>
#include <engine/client_info.hpp>
#include <engine/dispatcher.hpp>

#include <fmt/format.h>

#include <limits>
#include <optional>
#include <string>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using engine::reply_mode;

/// CLIENT ID
void id(context& cx) { cx.reply.integer(static_cast<std::int64_t>(cx.who.id)); }

/// CLIENT INFO
void info(context& cx) { cx.reply.verbatim(engine::describe(cx.who, cx.now) + '\n'); }

std::string list_by_id(context& cx) {
  std::string lines;
  while (!cx.args.empty()) {
    const auto wanted = cx.args.integer("ERR Invalid client ID");
    const auto found = cx.server.clients.find(static_cast<std::uint64_t>(wanted));
    if (found != cx.server.clients.end()) lines += engine::describe(*found->second, cx.now) + '\n';
  }
  return lines;
}

std::string list_by_type(context& cx, std::optional<engine::client_type> type) {
  std::string lines;
  for (const auto& [number, each] : cx.server.clients)
    if (!type || engine::type_of(*each) == *type) lines += engine::describe(*each, cx.now) + '\n';
  return lines;
}

/// CLIENT LIST [TYPE type] | [ID id [id ...]]
void list(context& cx) {
  auto& args = cx.args;
  if (args.accept_with("id", 1)) {
    cx.reply.verbatim(list_by_id(cx));
    return;
  }
  std::optional<engine::client_type> type;
  if (args.left() == 2 && args.accept("type")) type = engine::parse_client_type(args.next());
  args.done();
  cx.reply.verbatim(list_by_type(cx, type));
}

/// CLIENT GETNAME
void getname(context& cx) { cx.who.name.empty() ? cx.reply.null() : cx.reply.bulk(cx.who.name); }

/// CLIENT SETNAME name
void setname(context& cx) {
  set_connection_name(cx.who, cx.args.next());
  cx.reply.ok();
}

/// CLIENT SETINFO LIB-NAME name | LIB-VER version
void setinfo(context& cx) {
  const auto set = [&](std::string& field, std::string_view attribute) {
    const auto value = cx.args.next();
    if (!is_connection_name(value))
      throw command_error(
          fmt::format("ERR {} cannot contain spaces, newlines or special characters.", attribute));
    field = value;
  };
  if (cx.args.accept("lib-name"))
    set(cx.who.library_name, "lib-name");
  else if (cx.args.accept("lib-ver"))
    set(cx.who.library_version, "lib-ver");
  else
    throw command_error(fmt::format("ERR Unrecognized option '{}'", cx.args.next()));
  cx.reply.ok();
}

/// CLIENT KILL addr | filter value [filter value ...]
void kill(context& cx) { kill_clients(cx); }

base::milliseconds_t pause_time(context& cx) {
  const auto time = cx.args.integer("ERR timeout is not an integer or out of range");
  if (time < 0) throw command_error("ERR timeout is negative");
  if (time > std::numeric_limits<base::milliseconds_t>::max() - cx.now)
    throw command_error("ERR timeout is out of range");
  return time;
}

/// CLIENT PAUSE timeout [WRITE|ALL]
void pause(context& cx) {
  using scope = engine::pause::scope;
  if (cx.args.left() > 2) wrong_subcommand(cx);
  auto what = scope::everything;
  if (cx.args.left() == 2) {
    const auto mode = cx.args.words().back();
    if (base::iequals(mode, "write"))
      what = scope::writes;
    else if (!base::iequals(mode, "all"))
      throw command_error("ERR CLIENT PAUSE mode must be WRITE or ALL");
  }
  cx.server.paused.begin(what, cx.now + pause_time(cx), cx.now);
  cx.dispatcher.ask_for_end_of_pause();
  cx.reply.ok();
}

/// CLIENT UNPAUSE
void unpause(context& cx) {
  cx.server.unpause();
  cx.reply.ok();
}

/// CLIENT REPLY ON|OFF|SKIP -- only ON is replied to.
void reply(context& cx) {
  const bool off = cx.who.replies == reply_mode::off;
  if (cx.args.accept("on")) {
    if (cx.who.replies != reply_mode::skip_next) cx.dispatcher.set_replies(cx.who, reply_mode::on);
    cx.reply.ok();
  } else if (cx.args.accept("off")) {
    cx.dispatcher.set_replies(cx.who, reply_mode::off);
  } else if (cx.args.accept("skip")) {
    if (!off) cx.dispatcher.set_replies(cx.who, reply_mode::skip_next);
  } else {
    throw command_error(errors::syntax);
  }
}

/// CLIENT UNBLOCK client-id [TIMEOUT|ERROR] -- a client held back by CLIENT PAUSE is not blocked.
void unblock(context& cx) {
  if (cx.args.left() > 2) wrong_subcommand(cx);
  bool by_error = false;
  if (cx.args.left() == 2) {
    const auto reason = cx.args.words().back();
    by_error = base::iequals(reason, "error");
    if (!by_error && !base::iequals(reason, "timeout"))
      throw command_error("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
  }
  const auto id = static_cast<std::uint64_t>(cx.args.integer());
  const auto found = cx.server.clients.find(id);
  const bool blocked = found != cx.server.clients.end() && found->second->blocked;
  cx.reply.integer(blocked);
  if (!blocked) return;
  by_error ? cx.dispatcher.end_wait_by_error(*found->second,
                                             "UNBLOCKED client unblocked via CLIENT UNBLOCK")
           : cx.dispatcher.end_wait_by_timeout(*found->second);
}

bool on_or_off(context& cx) {
  if (cx.args.accept("on")) return true;
  if (cx.args.accept("off")) return false;
  throw command_error(errors::syntax);
}

/// CLIENT NO-EVICT ON|OFF
void no_evict(context& cx) {
  cx.who.no_evict = on_or_off(cx);
  cx.reply.ok();
}

/// CLIENT NO-TOUCH ON|OFF
void no_touch(context& cx) {
  cx.who.no_touch = on_or_off(cx);
  cx.reply.ok();
}

/// CLIENT TRACKING ON|OFF [REDIRECT id] [PREFIX prefix ...] [BCAST] [OPTIN] [OPTOUT] [NOLOOP]
void tracking(context& cx) { set_tracking(cx); }

/// CLIENT CACHING YES|NO
void caching(context& cx) { set_caching(cx); }

/// CLIENT GETREDIR
void getredir(context& cx) { cx.reply.integer(engine::redirection(cx.who)); }

/// CLIENT TRACKINGINFO
void trackinginfo(context& cx) { reply_tracking(cx); }

constexpr auto common = noscript | loading | stale;
constexpr auto operators = common | admin;
constexpr auto no_keys = key_range::none();

constexpr command_spec client_table[] = {
    {"caching", arity::exactly(3), common, no_keys, caching},
    {"getname", arity::exactly(2), common, no_keys, getname},
    {"getredir", arity::exactly(2), common, no_keys, getredir},
    {"help", arity::exactly(2), loading | stale, no_keys, help},
    {"id", arity::exactly(2), common, no_keys, id},
    {"info", arity::exactly(2), common, no_keys, info},
    {"kill", arity::at_least(3), operators, no_keys, kill},
    {"list", arity::at_least(2), operators, no_keys, list},
    {"no-evict", arity::exactly(3), operators, no_keys, no_evict},
    {"no-touch", arity::exactly(3), common, no_keys, no_touch},
    {"pause", arity::at_least(3), operators, no_keys, pause},
    {"reply", arity::exactly(3), common, no_keys, reply},
    {"setinfo", arity::exactly(4), common, no_keys, setinfo},
    {"setname", arity::exactly(3), common, no_keys, setname},
    {"tracking", arity::at_least(3), common, no_keys, tracking},
    {"trackinginfo", arity::exactly(2), common, no_keys, trackinginfo},
    {"unblock", arity::at_least(3), operators, no_keys, unblock},
    {"unpause", arity::exactly(2), operators, no_keys, unpause},
};
static_assert(well_formed(client_table));

constexpr command_spec table[] = {
    {"client", arity::at_least(2), {}, no_keys, nullptr, client_table},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows client_commands() { return table; }

}  // namespace hawser::commands
