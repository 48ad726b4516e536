#pragma once

#include "lua.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hawser::scripting {

class runtime;

/// A Lua state with everything that scripts, or functions of libraries, may use, and nothing else.
///
/// Scripts see the tables that they share (globals, libraries) through empty tables that are read
/// through and cannot be written: Lua 5.1 has no read-only tables of its own. All functions that go
/// around metatables (next, rawset, table.insert...) know them.
class interpreter {
 public:
  enum class kind : std::uint8_t { scripts, functions };

  interpreter(runtime& home, kind what);
  interpreter(const interpreter&) = delete;
  interpreter& operator=(const interpreter&) = delete;
  ~interpreter();

  /// The interpreter that a state, or a coroutine of it, belongs to.
  static interpreter& of(lua_State* L);

  lua_State* state() { return state_; }
  runtime& home() { return home_; }

  /// Bytes allocated.
  std::size_t memory() const { return memory_; }

  /// Whether a value is one of the tables that scripts cannot write.
  bool is_read_only(lua_State* L, int index) const;
  /// Pushes the table behind it.
  static void push_real(lua_State* L, int index);
  /// Puts a read-only table in the place of the one on top of the stack.
  void make_read_only(lua_State* L);

  /// Sets a global for scripts, taking it off the stack.
  void set_global(const char* name);

  /// What is compiled while this is there sees but what a library needs when it is loaded; nothing
  /// of it remains.
  class loading {
   public:
    explicit loading(interpreter& of) : of_(of) { of_.show_globals(of_.loading_globals_); }
    loading(const loading&) = delete;
    loading& operator=(const loading&) = delete;
    ~loading() { of_.show_globals(of_.globals_); }

   private:
    interpreter& of_;
  };

  /// Pushes the function that makes a table of any error and adds where it happened.
  void push_error_handler() { lua_rawgeti(state_, LUA_REGISTRYINDEX, error_handler_); }

  /// Compiles source, never bytecode; pushes a function, or the message and returns false.
  bool compile(std::string_view source, const char* name);

  /// Cleans up after a call: at times a step of the garbage collector.
  void after_call();
  /// The script has changed how garbage is collected: that ends with it.
  void garbage_collection_changed() { collection_changed_ = true; }

 private:
  static void* allocate(void* self, void* old, std::size_t old_size, std::size_t new_size);
  static int set_up(lua_State* L);
  void open_libraries();
  void make_globals();
  void make_loading_globals();
  void show_globals(int reference);

  runtime& home_;
  const kind kind_;
  std::size_t memory_ = 0;
  lua_State* state_;
  std::vector<const void*> read_only_;  // the tables that scripts see
  int globals_ = LUA_NOREF;             // references in the registry
  int loading_globals_ = LUA_NOREF;
  int error_handler_ = LUA_NOREF;
  unsigned calls_ = 0;
  bool collection_changed_ = false;
};

}  // namespace hawser::scripting
