#pragma once

namespace hawser::engine {
class node;
}

namespace hawser::commands {

/// What a primary does about its replicas from time to time: sends all data to those that have
/// waited for it, pings, ends those that are silent, forgets the backlog that nobody comes back
/// for. Called at each tick.
void look_after_replicas(engine::node& server);

}  // namespace hawser::commands
