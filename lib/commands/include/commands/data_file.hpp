#pragma once

#include <engine/data_load.hpp>
#include <engine/node.hpp>

#include <cstdint>
#include <memory>
#include <persistence/byte_sink.hpp>
#include <persistence/byte_source.hpp>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace hawser::commands {

/// What an RDB file is for; it says so itself.
enum class file_kind : bool { snapshot, aof_base };

/// Writes the whole data set as an RDB file. O(keys and their elements).
std::error_code write_data(engine::node& server, persistence::byte_sink& to,
                           file_kind kind = file_kind::snapshot);

/// Saves the data set to the file that the configuration names, in the foreground. False, and the
/// reason in the log, when that fails; then the file is what it was.
bool save_data(engine::node& server);

/// Begins the same in the background, for BGSAVE and save points: whether it failed is kept, for
/// writes are refused then. False: a snapshot is under way.
bool save_in_background(engine::node& server);

/// Ends a save in the background, if there is one; the file is what it was.
void cancel_background_save(engine::node& server);

/// Saves if BGSAVE has been put off or a save point is reached; called at each tick.
void save_if_due(engine::node& server);

/// What comes before the end of the process; `flags` of engine::shutdown_flag. False: the data set
/// could not be saved, and the process is to go on.
bool prepare_shutdown(engine::node& server, std::uint8_t flags);

/// What becomes of a key that is there when it comes from a file.
enum class present_keys : bool { refuse, replace };

/// The place in a history that a data set was saved at, and what was left out since then.
struct saved_history {
  std::string id;  // empty: it is not known
  std::int64_t offset = -1;
  int db = 0;                                        // that the stream had selected
  std::vector<std::pair<int, std::string>> expired;  // database and key
};

struct load_result {
  enum class outcome : std::uint8_t { loaded, no_file, failed } what;
  std::string reason;  // of the failure
  saved_history history;
};

/// Loads the file that the configuration names into the databases, as far as it goes.
load_result load_data(engine::node& server, present_keys present = present_keys::refuse);

/// At the start, after loading: the server has the history that the data set was saved in, so that
/// its replicas, or itself as a replica, go on from there.
void adopt_history(engine::node& server, const saved_history& saved);

/// The data set that the server begins with, from the append-only file or the file of snapshots,
/// and what is to be done once it is there: see adopt_history and append_only_file::begin. Behind
/// append_only_file::open.
std::unique_ptr<engine::data_load> first_data(engine::node& server);

/// Empties the node and has it filled from a file of its primary, of so many bytes, past deadlines
/// or not; it is `loading` as long as this lives.
std::unique_ptr<engine::data_load> replace_data(engine::node& server,
                                                std::unique_ptr<persistence::byte_source> from,
                                                std::uint64_t size);

}  // namespace hawser::commands
