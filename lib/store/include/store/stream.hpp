#pragma once

// A log of entries and the groups that read it.
//
//   nodes    1-0 -> [1-0 1-1 ... 9-3]   12-0 -> [12-0 ...]   40-5 -> [40-5 ... last]   +
//                    a stream_node, a block of about 100 entries                      append here
//   groups   "mail" -> last_id, pending entries by ID -----> owner, time, deliveries
//                      consumers "a" -> its pending entries ---^
//
// Nodes are ordered by ID in a tree, so that a range begins after one descent and a walk through
// one node; entries are read where they lie. Deleting marks an entry; a node is freed as a whole
// when nothing in it is left, which is also what approximate trimming is about.
//
// What a group has yet to read (its lag) is not counted but derived: each entry has a number, how
// many had been added up to it, and that is known for the first and the last one and for what was
// read without a gap since. max_deleted_id tells whether there can be gaps.

#include <store/collection.hpp>
#include <store/id_tree.hpp>
#include <store/stream_group.hpp>
#include <store/stream_node.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace hawser::store {

/// What happens to pending entries when the entries themselves are removed.
enum class stream_references : std::uint8_t {
  keep,   // they stay
  drop,   // they are acknowledged in all groups
  acked,  // entries that a group has not read or not acknowledged are not removed
};

/// How much is to be trimmed off a stream's beginning.
struct stream_trimming {
  enum class bound : std::uint8_t { none, length, id };

  bound by = bound::none;
  bool approximate = false;  // whole nodes only
  std::int64_t length = 0;   // that is to be left
  stream_id least;           // that is to be left
  std::int64_t limit = 0;    // entries to remove at most; 0: any number
  stream_references references = stream_references::keep;
};

/// The data of a stream_value.
class stream final : public large_collection {
 public:
  explicit stream(arena& memory) : memory_(&memory), nodes_(memory) {}
  ~stream() override;

  std::size_t size() const override;
  std::size_t memory() const override;
  stream* clone(arena& to) const override;
  bool release(std::size_t& budget) override;

  /// Entries.
  std::int64_t length() const { return length_; }
  /// The ID of the first entry; zero if there is none.
  const stream_id& first_id() const { return first_id_; }

  stream_id last_id;         // the last one that was given out
  stream_id max_deleted_id;  // the largest one that was deleted
  std::int64_t entries_added = 0;

  /// The ID of the last entry; zero if there is none. O(deleted entries behind it).
  stream_id last_entry_id() const;
  bool contains(const stream_id& id) const;
  /// The number of entries with IDs from `first` to `last`, or `limit` if there are more. O(nodes
  /// between, and entries of the nodes at both ends).
  std::size_t count(const stream_id& first, const stream_id& last, std::size_t limit) const;

  /// Adds an entry with an ID greater than last_id. `fields` are names and values in turn.
  void append(const stream_id& id, stream_node::words fields, const encoding_limits& limits);
  /// False: there is no such entry.
  bool erase(const stream_id& id);
  /// Returns how many entries were removed.
  std::size_t trim(const stream_trimming& how);

  using nodes_by_id = id_tree<void*>;
  const nodes_by_id& nodes() const { return nodes_; }
  static stream_node node_at(nodes_by_id::iterator at) { return {listpack(at.value()), at.id()}; }

  using groups_by_name = std::map<std::string, stream_group, std::less<>>;
  const groups_by_name& groups() const { return groups_; }
  groups_by_name& groups() { return groups_; }
  /// Null: there is none of this name.
  stream_group* find_group(std::string_view name);
  /// Null: there is one of this name.
  stream_group* add_group(std::string_view name, const stream_id& last_id,
                          std::int64_t entries_read);

  /// Takes a node over whose block is valid; false, and nothing is taken: it has no entries, or
  /// they do not come after all that are here. Does not change last_id and the counters.
  bool adopt_node(listpack pack, const stream_id& id);
  /// How many entries had been added up to this one, stream_group::unknown where that cannot be
  /// told.
  std::int64_t number_of(const stream_id& id) const;

  /// Notes that a group is delivered an entry, the next one after its last_id.
  void advance(stream_group& group, const stream_id& id) const;
  /// The entries that a group has yet to read; nothing when that cannot be told.
  std::optional<std::int64_t> lag(const stream_group& group) const;
  /// Ends that an entry is pending in any group.
  void drop_references(const stream_id& id);
  /// Whether a group has this entry still to read or to acknowledge.
  bool is_referenced(const stream_id& id) const;

 private:
  void own(nodes_by_id::iterator at);
  bool maybe_gap_behind(const stream_id& id) const;
  void changed(nodes_by_id::iterator at, const stream_node& node, std::size_t bytes_before);
  void forget(const stream_id& id, stream_references references);
  nodes_by_id::iterator drop_node(nodes_by_id::iterator at);
  void find_first();
  template <class Stop>
  std::size_t trim_inside(nodes_by_id::iterator at, stream_references references, Stop stop);

  arena* memory_;
  nodes_by_id nodes_;
  std::size_t node_bytes_ = 0;
  std::int64_t length_ = 0;
  stream_id first_id_;
  groups_by_name groups_;
};

/// Goes through the entries with IDs of a range that are not deleted, upwards or downwards. Valid
/// until the stream's entries change.
class stream_cursor {
 public:
  stream_cursor(const stream& of, const stream_id& first, const stream_id& last,
                bool downwards = false);

  /// Steps to the first or the next entry; false: there is none.
  bool next();

  const stream_id& id() const { return entry_.id; }
  std::uint32_t field_count() const { return entry_.field_count; }
  /// visit(name, value) for each field, as listpack_elements.
  template <class Visit>
  void for_each_field(Visit visit) {
    behind_ = node_->for_each_field(entry_, visit);
  }

 private:
  listpack::position step();

  stream::nodes_by_id::iterator at_;  // the end: nothing is left
  std::optional<stream_node> node_;   // none: of this node nothing has been read
  stream_entry entry_{};
  std::optional<listpack::position> behind_;  // where the next entry begins, once that is known
  stream_id first_;
  stream_id last_;
  bool downwards_;
};

}  // namespace hawser::store
