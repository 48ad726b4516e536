#pragma once

// A file of a data set as it was at one moment, written while commands change it.
//
//   strand                                                       background thread
//
//   walk  -> entries, in slices ----+--> main ----+
//   commands -> what they change ---+--> aside ---+-> bounded queue -> compress, checksum ->
//   consumers
//                                   +--> a watched collection's own
//
// The walk goes through the databases bucket by bucket and encodes what it meets for the first
// time; what a command is about to change is encoded before (see store/snapshot_watch.hpp for how
// each entry gets its turn exactly once). Values are written as a whole but for large collections:
// those are queued with a watch and written in slices too, and what commands change in them
// meanwhile is encoded by record or node.
//
// The format is a sequence, so while the walk is within a collection, other keys' values are kept
// aside until it is written. Their order does not matter: SELECTDB may stand anywhere between keys.
//
// When the queue is full the walk pauses. Commands never do: what they change goes into the queue
// whatever its length, and counts as kept().

#include <base/clock.hpp>
#include <store/database.hpp>
#include <store/snapshot_watch.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <persistence/byte_sink.hpp>
#include <persistence/rdb_writer.hpp>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace hawser::persistence {

/// Where the bytes of a snapshot go: a file, a socket, memory. Written to and finished on a
/// background thread; destroyed, finished or not, on any.
class snapshot_consumer : public byte_sink {
 public:
  /// Comes after the last byte.
  virtual std::error_code finish() = 0;
};

/// A consumer, and who is told on the strand how it went: once, when all is over.
struct snapshot_target {
  std::unique_ptr<snapshot_consumer> to;
  std::function<void(std::error_code failure)> done;
};

/// What a snapshot does at once.
struct snapshot_limits {
  /// Collections of more elements, or lists and streams of more nodes, are written bit by bit.
  std::size_t most_elements = 512;
  std::size_t most_nodes = 8;
  /// Bytes that are handed over at once, at least; 0: each key by itself.
  std::size_t chunk_bytes = std::size_t{64} << 10;
  /// Bytes in the queue at which the walk pauses.
  std::size_t queue_bytes = std::size_t{4} << 20;
  /// How long the background thread rests after each chunk.
  std::chrono::microseconds rest{0};
};

/// What a snapshot needs to know and of whom.
struct snapshot_setup {
  std::vector<std::pair<int, store::database*>> databases;  // by number
  rdb_options options;
  rdb_origin origin;
  std::vector<std::pair<std::string, std::string>> aux;  // more facts for the header
  std::vector<std::string> libraries;                    // code of functions
  std::function<key_facts(const store::entry&)> facts;
  /// Has work done on another thread, one after another.
  std::function<void(std::function<void()>)> run_in_background;
  /// Has step() called soon, on the strand. Called from the other thread.
  std::function<void()> wake;
  snapshot_limits limits;
  /// Where the bytes are counted that wait in the queue, if anybody wants to know. On any thread.
  std::shared_ptr<std::atomic<std::size_t>> queued_bytes;
};

/// How long a step may take, by the clock and in things that are looked at.
class time_slice {
 public:
  /// Without an end.
  time_slice() = default;
  time_slice(const base::clock& clock, std::int64_t nanoseconds,
             std::size_t things = std::numeric_limits<std::size_t>::max())
      : clock_(&clock), end_(clock.monotonic_ns() + nanoseconds), things_(things) {}

  /// Counts a thing; true when it was the last one.
  bool over() {
    if (clock_ == nullptr) return false;
    if (things_ > 0) --things_;
    return things_ == 0 || clock_->monotonic_ns() >= end_;
  }

 private:
  const base::clock* clock_ = nullptr;
  std::int64_t end_ = 0;
  std::size_t things_ = 0;
};

class snapshot_pipe;
class watched_collection;

/// One walk through all databases. Lives on the strand. Every database that is given is to outlive
/// it or to be handed over (database_watch::flushed).
class snapshot final : store::database_watch {
 public:
  /// What the file says is what the databases hold now.
  snapshot(snapshot_setup setup, std::vector<snapshot_target> targets);
  snapshot(const snapshot&) = delete;
  snapshot& operator=(const snapshot&) = delete;
  /// Nobody is told. Not before it is finished, or the databases have to go too.
  ~snapshot() override;

  enum class progress : std::uint8_t {
    more,      // there is more to do at once
    waiting,   // for the background thread, which will wake it
    finished,  // nothing is left to do but tell()
  };
  progress step(time_slice limit);

  /// Gives the consumers up. What is left is to mark the entries that have not been seen, in steps
  /// or by finish_marking.
  void cancel();
  bool cancelled() const { return cancelled_; }
  /// O(entries that have not been seen).
  void finish_marking();

  /// Tells each target how it went, which may begin another snapshot.
  void tell();

  std::uint64_t keys_seen() const { return keys_seen_; }
  std::uint64_t keys_total() const { return keys_total_; }
  /// Bytes that had to be kept of what commands have changed.
  std::size_t kept() const { return kept_; }

  /// How long the caller was held up.
  void count_step(std::int64_t ns) {
    ++steps_;
    longest_ns_ = std::max(longest_ns_, ns);
  }
  std::uint64_t steps() const { return steps_; }
  std::int64_t longest_ns() const { return longest_ns_; }

 private:
  struct part;
  struct section;

  void reached(store::database& home, store::entry& of) override;
  void flushed(std::shared_ptr<store::database> gone) override;

  part& part_of(const store::database& home);
  void select(section& to, part& of);
  bool too_large(const store::entry& of) const;
  void go_through_bucket();
  void go_on_with_collection(time_slice& limit);
  void hand_over(section& from, std::size_t at_least);
  void end_part(part& of);
  void end_walk();

  snapshot_setup setup_;
  std::vector<std::function<void(std::error_code)>> tells_;
  std::shared_ptr<snapshot_pipe> pipe_;
  std::vector<part> parts_;
  std::size_t at_ = 0;  // the part that is gone through
  std::uint64_t cursor_ = 0;
  std::unique_ptr<section> main_;
  std::unique_ptr<section> aside_;  // keys that come while main_ is inside of a collection
  std::deque<std::unique_ptr<watched_collection>> watched_;  // to be written in this order
  bool inside_ = false;                                      // of the first of them
  bool walking_ = false;                                     // nobody changes what is reached
  bool handed_over_ = false;  // something, after which the queue may be full
  bool walked_ = false;
  bool cancelled_ = false;
  std::uint64_t keys_seen_ = 0;
  std::uint64_t keys_total_ = 0;
  std::size_t kept_ = 0;
  std::uint64_t steps_ = 0;
  std::int64_t longest_ns_ = 0;
};

}  // namespace hawser::persistence
