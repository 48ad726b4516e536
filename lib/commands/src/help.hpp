#pragma once

#include <engine/context.hpp>

namespace hawser::commands {

/// The error of a subcommand that looks at its number of words itself.
[[noreturn]] void wrong_subcommand(const engine::context& cx);

}  // namespace hawser::commands
