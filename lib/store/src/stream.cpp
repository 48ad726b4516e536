#include <store/database.hpp>
#include <store/stream_value.hpp>

#include <algorithm>
#include <limits>

namespace hawser::store {

collection_data stream_value::make_empty(database& home) {
  return {encoding::stream, new stream(home.memory())};
}

stream::~stream() {
  for (auto at = nodes_.begin(); at != nodes_.end(); ++at) listpack(at.value()).destroy(*memory_);
}

std::size_t stream::size() const {
  auto all = static_cast<std::size_t>(length_);
  for (const auto& [name, group] : groups_) all += group.pending().size();
  return all;
}

std::size_t stream::memory() const {
  constexpr std::size_t map_node = 4 * sizeof(void*) + sizeof(std::string);
  auto bytes = sizeof(stream) + node_bytes_ + nodes_.memory();
  for (const auto& [name, group] : groups_) bytes += map_node + name.size() + group.memory();
  return bytes;
}

stream* stream::clone(arena& to) const {
  auto* made = new stream(to);
  for (auto at = nodes_.begin(); at != nodes_.end(); ++at)
    made->nodes_.insert(at.id(), listpack::copy_of(to, listpack(at.value()).bytes()).data());
  made->node_bytes_ = node_bytes_;
  made->length_ = length_;
  made->first_id_ = first_id_;
  made->last_id = last_id;
  made->max_deleted_id = max_deleted_id;
  made->entries_added = entries_added;
  for (const auto& [name, group] : groups_)
    made->add_group(name, group.last_id, group.entries_read)->copy_from(group);
  return made;
}

bool stream::release(std::size_t& budget) {
  while (!groups_.empty()) {
    if (!groups_.begin()->second.release(budget)) return false;
    groups_.erase(groups_.begin());
  }
  for (; budget > 0 && !nodes_.empty(); --budget) drop_node(nodes_.begin());
  return nodes_.empty();
}

stream_id stream::last_entry_id() const {
  stream_cursor at(*this, {}, stream_id::largest(), true);
  return at.next() ? at.id() : stream_id{};
}

bool stream::contains(const stream_id& id) const {
  const auto at = nodes_.floor(id);
  return at != nodes_.end() && node_at(at).find(id) != listpack::none;
}

std::size_t stream::count(const stream_id& first, const stream_id& last, std::size_t limit) const {
  std::size_t counted = 0;
  auto at = nodes_.floor(first);
  if (at == nodes_.end()) at = nodes_.begin();
  while (at != nodes_.end() && at.id() <= last && counted < limit) {
    const auto here = at;
    const auto behind = ++at == nodes_.end() ? last_id : at.id();
    if (first <= here.id() && behind <= last) {
      counted += static_cast<std::size_t>(node_at(here).live());
      continue;
    }
    stream_cursor some(*this, std::max(first, here.id()), std::min(last, behind));
    while (counted < limit && some.next() && (at == nodes_.end() || some.id() < behind)) ++counted;
  }
  return std::min(counted, limit);
}

/// After a change of a node, whose block may have moved.
void stream::changed(nodes_by_id::iterator at, const stream_node& node, std::size_t bytes_before) {
  node_bytes_ += node.pack().memory() - bytes_before;
  at.value() = node.pack().data();
}

/// Comes before a change of a node: what a snapshot shares is left to it.
void stream::own(nodes_by_id::iterator at) {
  if (watch() == nullptr) [[likely]]
    return;
  const listpack left(at.value());
  if (watch()->keep(at.id(), left.data()))
    at.value() = listpack::copy_of(*memory_, left.bytes()).data();
}

stream::nodes_by_id::iterator stream::drop_node(nodes_by_id::iterator at) {
  listpack dead(at.value());
  node_bytes_ -= dead.memory();
  if (watch() == nullptr || !watch()->keep(at.id(), dead.data())) dead.destroy(*memory_);
  return nodes_.erase(at);
}

void stream::find_first() {
  stream_cursor at(*this, {}, stream_id::largest());
  first_id_ = at.next() ? at.id() : stream_id{};
}

void stream::append(const stream_id& id, stream_node::words fields, const encoding_limits& limits) {
  const auto at = nodes_.last();
  std::optional<stream_node> node;
  if (at != nodes_.end()) node = node_at(at);
  if (node && node->has_room(fields, limits)) {
    own(at);
    node = node_at(at);
    const auto before = node->pack().memory();
    node->append(*memory_, id, fields);
    changed(at, *node, before);
  } else {
    const auto made = stream_node::make(*memory_, id, fields);
    node_bytes_ += made.pack().memory();
    nodes_.insert(id, made.pack().data());
  }
  if (length_++ == 0) first_id_ = id;
  last_id = id;
  ++entries_added;
}

bool stream::adopt_node(listpack pack, const stream_id& id) {
  const stream_node added(pack, id);
  if (added.last() == listpack::none || id.is_zero()) return false;
  if (const auto at = nodes_.last(); at != nodes_.end()) {
    const auto before = node_at(at);
    if (id <= before.read(before.last()).id) return false;
  }
  nodes_.insert(id, pack.data());
  node_bytes_ += pack.memory();
  length_ += added.live();
  if (first_id_.is_zero() && added.live() > 0) find_first();
  return true;
}

bool stream::erase(const stream_id& id) {
  const auto at = nodes_.floor(id);
  if (at == nodes_.end()) return false;
  auto node = node_at(at);
  const auto position = node.find(id);
  if (position == listpack::none) return false;
  if (node.live() == 1) {
    drop_node(at);
  } else {
    own(at);
    node = node_at(at);
    const auto before = node.pack().memory();
    node.mark_deleted(*memory_, position);
    node.count_deleted(*memory_, 1);
    changed(at, node, before);
  }
  --length_;
  max_deleted_id = std::max(max_deleted_id, id);
  if (id == first_id_) find_first();
  return true;
}

/// What trimming does besides when it removes an entry.
void stream::forget(const stream_id& id, stream_references references) {
  --length_;
  if (references == stream_references::drop) drop_references(id);
  // Of the entries around it some may stay.
  if (references == stream_references::acked) max_deleted_id = std::max(max_deleted_id, id);
}

/// Removes entries of a node until `stop(id)`. A node that is left empty stays, as in Redis, but
/// where entries that stay may come before others that go.
template <class Stop>
std::size_t stream::trim_inside(nodes_by_id::iterator at, stream_references references, Stop stop) {
  own(at);
  auto node = node_at(at);
  const auto before = node.pack().memory();
  std::int64_t marked = 0;
  for (auto position = node.first(); position != listpack::none;) {
    const auto entry = node.read(position);
    if (stop(entry.id)) break;
    position = node.next(entry);
    if (entry.deleted) continue;
    if (references == stream_references::acked && is_referenced(entry.id)) continue;
    node.mark_deleted(*memory_, entry.begin);
    forget(entry.id, references);
    ++marked;
  }
  node.count_deleted(*memory_, marked);
  changed(at, node, before);
  return static_cast<std::size_t>(marked);
}

std::size_t stream::trim(const stream_trimming& how) {
  const bool by_length = how.by == stream_trimming::bound::length;
  const auto stop = [&](const stream_id& id) {
    return by_length ? length_ <= how.length : id >= how.least;
  };
  const auto references = groups_.empty() ? stream_references::keep : how.references;
  std::size_t removed = 0;
  for (auto at = nodes_.begin(); at != nodes_.end() && !(by_length && length_ <= how.length);) {
    const auto node = node_at(at);
    if (how.limit > 0 && static_cast<std::int64_t>(removed) + node.live() > how.limit) break;
    const auto last = node.last();
    const bool whole = by_length ? length_ - node.live() >= how.length
                                 : last == listpack::none || node.read(last).id < how.least;
    if (!whole && how.approximate) break;
    if (whole && references == stream_references::keep) {
      removed += static_cast<std::size_t>(node.live());
      length_ -= node.live();
      at = drop_node(at);
      continue;
    }
    const auto here = at;
    removed += trim_inside(at, references, stop);
    const bool none_left = node_at(here).live() == 0;
    if (none_left && (whole || references == stream_references::acked))
      at = drop_node(at);
    else
      ++at;
    if (!whole && references != stream_references::acked) break;
  }
  if (removed > 0) find_first();
  return removed;
}

stream_group* stream::find_group(std::string_view name) {
  const auto found = groups_.find(name);
  return found == groups_.end() ? nullptr : &found->second;
}

stream_group* stream::add_group(std::string_view name, const stream_id& last,
                                std::int64_t entries_read) {
  const auto [at, made] = groups_.try_emplace(std::string(name), *memory_, last, entries_read);
  return made ? &at->second : nullptr;
}

void stream::drop_references(const stream_id& id) {
  for (auto& [name, group] : groups_) group.acknowledge(id);
}

bool stream::is_referenced(const stream_id& id) const {
  return std::ranges::any_of(groups_, [&](const auto& each) {
    return id > each.second.last_id || each.second.find_pending(id) != nullptr;
  });
}

/// Whether an entry from this one on has been deleted, as far as is known.
bool stream::maybe_gap_behind(const stream_id& id) const {
  return length_ > 0 && !max_deleted_id.is_zero() && max_deleted_id >= first_id_ &&
         id <= max_deleted_id;
}

std::int64_t stream::number_of(const stream_id& id) const {
  if (entries_added == 0) return 0;
  if (length_ == 0 && id <= last_id) return entries_added;
  if (id == last_id) return entries_added;
  const bool without_gaps = max_deleted_id.is_zero() || max_deleted_id < first_id_;
  if (!without_gaps || id > first_id_) return stream_group::unknown;
  return entries_added - length_ + (id == first_id_ ? 1 : 0);
}

void stream::advance(stream_group& group, const stream_id& id) const {
  if (id <= group.last_id) return;
  if (group.entries_read != stream_group::unknown && !maybe_gap_behind(id))
    ++group.entries_read;
  else if (entries_added != 0)
    group.entries_read = number_of(id);
  group.last_id = id;
}

std::optional<std::int64_t> stream::lag(const stream_group& group) const {
  if (entries_added == 0) return 0;
  auto read = group.entries_read;
  if (read == stream_group::unknown || maybe_gap_behind(group.last_id))
    read = number_of(group.last_id);
  if (read == stream_group::unknown) return std::nullopt;
  return entries_added - read;
}

stream_cursor::stream_cursor(const stream& of, const stream_id& first, const stream_id& last,
                             bool downwards)
    : first_(first), last_(last), downwards_(downwards) {
  if (first > last) return;
  at_ = of.nodes().floor(downwards ? last : first);
  if (!downwards && at_ == of.nodes().end()) at_ = of.nodes().begin();
}

/// Where the next entry of this node begins.
listpack::position stream_cursor::step() {
  if (!node_) {
    node_ = stream::node_at(at_);
    return downwards_ ? node_->last() : node_->first();
  }
  if (downwards_) return node_->previous(entry_.begin);
  return behind_ ? *std::exchange(behind_, std::nullopt) : node_->next(entry_);
}

bool stream_cursor::next() {
  const stream::nodes_by_id::iterator end;
  while (at_ != end) {
    const auto position = step();
    if (position == listpack::none) {
      node_.reset();
      downwards_ ? --at_ : ++at_;
      continue;
    }
    entry_ = node_->read(position);
    if (downwards_ ? entry_.id < first_ : entry_.id > last_) {
      at_ = end;
    } else if (!entry_.deleted && first_ <= entry_.id && entry_.id <= last_) {
      return true;
    }
  }
  return false;
}

}  // namespace hawser::store
