#pragma once

#include <engine/context.hpp>

// The subcommands of DEBUG that show how a value is kept. What Redis writes to its standard output
// goes to the log.
namespace hawser::commands {

/// DEBUG LISTPACK key
void debug_listpack(engine::context& cx);
/// DEBUG QUICKLIST key [0|1]
void debug_quicklist(engine::context& cx);
/// DEBUG SDSLEN key
void debug_string_length(engine::context& cx);

}  // namespace hawser::commands
