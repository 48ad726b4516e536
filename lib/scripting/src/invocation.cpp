#include "invocation.hpp"

#include "errors.hpp"
#include "lua_reply.hpp"
#include "runtime.hpp"
#include <engine/dispatcher.hpp>

#include <fmt/format.h>

namespace hawser::scripting {

namespace {

using engine::command_error;

constexpr int instructions_between_looks = 100'000;

}  // namespace

/// While it lives the server knows that a script runs.
class invocation::under_way {
 public:
  explicit under_way(invocation& of) : of_(of) {
    of_.home_.running = &of_;
    of_.home_.server.script = &of_.state;
    of_.home_.commands.act_for(of_.cx.who);
    if (of_.home_.server.options.busy_reply_threshold > 0)
      lua_sethook(of_.what_.vm.state(), look_up, LUA_MASKCOUNT, instructions_between_looks);
  }
  under_way(const under_way&) = delete;
  under_way& operator=(const under_way&) = delete;
  ~under_way() {
    lua_sethook(of_.what_.vm.state(), nullptr, 0, 0);
    of_.home_.running = nullptr;
    of_.home_.server.script = nullptr;
    of_.home_.commands.forget();
    of_.home_.server.journal.mute(false);
    of_.home_.server.update_time();
    if (of_.state.busy) of_.home_.server.process.busy_over();
  }

 private:
  invocation& of_;
};

invocation::invocation(engine::context& cx, const callee& what)
    : cx(cx),
      what_(what),
      home_(runtime::of(cx.server)),
      read_only_command_(cx.what.full_name.ends_with("_ro")),
      begun_ns_(cx.server.clock.monotonic_ns()) {
  const bool declared = !(what.flags & flag::undeclared);
  state.caller = &cx.who;
  state.what = &cx.what;
  state.words = cx.args.words();
  state.read_only = read_only_command_ || (declared && (what.flags & flag::no_writes));
  state.allow_oom = declared && (what.flags & (flag::allow_oom | flag::no_writes));
}

std::int64_t invocation::milliseconds() const {
  return (home_.server.clock.monotonic_ns() - begun_ns_) / 1'000'000;
}

/// Whether a script may run as it says that it will. One that says nothing is seen to command by
/// command.
void invocation::admit() const {
  if (what_.flags & (flag::undeclared | flag::no_writes)) return;
  const auto trouble = cx.server.trouble_with_disk();
  if (trouble == engine::disk_trouble::snapshot)
    throw command_error(
        "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist "
        "to disk. Writable scripts are blocked. Use 'no-writes' flag for read only scripts.");
  if (trouble == engine::disk_trouble::append_only_file)
    throw command_error(
        "MISCONF Redis is configured to persist data to AOF, but it's currently unable to persist "
        "to disk. Writable scripts are blocked. Use 'no-writes' flag for read only scripts. AOF "
        "error: " +
        cx.server.append_failure);
  if (read_only_command_)
    throw command_error("ERR Can not execute a script with write flag using *_ro command.");
}

void invocation::run_script(words_t keys, words_t args) {
  admit();
  auto& vm = what_.vm;
  auto* L = vm.state();
  push_words(L, keys);
  vm.set_global("KEYS");
  push_words(L, args);
  vm.set_global("ARGV");
  vm.push_error_handler();
  lua_rawgeti(L, LUA_REGISTRYINDEX, what_.function);
  call(0);
}

void invocation::run_function(words_t keys, words_t args) {
  admit();
  state.function = true;
  auto* L = what_.vm.state();
  what_.vm.push_error_handler();
  lua_rawgeti(L, LUA_REGISTRYINDEX, what_.function);
  push_words(L, keys);
  push_words(L, args);
  call(2);
}

/// Calls the function on the stack, behind which are its arguments and before which the handler of
/// errors is.
void invocation::call(int arguments) {
  cx.no_effect();  // its commands have their own
  auto* L = what_.vm.state();
  const int handler = lua_gettop(L) - arguments - 1;
  const under_way mark(*this);
  if (lua_pcall(L, arguments, 1, handler) == 0)
    reply_value(L, cx, home_.commands.who.resp3());
  else
    reply_error();
  lua_settop(L, handler - 1);
  what_.vm.after_call();
}

/// Replies the error on top of the stack.
void invocation::reply_error() {
  auto* L = what_.vm.state();
  if (!lua_istable(L, -1)) {
    constexpr std::size_t longest = 100;
    const auto text = lua_isstring(L, -1) ? text_at(L, -1) : "execution failure";
    return fail(cx,
                fmt::format("ERR Error running script {}, {}", what_.name, text.substr(0, longest)),
                true);
  }
  auto error = take_error(L);
  if (!error.source.empty())
    error.text += fmt::format(" script: {}, on {}:{}.", what_.name, error.source, error.line);
  fail(cx, error.text, !error.counted);
}

void invocation::look_up(lua_State* L, lua_Debug*) {
  if (auto* now = interpreter::of(L).home().running) now->check_time(L);
}

/// Every now and then: a script that takes long has others served meanwhile, who may end it.
void invocation::check_time(lua_State* L) {
  auto& server = home_.server;
  if (!state.busy) {
    if (milliseconds() < server.options.busy_reply_threshold) return;
    server.log(engine::log_level::warning,
               fmt::format("Slow script detected: still in execution after {} milliseconds. You "
                           "can try killing the script using the {} command.",
                           milliseconds(), state.function ? "FUNCTION KILL" : "SCRIPT KILL"));
    state.busy = true;
  }
  server.process.while_busy();
  if (!state.killed) return;
  server.log(engine::log_level::notice, "Lua script killed by user with SCRIPT KILL.");
  // From here on every line ends it: catching the error is of no use.
  lua_sethook(L, look_up, LUA_MASKLINE, 0);
  push_error(L, "ERR Script killed by user with SCRIPT KILL.");
  lua_error(L);
}

void push_words(lua_State* L, std::span<const std::string_view> words) {
  lua_createtable(L, static_cast<int>(words.size()), 0);
  int at = 0;
  for (const auto word : words) {
    push(L, word);
    lua_rawseti(L, -2, ++at);
  }
}

}  // namespace hawser::scripting
