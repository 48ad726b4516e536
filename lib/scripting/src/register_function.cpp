#include "errors.hpp"
#include "libraries.hpp"
#include "runtime.hpp"

#include <optional>
#include <string>

namespace hawser::scripting {

namespace {

/// What a library says of a function.
struct declaration {
  const char* problem = nullptr;
  std::string name;
  std::string description;
  int callback = 0;  // index on the stack
  bool named = false;
  bool described = false;
  script_flags flags = 0;
};

/// Reads the table of flags on top of the stack.
void read_flags(lua_State* L, declaration& of) {
  for (int i = 1;; ++i) {
    lua_rawgeti(L, -1, i);
    const int type = lua_type(L, -1);
    const auto found = type == LUA_TSTRING ? find_flag(text_at(L, -1)) : std::nullopt;
    lua_pop(L, 1);
    if (type == LUA_TNIL) return;
    if (!found) {
      of.problem = "unknown flag given";
      return;
    }
    of.flags |= *found;
  }
}

/// Reads a field, whose value is on top of the stack. Numbers are taken for their digits.
void read_field(lua_State* L, std::string_view field, declaration& of) {
  if (field == "function_name") {
    if (!lua_isstring(L, -1)) {
      of.problem = "function_name argument given to redis.register_function must be a string";
      return;
    }
    of.name = text_at(L, -1);
    of.named = true;
  } else if (field == "description") {
    if (!lua_isstring(L, -1)) {
      of.problem = "description argument given to redis.register_function must be a string";
      return;
    }
    of.description = text_at(L, -1);
    of.described = true;
  } else if (field == "callback") {
    if (!lua_isfunction(L, -1)) {
      of.problem = "callback argument given to redis.register_function must be a function";
      return;
    }
    of.callback = lua_gettop(L);
  } else if (field == "flags") {
    if (!lua_istable(L, -1)) {
      of.problem =
          "flags argument to redis.register_function must be a table representing function flags";
      return;
    }
    read_flags(L, of);
  } else {
    of.problem = "unknown argument given to redis.register_function";
  }
}

/// Reads the table at 1. Values that are kept stay on the stack below the key that is walked with.
declaration read_table(lua_State* L) {
  declaration of;
  lua_pushnil(L);
  while (of.problem == nullptr && lua_next(L, 1) != 0) {
    const auto field = lua_type(L, -2) == LUA_TSTRING ? text_at(L, -2) : std::string_view{};
    lua_insert(L, -2);  // the value below the key
    lua_pushvalue(L, -2);
    read_field(L, field, of);
    if (of.callback == lua_gettop(L)) of.callback -= 2;
    lua_pop(L, 1);
  }
  if (of.problem != nullptr) return of;
  if (!of.named)
    of.problem = "redis.register_function must get a function name argument";
  else if (of.callback == 0)
    of.problem = "redis.register_function must get a callback argument";
  return of;
}

declaration read_arguments(lua_State* L) {
  const int count = lua_gettop(L);
  declaration of;
  if (count < 1 || count > 2) {
    of.problem = "wrong number of arguments to redis.register_function";
  } else if (count == 1) {
    if (lua_istable(L, 1)) return read_table(L);
    of.problem =
        "calling redis.register_function with a single argument is only applicable to Lua table "
        "(representing named arguments).";
  } else if (!lua_isstring(L, 1)) {
    of.problem = "first argument to redis.register_function must be a string";
  } else if (!lua_isfunction(L, 2)) {
    of.problem = "second argument to redis.register_function must be a function";
  } else {
    of.name = text_at(L, 1);
    of.callback = 2;
  }
  return of;
}

}  // namespace

/// redis.register_function(name, callback), or one table with function_name, callback, flags and
/// description.
int register_function(lua_State* L) {
  auto* library = interpreter::of(L).home().libraries.loading();
  const auto refuse = [L](const char* why) {
    push_error(L, std::string("ERR ") + why);
    return lua_error(L);
  };
  if (library == nullptr)
    return refuse("redis.register_function can only be called on FUNCTION LOAD command");
  const auto said = read_arguments(L);
  if (said.problem != nullptr) return refuse(said.problem);
  if (!is_function_name(said.name)) return refuse(bad_function_name);
  if (library->functions.contains(said.name))
    return refuse("Function already exists in the library");
  function made{said.name, said.description, said.described, said.flags, LUA_NOREF};
  lua_pushvalue(L, said.callback);
  made.callback = luaL_ref(L, LUA_REGISTRYINDEX);
  auto name = made.name;
  library->functions.emplace(std::move(name), std::move(made));
  return 0;
}

}  // namespace hawser::scripting
