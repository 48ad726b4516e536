#pragma once

#include <engine/context.hpp>

namespace hawser::commands {

/// Ends the connections that the arguments of CLIENT KILL mean.
void kill_clients(engine::context& cx);

}  // namespace hawser::commands
