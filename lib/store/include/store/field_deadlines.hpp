#pragma once

#include <base/clock.hpp>
#include <store/hash_field.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace hawser::store {

class entry;

/// The fields of one hash that have a deadline: a binary heap, the nearest deadline first.
///
/// Each record knows its position, so that adding and taking out are O(log n). Deadlines stand
/// beside the pointers: looking for what is due does not touch the records. Is itself an item of
/// the database's index of hashes, once the hash is under a key. Owns no records.
class field_deadlines {
 public:
  bool empty() const { return heap_.empty(); }
  std::size_t size() const { return heap_.size(); }
  std::size_t memory() const { return sizeof *this + heap_.capacity() * sizeof(item); }

  /// The field that goes first; there is one.
  hash_field* first() const { return heap_.front().field; }
  base::milliseconds_t nearest() const { return heap_.front().deadline; }

  /// Fields whose deadline is not after `now`. O(their number).
  std::size_t due(base::milliseconds_t now) const { return due_below(0, now); }

  /// A record that has a deadline.
  void add(hash_field* added);
  void remove(const hash_field* removed);
  /// After the record moved in memory, its deadline and position being the same.
  void relocate(hash_field* now_at) { heap_[now_at->position()].field = now_at; }

  /// The key of the hash; null as long as it is under none. Kept by the database.
  entry* owner = nullptr;

  /// The deadline under which the hash stands in the database's index; none when it does not.
  std::optional<base::milliseconds_t> deadline() const { return scheduled_; }
  void schedule(std::optional<base::milliseconds_t> when) { scheduled_ = when; }
  bool expired(base::milliseconds_t now) const { return scheduled_ && *scheduled_ <= now; }
  std::uint32_t deadline_position() const { return position_; }
  void set_deadline_position(std::uint32_t at) { position_ = at; }
  std::uint8_t deadline_level() const { return level_; }
  void set_deadline_level(std::uint8_t level) { level_ = level; }

 private:
  struct item {
    base::milliseconds_t deadline;
    hash_field* field;
  };

  void put(std::size_t at, item what);
  void settle(std::size_t at, item what);
  std::size_t due_below(std::size_t at, base::milliseconds_t now) const;

  std::vector<item> heap_;
  std::optional<base::milliseconds_t> scheduled_;
  std::uint32_t position_ = 0;
  std::uint8_t level_ = 0;
};

}  // namespace hawser::store
