#pragma once

#include <engine/context.hpp>

// The subcommands of DEBUG that end the process.
namespace hawser::commands {

/// DEBUG SEGFAULT
void debug_segfault(engine::context& cx);
/// DEBUG ASSERT
void debug_assert(engine::context& cx);
/// DEBUG PANIC
void debug_panic(engine::context& cx);
/// DEBUG OOM
void debug_out_of_memory(engine::context& cx);
/// DEBUG RESTART [milliseconds] -- in good order: what is to be saved is.
void debug_restart(engine::context& cx);
/// DEBUG CRASH-AND-RECOVER [milliseconds]
void debug_crash_and_recover(engine::context& cx);

}  // namespace hawser::commands
