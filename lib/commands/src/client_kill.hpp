#pragma once

#include <engine/context.hpp>

namespace hawser::commands {

/// CLIENT KILL addr | filter value [filter value ...]
void client_kill(engine::context& cx);

}  // namespace hawser::commands
