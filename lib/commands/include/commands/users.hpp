#pragma once

#include <engine/node.hpp>

#include <optional>
#include <string>

namespace hawser::commands {

/// Replaces all users by those of the ACL file that the configuration names, all or none; returns
/// the errors. Connections of users who are gone end, but for `asking`: see node::part_from.
std::optional<std::string> load_users(engine::node& server, engine::client* asking);

}  // namespace hawser::commands
