#pragma once

#include <engine/context.hpp>

#include <string_view>

namespace hawser::commands {

/// The client is on this machine: loopback or Unix socket.
bool is_local(const engine::client& who);

/// Ends a command that the directive does not allow this client.
void require_permission(const engine::context& cx, engine::access allowed, std::string_view command,
                        std::string_view directive);

}  // namespace hawser::commands
