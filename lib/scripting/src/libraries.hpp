#pragma once

#include "lua.hpp"

#include <string_view>

namespace hawser::scripting {

/// Puts functions that know read-only tables, and no bytecode, in the place of those of Lua.
void replace_base_functions(lua_State* L);
/// math.random and math.randomseed with numbers that are the same everywhere.
void replace_random(lua_State* L);
/// What getmetatable replies for a string and for the globals from now on.
void share_metatables(lua_State* L);

/// Libraries, as globals. `debugger`: with the functions that talk to one.
void open_redis(lua_State* L, bool debugger);
void open_bit(lua_State* L);
void open_json(lua_State* L);
void open_msgpack(lua_State* L);
void open_struct(lua_State* L);

/// redis.register_function, for libraries that are being loaded.
int register_function(lua_State* L);

/// Pushes the `redis` that is there while a library is loaded.
void push_loading_library(lua_State* L);

/// Compiles source; pushes a function, or the message and returns an error of Lua's. Bytecode is
/// taken for source, in which it is a mistake.
int load_source(lua_State* L, std::string_view source, const char* name);

/// Pushes what tostring makes of a value.
void push_as_text(lua_State* L, int index);

}  // namespace hawser::scripting
