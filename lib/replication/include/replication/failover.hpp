#pragma once

#include <string_view>

namespace hawser::engine {
class node;
}

namespace hawser::replication {

/// Begins to hand the primary's part over to a replica, as node.replication.failover says: writes
/// wait until a replica has all there are.
void begin_failover(engine::node& server);

/// Goes on with it if it can: when the replica has everything, or the time is over. Called when a
/// replica has acknowledged something, and from time to time.
void check_failover(engine::node& server);

/// The replica has taken over, and this server follows it.
void finish_failover(engine::node& server);

/// Stays primary, or becomes it again.
void abort_failover(engine::node& server, std::string_view why);

}  // namespace hawser::replication
