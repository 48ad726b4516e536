#pragma once

#include <base/clock.hpp>
#include <engine/append_only.hpp>
#include <engine/history.hpp>
#include <engine/journal_log.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hawser::engine {

class client;

/// How far a replica has come with its primary.
enum class link_state : std::uint8_t { none, connect, connecting, handshake, transfer, connected };

/// The word that ROLE has for it.
std::string_view name_of(link_state state);

/// What a replica knows of the way to its primary.
struct primary_link {
  link_state state = link_state::none;
  /// Executes what the primary sends, while connected.
  client* stream = nullptr;
  /// The history and its offset are the primary's, or were: it may be asked to go on from there.
  bool resumable = false;
  int db = 0;                           // that the stream has selected
  base::milliseconds_t last_heard = 0;  // when something came from it
  base::milliseconds_t down_since = 0;  // 0: has never been up
  std::int64_t transfer_size = 0;       // of a full sync; 0: not known
  std::int64_t transferred = 0;
  base::milliseconds_t transferred_at = 0;
  /// Up to here the primary wants to hear what is on disk; 0: it has heard.
  std::uint64_t asked_of_disk = 0;
};

/// What a primary knows of a replica, beside what it knows of its client.
struct replica_facts {
  /// `waiting` for a data set to be written, `saving` while that happens.
  enum class stage : std::uint8_t { none, waiting, saving, receiving, loading, online };

  stage at = stage::none;
  std::int64_t listening_port = 0;
  std::string address;  // that it wants to be known by
  bool knows_eof = false;
  bool knows_psync2 = false;
  bool old_protocol = false;                 // it came with SYNC: it knows no offsets
  bool starts_by_acknowledging = false;      // it cannot tell where the data set ends otherwise
  std::int64_t acknowledged = 0;             // offset
  std::int64_t acknowledged_on_disk = 0;     // offset
  base::milliseconds_t acknowledged_at = 0;  // when it last said so
  base::milliseconds_t asked_at = 0;         // for a data set
  std::unique_ptr<journal_cursor> changes;   // what it is to be sent yet
  bool may_fall_behind = false;              // what memory gives up of that is on disk
  std::shared_ptr<older_changes> older;      // that are read from there until memory has the rest
};

enum class failover_state : std::uint8_t { none, waiting, in_progress };

/// A primary's handing over to one of its replicas.
struct failover_facts {
  failover_state state = failover_state::none;
  std::string host;  // of the replica; empty: whichever is ready
  std::int64_t port = 0;
  base::milliseconds_t until = 0;  // 0: it takes as long as it takes
  bool forced = false;             // then the replica takes over with what it has
};

/// The node's part in replication, as primary, as replica, or as both in the middle of a chain.
/// Whose replica it is, is the directive `replicaof`.
struct replication {
  explicit replication(base::random& random) : past(random) {}

  engine::history past;
  primary_link primary;
  std::vector<client*> replicas;  // that have asked for the stream
  failover_facts failover;
  /// Ids of clients that wait until something is acknowledged, or on disk.
  std::vector<std::uint64_t> waiting;
  bool asks_for_acknowledgements = false;  // at the end of this pass
  bool backlog = false;                    // latest changes are kept for replicas to come back
  base::milliseconds_t alone_since = 0;    // without a replica
  base::milliseconds_t pinged_at = 0;
  std::uint64_t full_syncs = 0;  // asked for by replicas, and so on
  std::uint64_t partial_syncs = 0;
  std::uint64_t refused_partial_syncs = 0;
};

}  // namespace hawser::engine
