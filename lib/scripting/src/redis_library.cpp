#include "errors.hpp"
#include "libraries.hpp"
#include "lua_reply.hpp"
#include "runtime.hpp"
#include <base/digest.hpp>
#include <base/numbers.hpp>
#include <engine/dispatcher.hpp>
#include <engine/version.hpp>

#include <array>
#include <cmath>
#include <cstdio>
#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace hawser::scripting {

namespace {

constexpr int replicate_none = 0, replicate_aof = 1, replicate_replica = 2, replicate_all = 3;
constexpr int log_levels = 4;

/// "7.4.0" is 0x070400.
constexpr int version_number(std::string_view text) {
  int number = 0, part = 0;
  for (const char c : text) {
    if (c == '.')
      number = (number << 8) + std::exchange(part, 0);
    else
      part = part * 10 + (c - '0');
  }
  return (number << 8) + part;
}

int raise(lua_State* L, std::string_view text) {
  push_error(L, text);
  return lua_error(L);
}

/// The call that the state belongs to. Raises an error when there is none, which is while a library
/// is loaded.
invocation& running(lua_State* L) {
  auto* now = interpreter::of(L).home().running;
  if (now == nullptr)
    raise(L, "ERR redis.call/pcall can only be called inside a script invocation");
  return *now;
}

/// Numbers have all their digits. Whole ones, which most are, are written as such.
std::string_view write_number(double value, std::array<char, 40>& room) {
  constexpr double whole_limit = 1e15;
  if (std::fabs(value) < whole_limit && std::trunc(value) == value && !std::signbit(value))
    return {room.data(), base::format_int(room.data(), static_cast<std::int64_t>(value))};
  const int size = std::snprintf(room.data(), room.size(), "%.17g", value);
  return {room.data(), static_cast<std::size_t>(size)};
}

/// The arguments of a call as words; false if one is neither string nor number. Numbers on the
/// stack become strings, which hold the words.
bool read_words(lua_State* L, std::span<std::string_view> words) {
  for (int i = 1; i <= static_cast<int>(words.size()); ++i) {
    const int type = lua_type(L, i);
    if (type == LUA_TNUMBER) {
      std::array<char, 40> room;
      push(L, write_number(lua_tonumber(L, i), room));
      lua_replace(L, i);
    } else if (type != LUA_TSTRING) {
      return false;
    }
    words[static_cast<std::size_t>(i) - 1] = text_at(L, i);
  }
  return true;
}

enum class on_error : bool { hand_back, raise };

int give_error(lua_State* L, std::string_view text, on_error how, bool counted = false) {
  push_error(L, text, counted);
  return how == on_error::raise ? lua_error(L) : 1;
}

/// Null: the command has been executed. Nothing but what Lua throws may get into Lua.
const char* execute(invocation& now, script_client& client,
                    std::span<const std::string_view> words) {
  try {
    return now.cx.dispatcher.call_in_script(client.who, now.cx.who, words);
  } catch (const std::exception&) {
    return "ERR the command has failed: out of memory";
  }
}

int run_words(lua_State* L, invocation& now, std::span<std::string_view> words, on_error how) {
  if (!read_words(L, words))
    return give_error(L, "ERR Lua redis lib command arguments must be strings or integers", how);
  auto& client = now.home().commands;
  client.forget();
  if (const char* refused = execute(now, client, words)) return give_error(L, refused, how, true);
  const auto reply = client.reply();
  push_reply(L, reply);
  const bool failed = reply.starts_with('-');
  return failed && how == on_error::raise ? lua_error(L) : 1;
}

int run_command(lua_State* L, on_error how) {
  auto& now = running(L);
  const auto count = static_cast<std::size_t>(lua_gettop(L));
  if (count == 0)
    return give_error(L, "ERR Please specify at least one argument for this redis lib call", how);
  constexpr std::size_t few = 16;
  if (count <= few) {
    std::array<std::string_view, few> words;
    return run_words(L, now, {words.data(), count}, how);
  }
  std::vector<std::string_view> words(count);
  return run_words(L, now, words, how);
}

/// redis.call(command, ...)
int call(lua_State* L) { return run_command(L, on_error::raise); }
/// redis.pcall(command, ...)
int protected_call(lua_State* L) { return run_command(L, on_error::hand_back); }

/// redis.error_reply(text)
int error_reply(lua_State* L) {
  if (lua_gettop(L) != 1 || lua_type(L, 1) != LUA_TSTRING)
    return give_error(L, "ERR wrong number or type of arguments", on_error::hand_back);
  // As strings of C.
  std::string_view text = lua_tostring(L, 1);
  if (text.starts_with('-')) text.remove_prefix(1);
  std::string code = "ERR";
  if (const auto space = text.find(' '); space != std::string_view::npos) {
    code = text.substr(0, space);
    text.remove_prefix(space + 1);
  }
  const auto ends = [](char c) { return c == '\r' || c == '\n'; };
  while (!text.empty() && ends(text.front())) text.remove_prefix(1);
  while (!text.empty() && ends(text.back())) text.remove_suffix(1);
  push_error(L, (code + " ").append(text));
  return 1;
}

/// redis.status_reply(text)
int status_reply(lua_State* L) {
  if (lua_gettop(L) != 1 || lua_type(L, 1) != LUA_TSTRING)
    return give_error(L, "ERR wrong number or type of arguments", on_error::hand_back);
  lua_newtable(L);
  lua_pushvalue(L, 1);
  set_raw_field(L, -2, "ok");
  return 1;
}

/// redis.sha1hex(text)
int sha1hex(lua_State* L) {
  if (lua_gettop(L) != 1) return raise(L, "ERR wrong number of arguments");
  const auto text = lua_isstring(L, 1) ? text_at(L, 1) : std::string_view{};
  push(L, base::sha1_hex(text));
  return 1;
}

/// redis.log(level, text, ...)
int log(lua_State* L) {
  const int count = lua_gettop(L);
  if (count < 2) return raise(L, "ERR redis.log() requires two arguments or more.");
  if (!lua_isnumber(L, 1)) return raise(L, "ERR First argument must be a number (log level).");
  const auto level = lua_tonumber(L, 1);
  if (!(level > -1 && level < log_levels)) return raise(L, "ERR Invalid debug level.");
  std::string line;
  for (int i = 2; i <= count; ++i) {
    if (!lua_isstring(L, i)) continue;
    if (i > 2) line += ' ';
    line += text_at(L, i);
  }
  interpreter::of(L).home().server.log(static_cast<engine::log_level>(level), line);
  return 0;
}

/// redis.setresp(version)
int setresp(lua_State* L) {
  if (lua_gettop(L) != 1) return raise(L, "ERR redis.setresp() requires one argument.");
  const auto version = static_cast<int>(lua_isnumber(L, 1) ? lua_tonumber(L, 1) : 0);
  if (version != 2 && version != 3) return raise(L, "ERR RESP version must be 2 or 3.");
  running(L);
  interpreter::of(L).home().commands.who.reply.set_version(version == 2 ? resp::protocol::resp2
                                                                        : resp::protocol::resp3);
  return 0;
}

/// redis.set_repl(flags) -- one journal is for the append-only file and replicas alike: what is for
/// either is for both.
int set_repl(lua_State* L) {
  if (lua_gettop(L) != 1) return raise(L, "ERR redis.set_repl() requires two arguments.");
  const auto flags = static_cast<int>(lua_tonumber(L, 1));
  if ((flags & ~replicate_all) != 0)
    return raise(
        L, "ERR Invalid replication flags. Use REPL_AOF, REPL_REPLICA, REPL_ALL or REPL_NONE.");
  running(L).cx.server.journal.mute(flags == replicate_none);
  return 0;
}

/// redis.replicate_commands() -- effects are all that is ever replicated.
int replicate_commands(lua_State* L) {
  lua_pushboolean(L, 1);
  return 1;
}

/// redis.breakpoint() -- there is no debugger.
int breakpoint(lua_State* L) {
  lua_pushboolean(L, 0);
  return 1;
}

/// redis.debug(...)
int debug(lua_State*) { return 0; }

/// redis.acl_check_cmd(command, ...) -- whether the user may run it.
int acl_check_cmd(lua_State* L) {
  auto& now = running(L);
  const auto count = static_cast<std::size_t>(lua_gettop(L));
  if (count == 0)
    return raise(L, "ERR Please specify at least one argument for this redis lib call");
  std::vector<std::string_view> words(count);
  if (!read_words(L, words))
    return raise(L, "ERR Lua redis lib command arguments must be strings or integers");
  const auto* found = engine::called_by(words, now.cx.server.commands.find(words[0]));
  if (found == nullptr) return raise(L, "ERR Invalid command passed to redis.acl_check_cmd()");
  lua_pushboolean(L, !now.cx.who.user->check(*found, words));
  return 1;
}

void set(lua_State* L, const char* name, lua_CFunction to) {
  lua_pushcfunction(L, to);
  set_raw_field(L, -2, name);
}

void set(lua_State* L, const char* name, int to) {
  lua_pushinteger(L, to);
  set_raw_field(L, -2, name);
}

/// What is there always: the log and versions.
void add_facts(lua_State* L) {
  set(L, "log", log);
  const char* names[log_levels] = {"LOG_DEBUG", "LOG_VERBOSE", "LOG_NOTICE", "LOG_WARNING"};
  for (int i = 0; i < log_levels; ++i) set(L, names[i], i);
  push(L, engine::redis_version);
  set_raw_field(L, -2, "REDIS_VERSION");
  set(L, "REDIS_VERSION_NUM", version_number(engine::redis_version));
}

}  // namespace

void open_redis(lua_State* L, bool debugger) {
  lua_newtable(L);
  set(L, "call", call);
  set(L, "pcall", protected_call);
  add_facts(L);
  set(L, "setresp", setresp);
  set(L, "sha1hex", sha1hex);
  set(L, "error_reply", error_reply);
  set(L, "status_reply", status_reply);
  set(L, "set_repl", set_repl);
  set(L, "REPL_NONE", replicate_none);
  set(L, "REPL_AOF", replicate_aof);
  set(L, "REPL_SLAVE", replicate_replica);
  set(L, "REPL_REPLICA", replicate_replica);
  set(L, "REPL_ALL", replicate_all);
  set(L, "acl_check_cmd", acl_check_cmd);
  if (debugger) {
    set(L, "replicate_commands", replicate_commands);
    set(L, "breakpoint", breakpoint);
    set(L, "debug", debug);
  }
  lua_setglobal(L, "redis");
}

void push_loading_library(lua_State* L) {
  lua_newtable(L);
  add_facts(L);
  set(L, "register_function", register_function);
}

}  // namespace hawser::scripting
