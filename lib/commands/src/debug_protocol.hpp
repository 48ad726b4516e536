#pragma once

#include <engine/context.hpp>

namespace hawser::commands {

/// DEBUG PROTOCOL type -- a sample of each kind of reply.
void debug_protocol(engine::context& cx);

}  // namespace hawser::commands
