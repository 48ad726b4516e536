#pragma once

#include <engine/client.hpp>

#include <string_view>

namespace hawser::commands {

/// Printable, without spaces: what a client may be called.
bool is_connection_name(std::string_view name);

/// Names a client; an empty name takes it away. Throws command_error.
void set_connection_name(engine::client& who, std::string_view name);

}  // namespace hawser::commands
