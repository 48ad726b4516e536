#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace hawser::engine {
class node;
}

namespace hawser::replication {

/// Up to where the journal is on this server's disk; none: it has no append-only file.
std::optional<std::uint64_t> lasting(const engine::node& server);

/// What a replica tells its primary of how far it is: REPLCONF ACK <offset>, and behind that FACK
/// <offset of what is on its disk> when it has an append-only file.
std::string acknowledgement(const engine::node& server);

/// Whether what the primary has asked after last has come to the disk since; true once.
bool disk_has_caught_up(engine::node& server);

/// Asks the replicas how far they are, if somebody waits to know, and not while writes are paused:
/// they wait for the journal to stand still then. Called when a pass is over.
void ask_replicas(engine::node& server);

}  // namespace hawser::replication
