#pragma once

#include <engine/node.hpp>

#include <string>

namespace hawser::commands {

/// What MEMORY DOCTOR says, word for word as Redis does: tools look for these words.
std::string examine_memory(engine::node& server);

}  // namespace hawser::commands
