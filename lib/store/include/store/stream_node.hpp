#pragma once

// A run of stream entries with neighbouring IDs in one listpack, in the format that Redis keeps in
// memory and in RDB files. It begins with a head, which says what most entries share:
//
//   entries | deleted entries | n | name 1 ... name n | 0
//
// `entries` are those that are not deleted. An entry is one of
//
//   flags | ms | seq | value 1 ... value n | elements                        flag `same_names`
//   flags | ms | seq | m | name 1 | value 1 ... name m | value m | elements
//
// ms and seq are differences to the node's own ID, which is that of the first entry it was made
// with and is kept beside the node. The last number counts the elements of the entry before it, so
// that entries can be read backwards. A deleted entry has the flag `deleted` and stays until the
// last one of its node is deleted, with which the node goes.

#include <store/encoding_limits.hpp>
#include <store/listpack.hpp>
#include <store/stream_id.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace hawser::store {

/// An entry of a node: where it is and what can be told without looking at its fields.
struct stream_entry {
  stream_id id;
  listpack::position begin;
  listpack::position fields;  // the first name, or the first value if the names are the head's
  std::uint32_t field_count;
  bool same_names;
  bool deleted;
};

/// A handle to a node: valid until its block is changed by another one.
class stream_node {
 public:
  using position = listpack::position;

  /// Names and values in turn.
  using words = std::span<const std::string_view>;

  /// The node of one entry.
  static stream_node make(arena& memory, const stream_id& id, words fields);
  stream_node(listpack pack, const stream_id& id);

  /// Whether a block is a node of this ID in all of its elements, with IDs that rise. O(n).
  static bool validate(std::string_view block, const stream_id& id);

  listpack pack() const { return pack_; }
  const stream_id& id() const { return id_; }
  std::int64_t live() const { return live_; }
  std::int64_t dead() const { return dead_; }

  /// Where the first and the last entry begin, deleted or not; `none` without any.
  position first() const { return entries_; }
  position last() const { return before(static_cast<position>(pack_.byte_count() - 1)); }
  /// The entry before the one that begins here. O(its elements).
  position previous(position begin) const {
    return begin == entries_ ? listpack::none : before(begin);
  }
  /// The entry behind this one. O(its elements).
  position next(const stream_entry& of) const;

  stream_entry read(position begin) const;
  /// The entry with this ID if there is one that is not deleted. O(n).
  position find(const stream_id& id) const;

  /// visit(name, value) for each field, as listpack_elements; returns the entry behind this one.
  template <class Visit>
  position for_each_field(const stream_entry& of, Visit visit) const {
    auto at = of.fields;
    auto name = of.same_names ? names_ : at;
    for (std::uint32_t i = 0; i < of.field_count; ++i) {
      const auto name_element = pack_.at(name);
      if (of.same_names) {
        name = pack_.next(name);
      } else {
        at = pack_.next(at);
      }
      visit(name_element, pack_.at(at));
      at = pack_.next(at);
      if (!of.same_names) name = at;
    }
    return pack_.next(at);
  }

  /// Whether an entry with these fields may still be added, by Redis's measure: bytes of the words
  /// without their encoding, entries with the deleted ones.
  bool has_room(words fields, const encoding_limits& limits) const;
  /// Adds an entry whose ID is greater than all others.
  void append(arena& memory, const stream_id& id, words fields);
  /// Marks an entry that is not deleted as such; positions stay. It has then to be counted.
  void mark_deleted(arena& memory, position begin);
  /// Counts entries that were marked.
  void count_deleted(arena& memory, std::int64_t marked) {
    set_counts(memory, live_ - marked, dead_ + marked);
  }

 private:
  std::int64_t number(position at) const { return pack_.at(at).integer; }
  position before(position end) const;
  bool has_names(words fields) const;
  void set_counts(arena& memory, std::int64_t live, std::int64_t dead);

  listpack pack_;
  stream_id id_;
  std::int64_t live_;
  std::int64_t dead_;
  std::uint32_t name_count_;
  position names_;
  position entries_;
};

}  // namespace hawser::store
