#pragma once

#include "interpreter.hpp"
#include "script_flags.hpp"
#include <engine/context.hpp>
#include <engine/script_engine.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace hawser::scripting {

class runtime;

/// What is to be called: a script, or a function of a library.
struct callee {
  interpreter& vm;
  std::string_view name;  // the digest of a script
  script_flags flags;
  int function;  // its reference in the registry
};

/// A call of a script or a function on behalf of a command, to which it replies.
class invocation {
 public:
  using words_t = std::span<const std::string_view>;

  invocation(engine::context& cx, const callee& what);
  invocation(const invocation&) = delete;
  invocation& operator=(const invocation&) = delete;

  /// Calls a script, which finds keys and arguments among its globals.
  void run_script(words_t keys, words_t args);
  /// Calls a function with them.
  void run_function(words_t keys, words_t args);

  engine::context& cx;
  engine::running_script state;
  runtime& home() const { return home_; }
  std::string_view name() const { return what_.name; }
  words_t command() const { return cx.args.words(); }
  std::int64_t milliseconds() const;

 private:
  class under_way;

  void admit() const;
  void call(int arguments);
  void reply_error();
  static void look_up(lua_State* L, lua_Debug* where);
  void check_time(lua_State* L);

  const callee& what_;
  runtime& home_;
  bool read_only_command_;
  std::int64_t begun_ns_;
};

/// Pushes the table of strings that scripts call KEYS or ARGV.
void push_words(lua_State* L, std::span<const std::string_view> words);

}  // namespace hawser::scripting
