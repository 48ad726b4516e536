#pragma once

#include <cstdint>
#include <string_view>

namespace hawser::engine {
class context;
struct replica_facts;
}  // namespace hawser::engine

namespace hawser::commands {

using engine::context;

/// Has a replica go on with the stream from this offset, counted from 1, of the history that it
/// names, and replies so. False, and the reason in the log: it has to be sent all data.
bool continue_from(context& cx, std::string_view id, std::int64_t next);

/// The replica is to be sent all data, now or when it has waited for others for long enough.
void wait_for_data(context& cx);

/// Where in the journal the next byte stands that a replica, which has a place there, is to be
/// sent.
std::uint64_t next_change(const engine::replica_facts& of);

}  // namespace hawser::commands
