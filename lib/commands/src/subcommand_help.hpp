#pragma once

#include <engine/context.hpp>

namespace hawser::commands {

/// The HELP of any command with subcommands: their syntax and summaries.
void help(engine::context& cx);

}  // namespace hawser::commands
