#pragma once

#include <engine/context.hpp>

namespace hawser::commands {

/// The HELP of any command with subcommands: their syntax and summaries.
void reply_subcommands(engine::context& cx);

/// The same as a handler: a function of each file's own, because under sanitizers GCC does not take
/// the address of another file's as a constant.
static inline void help(engine::context& cx) { reply_subcommands(cx); }

}  // namespace hawser::commands
