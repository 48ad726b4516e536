#pragma once

extern "C" {
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
}

#include <string_view>

namespace hawser::scripting {

inline void push(lua_State* L, std::string_view text) {
  lua_pushlstring(L, text.data(), text.size());
}

/// The string at an index, which must be one (or a number, which becomes one).
inline std::string_view text_at(lua_State* L, int index) {
  std::size_t size = 0;
  const char* text = lua_tolstring(L, index, &size);
  return {text, size};
}

/// A field of the table on top of the stack, around its metatable; pushes it and returns its type.
inline int raw_field(lua_State* L, const char* name) {
  lua_pushstring(L, name);
  lua_rawget(L, -2);
  return lua_type(L, -1);
}

/// Sets a field of the table at `index` to what is on top of the stack, which is taken off; around
/// its metatable.
inline void set_raw_field(lua_State* L, int index, const char* name) {
  const int table = index > 0 || index <= LUA_REGISTRYINDEX ? index : lua_gettop(L) + index + 1;
  lua_pushstring(L, name);
  lua_insert(L, -2);
  lua_rawset(L, table);
}

}  // namespace hawser::scripting
