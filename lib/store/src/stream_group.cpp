#include <store/stream_group.hpp>

namespace hawser::store {

stream_group::~stream_group() {
  for (auto at = pending_.begin(); at != pending_.end(); ++at)
    memory_->free(at.value(), sizeof(pending_entry));
}

void stream_group::copy_from(const stream_group& other) {
  for (const auto& [name, consumer] : other.consumers_) {
    auto& made = *add_consumer(name, consumer.seen).first;
    made.active = consumer.active;
    for (auto at = consumer.pending.begin(); at != consumer.pending.end(); ++at) {
      auto* entry = add_pending(at.id(), at.value()->delivered);
      entry->deliveries = at.value()->deliveries;
      give(at.id(), *entry, made);
    }
  }
}

stream_consumer* stream_group::find_consumer(std::string_view name) {
  const auto found = consumers_.find(name);
  return found == consumers_.end() ? nullptr : &found->second;
}

std::pair<stream_consumer*, bool> stream_group::add_consumer(std::string_view name,
                                                             base::milliseconds_t now) {
  const auto [at, made] = consumers_.try_emplace(std::string(name), *memory_, now);
  if (made) at->second.name = at->first;
  return {&at->second, made};
}

void stream_group::remove_consumer(stream_consumer& gone) {
  for (auto at = gone.pending.begin(); at != gone.pending.end(); ++at) {
    memory_->free(at.value(), sizeof(pending_entry));
    pending_.erase(pending_.find(at.id()));
  }
  consumers_.erase(consumers_.find(gone.name));
}

pending_entry* stream_group::find_pending(const stream_id& id) const {
  const auto at = pending_.find(id);
  return at == pending_.end() ? nullptr : at.value();
}

pending_entry* stream_group::add_pending(const stream_id& id, base::milliseconds_t now) {
  auto* made = new (memory_->allocate(sizeof(pending_entry))) pending_entry{nullptr, now, 1};
  pending_.insert(id, made);
  return made;
}

void stream_group::deliver(const stream_id& id, stream_consumer& to, base::milliseconds_t now) {
  if (auto* entry = find_pending(id)) {
    entry->delivered = now;
    entry->deliveries = 1;
    give(id, *entry, to);
  } else {
    give(id, *add_pending(id, now), to);
  }
}

void stream_group::give(const stream_id& id, pending_entry& entry, stream_consumer& to) {
  if (entry.owner == &to) return;
  if (entry.owner != nullptr) entry.owner->pending.erase(entry.owner->pending.find(id));
  to.pending.insert(id, &entry);
  entry.owner = &to;
}

bool stream_group::acknowledge(const stream_id& id) {
  const auto at = pending_.find(id);
  if (at == pending_.end()) return false;
  acknowledge(at);
  return true;
}

pending_list::iterator stream_group::acknowledge(pending_list::iterator at) {
  auto* entry = at.value();
  if (entry->owner != nullptr) entry->owner->pending.erase(entry->owner->pending.find(at.id()));
  memory_->free(entry, sizeof(pending_entry));
  return pending_.erase(at);
}

std::size_t stream_group::memory() const {
  constexpr std::size_t map_node = 4 * sizeof(void*) + sizeof(std::string);
  auto bytes = sizeof(stream_group) + pending_.memory() +
               pending_.size() * arena::rounded(sizeof(pending_entry));
  for (const auto& [name, consumer] : consumers_)
    bytes += map_node + name.size() + sizeof consumer + consumer.pending.memory();
  return bytes;
}

bool stream_group::release(std::size_t& budget) {
  while (budget > 0 && !pending_.empty()) {
    acknowledge(pending_.begin());
    --budget;
  }
  return pending_.empty();
}

}  // namespace hawser::store
