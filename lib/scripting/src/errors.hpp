#pragma once

#include "lua.hpp"
#include <engine/context.hpp>

#include <string>
#include <string_view>

namespace hawser::scripting {

/// Pushes an error as scripts see it: a table whose `err` is the text, with its code. `counted`:
/// the statistics of errors know it already, which the table keeps in mind.
void push_error(lua_State* L, std::string_view text, bool counted = false);

/// An error as a script has made it.
struct script_error {
  std::string text;  // with its code
  std::string source;
  std::string line;
  bool counted = false;
};

/// What the table on top of the stack says.
script_error take_error(lua_State* L);

/// Replies an error of a script.
void fail(engine::context& cx, std::string_view text, bool count);

}  // namespace hawser::scripting
