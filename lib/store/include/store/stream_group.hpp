#pragma once

#include <base/clock.hpp>
#include <store/arena.hpp>
#include <store/id_tree.hpp>
#include <store/stream_id.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace hawser::store {

struct stream_consumer;

/// An entry that was delivered to a consumer and not acknowledged.
struct pending_entry {
  stream_consumer* owner;
  base::milliseconds_t delivered;  // the last time
  std::int64_t deliveries;
};

/// The entries that are pending, by ID.
using pending_list = id_tree<pending_entry*>;

/// Who reads a stream on behalf of a group. Lives in its group at a fixed place.
struct stream_consumer {
  static constexpr base::milliseconds_t never = -1;

  stream_consumer(arena& memory, base::milliseconds_t now) : pending(memory), seen(now) {}

  std::string_view name;
  pending_list pending;                 // its part of the group's
  base::milliseconds_t seen;            // when it last tried to read or claim
  base::milliseconds_t active = never;  // when it last got something
};

/// How far the consumers of a group have read a stream together, and what of it is pending.
class stream_group {
 public:
  /// A counter of entries that is not known.
  static constexpr std::int64_t unknown = -1;

  stream_group(arena& memory, const stream_id& last_id, std::int64_t entries_read)
      : last_id(last_id), entries_read(entries_read), memory_(&memory), pending_(memory) {}
  stream_group(const stream_group&) = delete;
  stream_group& operator=(const stream_group&) = delete;
  ~stream_group();

  /// A copy in another arena; this one must be new.
  void copy_from(const stream_group& other);

  stream_id last_id;  // the last one that was delivered
  std::int64_t entries_read;

  using consumers_by_name = std::map<std::string, stream_consumer, std::less<>>;
  const consumers_by_name& consumers() const { return consumers_; }
  consumers_by_name& consumers() { return consumers_; }
  /// Null: there is none of this name.
  stream_consumer* find_consumer(std::string_view name);
  /// The consumer of this name, and whether it was made now.
  std::pair<stream_consumer*, bool> add_consumer(std::string_view name, base::milliseconds_t now);
  /// What is pending for it is forgotten.
  void remove_consumer(stream_consumer& gone);

  /// The entries of all consumers that are pending.
  const pending_list& pending() const { return pending_; }
  /// Null: not pending.
  pending_entry* find_pending(const stream_id& id) const;
  /// Makes an entry pending for nobody yet, delivered now and once; it is not pending.
  pending_entry* add_pending(const stream_id& id, base::milliseconds_t now);
  /// Makes an entry pending for a consumer as delivered to it the first time, whoever had it.
  void deliver(const stream_id& id, stream_consumer& to, base::milliseconds_t now);
  /// Hands a pending entry over to a consumer, who may have it already.
  void give(const stream_id& id, pending_entry& entry, stream_consumer& to);
  /// Ends that an entry is pending; false if it was not.
  bool acknowledge(const stream_id& id);
  /// The same; returns the entry that is pending next.
  pending_list::iterator acknowledge(pending_list::iterator at);

  std::size_t memory() const;
  /// Forgets pending entries, each of which takes one from the budget; true when none is left.
  bool release(std::size_t& budget);

 private:
  arena* memory_;
  pending_list pending_;
  consumers_by_name consumers_;
};

}  // namespace hawser::store
