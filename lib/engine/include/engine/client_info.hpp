#pragma once

#include <engine/client.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace hawser::engine {

/// The kinds of clients that CLIENT LIST and CLIENT KILL choose by.
enum class client_type { normal, pubsub, replica, master };

/// Throws command_error.
client_type parse_client_type(std::string_view name);
client_type type_of(const client& who);

/// The client that is told of changed keys instead of this one; 0: none, -1: it does not track.
std::int64_t redirection(const client& who);

/// A client in one line of CLIENT LIST, without its end.
std::string describe(const client& who, base::milliseconds_t now);

}  // namespace hawser::engine
