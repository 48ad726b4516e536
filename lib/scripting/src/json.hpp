#pragma once

#include "json_settings.hpp"
#include "lua.hpp"

#include <string>
#include <string_view>

namespace hawser::scripting {

/// Appends the value on top of the stack as JSON; raises an error of Lua's when it cannot be.
void append_json(lua_State* L, const json_settings& settings, std::string& to);

/// Pushes the value that a text says, behind which a zero byte is, as behind every string of Lua's.
/// Raises an error of Lua's when it says none.
void push_json(lua_State* L, const json_settings& settings, std::string_view text);

}  // namespace hawser::scripting
