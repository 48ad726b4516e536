#pragma once

#include <engine/node.hpp>

#include <functional>
#include <persistence/file_consumer.hpp>
#include <persistence/snapshot.hpp>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace hawser::commands {

/// What a snapshot's header says besides the usual, and its limits.
struct snapshot_options {
  bool aof_base = false;
  std::vector<std::pair<std::string, std::string>> aux;
  persistence::snapshot_limits limits;
};

/// Begins to write the data set as it is now, in the background, to all targets alike. Each is told
/// when that has succeeded or failed; then another snapshot may begin. False: one is under way.
bool begin_snapshot(engine::node& server, std::vector<persistence::snapshot_target> targets,
                    const snapshot_options& options = {});
/// The same to a file alone; `sync_often` as file_consumer has it.
bool begin_snapshot(engine::node& server, persistence::file_consumer::names where, bool sync_often,
                    std::function<void(std::error_code failure)> done,
                    const snapshot_options& options = {});

/// Goes on with the snapshot under way for as long as commands can wait; true when there is more to
/// do at once. Otherwise host::wake_snapshot says when to come again.
bool snapshot_slice(engine::node& server);
/// The same within bounds of the caller's.
bool snapshot_slice(engine::node& server, persistence::time_slice limit);

/// Ends the snapshot under way, if there is one: its targets are told that it was cancelled.
void cancel_snapshot(engine::node& server);

}  // namespace hawser::commands
