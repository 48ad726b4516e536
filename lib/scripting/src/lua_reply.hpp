#pragma once

#include "lua.hpp"
#include <engine/context.hpp>

#include <string_view>

namespace hawser::scripting {

/// Replies what a script has returned, the value on top of the stack, which is taken off. Booleans
/// are what they are to a script that has chosen RESP3; to others false is null and true 1.
void reply_value(lua_State* L, engine::context& cx, bool script_resp3);

/// Pushes the reply to a command as a value.
void push_reply(lua_State* L, std::string_view reply);

}  // namespace hawser::scripting
