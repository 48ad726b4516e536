#include <store/deadline_index.hpp>
#include <store/entry.hpp>
#include <store/field_deadlines.hpp>

#include <algorithm>
#include <bit>

namespace hawser::store {

template <class Item>
basic_deadline_index<Item>::basic_deadline_index() = default;
template <class Item>
basic_deadline_index<Item>::~basic_deadline_index() = default;
template <class Item>
basic_deadline_index<Item>::basic_deadline_index(basic_deadline_index&&) noexcept = default;
template <class Item>
basic_deadline_index<Item>& basic_deadline_index<Item>::operator=(basic_deadline_index&&) noexcept =
    default;

template <class Item>
void basic_deadline_index<Item>::slot::push(Item* added) {
  if (count == pages.size() * page_items)
    pages.push_back(std::make_unique_for_overwrite<Item*[]>(page_items));
  added->set_deadline_position(count);
  at(count++) = added;
}

template <class Item>
void basic_deadline_index<Item>::slot::remove(std::uint32_t position) {
  Item* last = at(--count);
  if (position != count) {
    at(position) = last;
    last->set_deadline_position(position);
  }
  // One page of slack stays, so that a slot that goes back and forth over an edge does not
  // allocate.
  if (pages.size() * page_items >= count + 2 * page_items) pages.pop_back();
  if (count == 0) pages = decltype(pages)();
}

template <class Item>
unsigned basic_deadline_index<Item>::level_of(std::uint64_t time) const {
  const auto difference = time ^ cursor_;
  return difference == 0 ? 0u : static_cast<unsigned>(std::bit_width(difference) - 1) / digit_bits;
}

template <class Item>
typename basic_deadline_index<Item>::slot& basic_deadline_index<Item>::slot_of(const Item& item) {
  const unsigned level = item.deadline_level();
  if (level == overdue) return overdue_;
  return wheels_[level]->slots[digit(static_cast<std::uint64_t>(*item.deadline()), level)];
}

template <class Item>
void basic_deadline_index<Item>::place(Item* item) {
  const auto deadline = *item->deadline();
  const auto time = static_cast<std::uint64_t>(deadline);
  if (deadline < 0 || time < cursor_) {
    item->set_deadline_level(overdue);
    overdue_.push(item);
    return;
  }
  const unsigned level = level_of(time);
  auto& on = wheels_[level];
  if (!on) on = std::make_unique<wheel>();
  item->set_deadline_level(static_cast<std::uint8_t>(level));
  const unsigned at = digit(time, level);
  on->slots[at].push(item);
  on->occupied |= std::uint64_t{1} << at;
}

template <class Item>
void basic_deadline_index<Item>::drop(Item* item) {
  slot& home = slot_of(*item);
  home.remove(item->deadline_position());
  const unsigned level = item->deadline_level();
  if (level == overdue || home.count != 0) return;
  const unsigned at = digit(static_cast<std::uint64_t>(*item->deadline()), level);
  wheels_[level]->occupied &= ~(std::uint64_t{1} << at);
}

template <class Item>
void basic_deadline_index<Item>::add(Item* added) {
  place(added);
  ++size_;
}

template <class Item>
void basic_deadline_index<Item>::remove(Item* removed) {
  drop(removed);
  --size_;
}

template <class Item>
void basic_deadline_index<Item>::relocate(Item* now_at) {
  slot_of(*now_at).at(now_at->deadline_position()) = now_at;
}

/// The start of the nearest occupied slot that lies ahead of the cursor, or the cursor itself when
/// a slot of a higher level that the cursor has reached is still to be pulled down.
template <class Item>
std::optional<std::uint64_t> basic_deadline_index<Item>::next_event() const {
  for (unsigned level = levels; level-- > 1;)
    if (wheels_[level] && wheels_[level]->occupied >> digit(cursor_, level) & 1) return cursor_;
  for (unsigned level = 0; level < levels; ++level) {
    if (!wheels_[level]) continue;
    const auto ahead = wheels_[level]->occupied >> digit(cursor_, level);
    if (ahead == 0) continue;
    const std::uint64_t at = digit(cursor_, level) + static_cast<unsigned>(std::countr_zero(ahead));
    const unsigned shift = digit_bits * level;
    const unsigned block = shift + digit_bits;
    const std::uint64_t above = block >= 64 ? 0 : cursor_ >> block << block;
    return std::max(cursor_, above | at << shift);
  }
  return std::nullopt;
}

/// The nearest occupied slot that the cursor is not in, but at the lowest level; null: there is
/// none.
template <class Item>
const typename basic_deadline_index<Item>::slot* basic_deadline_index<Item>::nearest_ahead() const {
  for (unsigned level = 0; level < levels; ++level) {
    if (!wheels_[level]) continue;
    const unsigned from = digit(cursor_, level) + (level > 0 ? 1 : 0);
    const auto ahead = from < digits ? wheels_[level]->occupied >> from << from : 0;
    if (ahead != 0) return &wheels_[level]->slots[static_cast<unsigned>(std::countr_zero(ahead))];
  }
  return nullptr;
}

/// The items in some order.
template <class Item>
Item* basic_deadline_index<Item>::nth(std::uint64_t position) const {
  if (position < overdue_.count) return overdue_.at(static_cast<std::uint32_t>(position));
  position -= overdue_.count;
  for (const auto& on : wheels_) {
    if (!on) continue;
    for (auto bits = on->occupied; bits != 0; bits &= bits - 1) {
      const slot& s = on->slots[static_cast<unsigned>(std::countr_zero(bits))];
      if (position < s.count) return s.at(static_cast<std::uint32_t>(position));
      position -= s.count;
    }
  }
  return nullptr;
}

/// Moves entries of the highest slot that the cursor is in to lower levels. False: there is none.
template <class Item>
bool basic_deadline_index<Item>::pull_down(std::size_t& budget) {
  for (unsigned level = levels; level-- > 1;) {
    auto& on = wheels_[level];
    const unsigned at = digit(cursor_, level);
    if (!on || !(on->occupied >> at & 1)) continue;
    slot& from = on->slots[at];
    while (from.count > 0 && budget > 0) {
      Item* moved = from.at(from.count - 1);
      drop(moved);
      place(moved);
      --budget;
    }
    return true;
  }
  return false;
}

template <class Item>
Item* basic_deadline_index<Item>::take_overdue(base::milliseconds_t now) {
  if (overdue_.count == 0) return nullptr;
  Item* last = overdue_.at(overdue_.count - 1);
  // A clock that was set back leaves deadlines behind the cursor that are not due yet; they wait.
  if (!last->expired(now)) return nullptr;
  remove(last);
  return last;
}

/// One entry that is due at `now`, taken out; null when there is none or the budget is used up.
template <class Item>
Item* basic_deadline_index<Item>::step(base::milliseconds_t now, std::size_t& budget) {
  if (Item* due = take_overdue(now)) {
    --budget;
    return due;
  }
  while (budget > 0) {
    const auto event = next_event();
    const auto limit = static_cast<std::uint64_t>(now);
    if (!event || *event > limit) {
      cursor_ = std::max(cursor_, limit);
      return nullptr;
    }
    cursor_ = *event;
    if (pull_down(budget)) continue;
    slot& due = wheels_[0]->slots[digit(cursor_, 0)];
    Item* last = due.at(due.count - 1);
    remove(last);
    --budget;
    return last;
  }
  return nullptr;
}

template <class Item>
std::size_t basic_deadline_index<Item>::memory() const {
  std::size_t bytes = 0;
  const auto of = [](const slot& s) {
    return s.pages.capacity() * sizeof(void*) + s.pages.size() * page_items * sizeof(Item*);
  };
  for (const auto& on : wheels_) {
    if (!on) continue;
    bytes += sizeof(wheel);
    for (const auto& s : on->slots) bytes += of(s);
  }
  return bytes + of(overdue_);
}

template <class Item>
base::milliseconds_t basic_deadline_index<Item>::average_time_left(base::milliseconds_t now) const {
  // Weighted by the number of entries in each slot; one entry stands for its slot.
  double sum = 0;
  double weight = 0;
  for (const auto& on : wheels_) {
    if (!on) continue;
    for (auto bits = on->occupied; bits != 0; bits &= bits - 1) {
      const slot& s = on->slots[static_cast<unsigned>(std::countr_zero(bits))];
      const auto left = std::max<base::milliseconds_t>(0, *s.pages[0][0]->deadline() - now);
      sum += static_cast<double>(left) * s.count;
      weight += s.count;
    }
  }
  return weight == 0 ? 0 : static_cast<base::milliseconds_t>(sum / weight);
}

template class basic_deadline_index<entry>;
template class basic_deadline_index<field_deadlines>;

}  // namespace hawser::store
