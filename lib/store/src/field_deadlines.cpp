#include <store/field_deadlines.hpp>

namespace hawser::store {

void field_deadlines::put(std::size_t at, item what) {
  heap_[at] = what;
  what.field->set_position(static_cast<std::uint32_t>(at));
}

/// Puts an item where it belongs, beginning at a place that is free.
void field_deadlines::settle(std::size_t at, item what) {
  while (at > 0 && what.deadline < heap_[(at - 1) / 2].deadline) {
    put(at, heap_[(at - 1) / 2]);
    at = (at - 1) / 2;
  }
  for (;;) {
    auto child = 2 * at + 1;
    if (child >= heap_.size()) break;
    if (child + 1 < heap_.size() && heap_[child + 1].deadline < heap_[child].deadline) ++child;
    if (heap_[child].deadline >= what.deadline) break;
    put(at, heap_[child]);
    at = child;
  }
  put(at, what);
}

void field_deadlines::add(hash_field* added) {
  const item what{added->deadline(), added};
  heap_.push_back(what);
  settle(heap_.size() - 1, what);
}

void field_deadlines::remove(const hash_field* removed) {
  const std::size_t at = removed->position();
  const item last = heap_.back();
  heap_.pop_back();
  if (at < heap_.size()) settle(at, last);
  if (heap_.capacity() > 64 && heap_.size() < heap_.capacity() / 4) heap_.shrink_to_fit();
}

std::size_t field_deadlines::due_below(std::size_t at, base::milliseconds_t now) const {
  if (at >= heap_.size() || heap_[at].deadline > now) return 0;
  return 1 + due_below(2 * at + 1, now) + due_below(2 * at + 2, now);
}

}  // namespace hawser::store
