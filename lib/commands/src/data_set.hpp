#pragma once

#include <engine/node.hpp>

#include <persistence/rdb_writer.hpp>

namespace hawser::commands {

/// What a policy of eviction wants to know of keys after a restart.
enum class access_kind : std::uint8_t { none, idle, frequency };

access_kind what_to_keep(const engine::node& server);
persistence::key_facts facts_of(const engine::node& server, const store::entry& of,
                                access_kind kept);
/// How RDB files and values are written by this server.
persistence::rdb_options rdb_options_of(const engine::node& server);
/// What a file's header says of this server.
persistence::rdb_origin origin_of(engine::node& server);

/// Where the data set is in its history, for an RDB file's header; nothing if nobody could go on
/// from there.
std::vector<std::pair<std::string, std::string>> history_aux(const engine::node& server);

}  // namespace hawser::commands
