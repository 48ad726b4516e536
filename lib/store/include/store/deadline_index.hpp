#pragma once

// Every item with a deadline, found in the order of the deadlines: a hierarchical timing wheel
// (G. Varghese and T. Lauck, "Hashed and hierarchical timing wheels", SOSP 1987) on milliseconds.
//
// Level 0 has a slot for each of the 64 milliseconds of the block that `cursor_` is in, level 1 one
// for each of the 64 blocks around it, and so on: eleven levels span 64 bits. An entry waits at the
// level of the highest base-64 digit in which its deadline differs from the cursor, so adding and
// removing take O(1) and an entry is moved at most once a level on its way to its deadline.
// Deadlines that had passed when they were added wait in one slot of their own.
//
// An entry knows its level and its position in its slot, eight bytes of index for each key beyond
// that. Moving the entries of a slot one level down is work in proportion to their number;
// `advance` does it in bounded steps, which is why the level is kept in the entry and not derived
// from the cursor.

#include <base/clock.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace hawser::store {

class entry;
class field_deadlines;

/// The exact order in which items expire. Holds pointers, owns no items, which keep their deadline,
/// level and position. Not thread-safe.
template <class Item>
class basic_deadline_index {
 public:
  basic_deadline_index();
  ~basic_deadline_index();
  basic_deadline_index(basic_deadline_index&&) noexcept;
  basic_deadline_index& operator=(basic_deadline_index&&) noexcept;

  /// Adds an item under the deadline it has. O(1).
  void add(Item* added);

  /// Takes an item out, before its deadline changes or it goes. O(1).
  void remove(Item* removed);

  /// Puts `now_at` in the place of `before`, which has moved in memory (its header may be read from
  /// `now_at`, which carries the same deadline and position). O(1).
  void relocate(Item* now_at);

  /// Finds items whose deadline is not after `now`, in order of time, and hands each to
  /// `expire(Item*)`, having taken it out; returns false when `budget` steps (an item handed over
  /// or moved, and what `expire` takes from it) did not suffice.
  template <class Expire>
  bool advance(base::milliseconds_t now, std::size_t& budget, Expire expire) {
    while (budget > 0) {
      Item* due = step(now, budget);
      if (due == nullptr) return budget > 0;
      expire(due);
    }
    return false;
  }

  /// An item chosen uniformly; there is at least one. O(slots that are in use).
  template <class Random>
  Item* random_item(Random& random) const {
    return nth(random.below(size_));
  }

  /// Visits items that are due next: all that share the nearest slot when those are no more than
  /// `most`, otherwise so many of them chosen by chance. O(most).
  template <class Random, class Visit>
  void sample_nearest(Random& random, std::uint32_t most, Visit visit) const {
    const auto look_at = [&](const slot& near) {
      if (near.count <= most) {
        for (std::uint32_t i = 0; i < near.count; ++i) visit(near.at(i));
      } else {
        for (std::uint32_t i = 0; i < most; ++i)
          visit(near.at(static_cast<std::uint32_t>(random.below(near.count))));
      }
    };
    if (overdue_.count > 0) return look_at(overdue_);
    // Slots that the cursor is in may be still to be pulled down, each as near as the others.
    for (unsigned level = 1; level < levels; ++level)
      if (const auto& on = wheels_[level]; on && on->occupied >> digit(cursor_, level) & 1)
        look_at(on->slots[digit(cursor_, level)]);
    if (const slot* ahead = nearest_ahead()) look_at(*ahead);
  }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  /// Bytes held by the index itself.
  std::size_t memory() const;

  /// Mean of the time left, in milliseconds, as INFO's avg_ttl reports it: taken from a few
  /// entries. O(1).
  base::milliseconds_t average_time_left(base::milliseconds_t now) const;

 private:
  static constexpr unsigned digit_bits = 6;
  static constexpr unsigned digits = 64;
  static constexpr unsigned levels = 11;
  static constexpr unsigned overdue =
      levels;  // the level that stands for the slot of passed deadlines
  static constexpr std::uint32_t page_items = 64;

  /// Entries in no order, in pages so that growing never copies.
  struct slot {
    std::vector<std::unique_ptr<Item*[]>> pages;
    std::uint32_t count = 0;

    Item*& at(std::uint32_t position) const {
      return pages[position / page_items][position % page_items];
    }
    void push(Item* added);
    void remove(std::uint32_t position);
  };

  struct wheel {
    std::uint64_t occupied = 0;  // a bit for each slot that is not empty
    std::array<slot, digits> slots;
  };

  static unsigned digit(std::uint64_t time, unsigned level) {
    return static_cast<unsigned>(time >> (digit_bits * level)) & (digits - 1);
  }

  unsigned level_of(std::uint64_t time) const;
  slot& slot_of(const Item& item);
  void place(Item* item);
  void drop(Item* item);
  Item* step(base::milliseconds_t now, std::size_t& budget);
  Item* take_overdue(base::milliseconds_t now);
  bool pull_down(std::size_t& budget);
  std::optional<std::uint64_t> next_event() const;
  const slot* nearest_ahead() const;
  Item* nth(std::uint64_t position) const;

  std::array<std::unique_ptr<wheel>, levels> wheels_;
  slot overdue_;
  std::uint64_t cursor_ = 0;
  std::size_t size_ = 0;
};

/// Keys by their deadline.
using deadline_index = basic_deadline_index<entry>;
/// Hashes by the nearest deadline of their fields.
using field_deadline_index = basic_deadline_index<field_deadlines>;

}  // namespace hawser::store
