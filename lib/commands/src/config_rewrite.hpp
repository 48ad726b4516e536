#pragma once

#include <engine/node.hpp>

#include <optional>
#include <string>

namespace hawser::commands {

/// Writes the configuration, users included, back to its file; see engine::configuration::rewrite.
std::optional<std::string> rewrite_configuration(engine::node& server, bool all);

}  // namespace hawser::commands
