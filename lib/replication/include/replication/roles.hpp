#pragma once

#include <cstdint>
#include <string_view>

namespace hawser::engine {
class node;
}

namespace hawser::replication {

/// The node becomes a replica of another primary than now. Who waits for keys is sent away: the
/// keys change otherwise than by clients from now on.
void follow(engine::node& server, std::string_view host, std::int64_t port);

/// A replica becomes a primary: what it has is kept, what follows is a history of its own.
void lead(engine::node& server);

/// Its replicas are sent away, to come back and learn how this server's history goes on.
void drop_replicas(engine::node& server);

}  // namespace hawser::replication
