#pragma once

namespace hawser::engine {
class node;
}

namespace hawser::scripting {

/// Gives a server scripts and functions, which it has to have before it executes commands of
/// scripting::families.
void install(engine::node& server);

}  // namespace hawser::scripting
