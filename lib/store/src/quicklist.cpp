#include <store/quicklist.hpp>

#include <algorithm>

namespace hawser::store {

namespace {

constexpr std::size_t first_room = 256;   // of a node of its own
constexpr std::size_t next_room = 2048;   // of a node of a list that has grown
constexpr std::size_t safe_bytes = 8192;  // where a number of elements is the limit
constexpr std::int64_t largest_class = 5;
constexpr std::size_t release_cost = 16;  // elements whose freeing takes as long as a node's

}  // namespace

bool list_shape::takes(std::size_t bytes, std::size_t count, std::size_t added) const {
  if (count == 0) return true;
  if (fill >= 0) return count < static_cast<std::size_t>(fill) && bytes + added <= safe_bytes;
  const auto size_class = std::min(-fill, largest_class);
  return bytes + added <= std::size_t{2048} << size_class;
}

quicklist::quicklist(arena& memory, listpack from, list_shape shape) : memory_(&memory) {
  if (shape.takes(from.byte_count(), from.size() - 1, 0)) {
    nodes_.insert(0, list_node::copy_of(memory, from, from.byte_count(), list_node::side::both));
    size_ = from.size();
    return;
  }
  for (const auto& each : from) {
    digits room;
    push(list_end::back, each.text(room.room), shape);
  }
}

quicklist::~quicklist() {
  for (std::size_t i = 0; i < nodes_.size(); ++i) nodes_[i].destroy(*memory_);
}

std::size_t quicklist::memory() const {
  std::size_t bytes = sizeof *this + nodes_.memory();
  for (std::size_t i = 0; i < nodes_.size(); ++i) bytes += nodes_[i].memory();
  return bytes;
}

large_collection* quicklist::clone(arena& to) const {
  auto made = std::make_unique<quicklist>(to);
  for (std::size_t i = 0; i < nodes_.size(); ++i) made->nodes_.insert(i, nodes_[i].clone(to));
  made->size_ = size_;
  return made.release();
}

bool quicklist::release(std::size_t& budget) {
  while (!nodes_.empty() && budget > 0) {
    nodes_.back().destroy(*memory_);
    size_ -= nodes_.back().count();
    nodes_.erase(nodes_.size() - 1);
    budget -= std::min(budget, release_cost);
  }
  return nodes_.empty();
}

quicklist::place quicklist::locate(std::size_t index) const {
  if (index < size_ / 2) {
    std::size_t node = 0;
    for (; index >= nodes_[node].count(); ++node) index -= nodes_[node].count();
    return {node, index};
  }
  auto behind = size_ - index;  // the element itself included
  auto node = nodes_.size() - 1;
  for (; behind > nodes_[node].count(); --node) behind -= nodes_[node].count();
  return {node, nodes_[node].count() - behind};
}

/// Where a node is to have room: towards the end of the list that it is at.
list_node::side quicklist::side_of(std::size_t node) const {
  if (nodes_.size() == 1) return list_node::side::both;
  return node == 0 ? list_node::side::front : list_node::side::back;
}

std::vector<list_node> quicklist::share_nodes() {
  std::vector<list_node> shared;
  shared.reserve(nodes_.size());
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    nodes_[i].set_shared(true);
    shared.push_back(nodes_[i]);
  }
  return shared;
}

/// Comes before any change of a node: what a snapshot shares is left to it.
void quicklist::own(list_node& node) {
  if (watch() == nullptr || !node.shared()) [[likely]]
    return;
  const auto left = node;
  node = left.clone(*memory_);
  watch()->keep(left);
}

/// Frees a node, or leaves it to the snapshot that shares it.
void quicklist::discard(list_node& node) {
  if (watch() != nullptr && node.shared()) return watch()->keep(node);
  node.destroy(*memory_);
}

list_node& quicklist::opened(std::size_t node) {
  own(nodes_[node]);
  nodes_[node].decompress(*memory_);
  return nodes_[node];
}

/// A node with one element.
list_node quicklist::single(const encoded_element& element, std::size_t room,
                            list_node::side where) const {
  auto made = list_node::make(*memory_, std::max(element.size(), room), where);
  made.insert(*memory_, listpack::none, element, where);
  return made;
}

/// Puts a node with one element before another one.
void quicklist::add_node(std::size_t at, const encoded_element& first, list_node::side where) {
  nodes_.insert(at, single(first, nodes_.empty() ? first_room : next_room, where));
  ++size_;
}

void quicklist::push(list_end at, std::string_view text, list_shape shape) {
  const encoded_element added(text);
  const bool front = at == list_end::front;
  if (!nodes_.empty()) {
    const auto index = front ? 0 : nodes_.size() - 1;
    auto& end = opened(index);
    if (shape.takes(end.bytes(), end.count(), added.size())) {
      end.insert(*memory_, front ? end.pack().first() : listpack::none, added, side_of(index));
      ++size_;
      return;
    }
    // From now on it lies between others.
    if (nodes_.size() > 1) end.trim(*memory_);
  }
  add_node(front ? 0 : nodes_.size(), added,
           front ? list_node::side::front : list_node::side::back);
  settle_ends(shape);
}

void quicklist::insert(std::size_t index, std::string_view text, list_shape shape) {
  if (index == 0 || index == size_)
    return push(index == 0 ? list_end::front : list_end::back, text, shape);
  insert_within(locate(index), encoded_element(text), shape);
}

/// Puts an element before another one: into its node, to the end of the node before, or between the
/// parts of its node.
void quicklist::insert_within(place at, const encoded_element& added, list_shape shape) {
  const auto fits = [&](std::size_t node) {
    return shape.takes(nodes_[node].bytes(), nodes_[node].count(), added.size());
  };
  auto node = at.node;
  if (fits(node)) {
    auto& into = opened(node);
    const auto before = into.pack().seek(static_cast<std::int64_t>(at.offset));
    into.insert(*memory_, before, added, side_of(node));
    ++size_;
    return settle(node, shape);
  }
  if (at.offset > 0) {
    auto& divided = opened(node);
    const auto where = divided.pack().seek(static_cast<std::int64_t>(at.offset));
    const auto right = divided.split(*memory_, where);
    nodes_.insert(++node, right);
  }
  // Now the place is between two nodes, the second of which is `node`.
  if (node > 0 && fits(node - 1)) {
    opened(node - 1).insert(*memory_, listpack::none, added, side_of(node - 1));
    ++size_;
  } else if (fits(node)) {
    auto& into = opened(node);
    into.insert(*memory_, into.pack().first(), added, side_of(node));
    ++size_;
  } else {
    add_node(node, added, list_node::side::back);
    nodes_[node].trim(*memory_);
    ++node;
  }
  merge(node, shape);
  merge(node - 1, shape);
  if (node > 1) merge(node - 2, shape);
  settle_ends(shape);
}

/// Makes one node of two neighbours if they fit, so that changes inside leave no crumbs.
void quicklist::merge(std::size_t left, list_shape shape) {
  if (left + 1 >= nodes_.size()) return settle(std::min(left, nodes_.size() - 1), shape);
  const auto bytes = nodes_[left + 1].bytes(), count = nodes_[left + 1].count();
  if (shape.takes(nodes_[left].bytes(), nodes_[left].count() + count - 1, bytes)) {
    auto& right = opened(left + 1);
    opened(left).take_over(*memory_, right);
    nodes_.erase(left + 1);
  }
  settle(left, shape);
}

void quicklist::replace(std::size_t index, std::string_view text, list_shape shape) {
  const encoded_element by(text);
  const auto at = locate(index);
  if (nodes_[at.node].count() == 1) {
    // It may be huge: not to be there twice over.
    discard(nodes_[at.node]);
    nodes_[at.node] = single(by, 0, side_of(at.node));
    return settle(at.node, shape);
  }
  auto& node = opened(at.node);
  const auto where = node.pack().seek(static_cast<std::int64_t>(at.offset));
  const auto next = node.pack().next(where);
  const auto old = (next != listpack::none ? next : node.bytes() - 1) - where;
  if (by.size() <= old || shape.takes(node.bytes() - old, node.count() - 1, by.size())) {
    node.replace(*memory_, where, by);
    return settle(at.node, shape);
  }
  erase(index, 1, shape);
  insert(index, text, shape);
}

std::unique_ptr<quicklist> quicklist::erase(std::size_t index, std::size_t count,
                                            list_shape shape) {
  std::unique_ptr<quicklist> gone;
  while (count > 0) {
    const auto at = locate(index);
    auto last = at.node;
    std::size_t whole = 0;
    // Nodes that go as a whole go together.
    if (at.offset == 0)
      for (; last < nodes_.size() && nodes_[last].count() <= count - whole; ++last)
        whole += nodes_[last].count();
    if (whole > 0) {
      if (!gone) gone = std::make_unique<quicklist>(*memory_);
      for (auto i = at.node; i < last; ++i) {
        if (watch() != nullptr && nodes_[i].shared()) {
          watch()->keep(nodes_[i]);
        } else {
          gone->nodes_.insert(gone->nodes_.size(), nodes_[i]);
          gone->size_ += nodes_[i].count();
        }
      }
      nodes_.erase(at.node, last - at.node);
      size_ -= whole;
      count -= whole;
      continue;
    }
    auto& node = opened(at.node);
    const auto taken = std::min(count, node.count() - at.offset);
    node.erase(node.pack().seek(static_cast<std::int64_t>(at.offset)), taken);
    size_ -= taken;
    count -= taken;
    settle(at.node, shape);
  }
  settle_ends(shape);
  return gone;
}

std::size_t quicklist::remove_from(list_node& from, const element_matcher& what, std::size_t most,
                                   bool backward) {
  std::unique_ptr<char[]> scratch;
  auto pack = from.unpacked(scratch);
  const auto start = [&] { return backward ? pack.last() : pack.first(); };
  const auto step = [&](listpack::position at) {
    return backward ? pack.previous(at) : pack.next(at);
  };
  auto at = start();
  while (at != listpack::none && !what(pack.at(at))) at = step(at);
  if (at == listpack::none) return 0;
  own(from);
  if (from.compressed()) from.decompress(*memory_);

  std::size_t removed = 0;
  while (at != listpack::none && removed < most) {
    pack = from.pack();
    if (!what(pack.at(at))) {
      at = step(at);
      continue;
    }
    const auto before = backward ? pack.previous(at) : listpack::none;
    const auto behind = from.erase(at, 1);
    at = backward ? before : behind;
    ++removed;
  }
  return removed;
}

std::size_t quicklist::remove(const element_matcher& what, std::size_t most, bool backward,
                              list_shape shape) {
  std::size_t removed = 0;
  for (std::size_t i = 0; i < nodes_.size() && removed < most;) {
    const auto index = backward ? nodes_.size() - 1 - i : i;
    const auto here = remove_from(nodes_[index], what, most - removed, backward);
    removed += here;
    size_ -= here;
    if (nodes_[index].count() == 0) {
      drop_node(index);
      continue;
    }
    if (here > 0) {
      nodes_[index].trim(*memory_);
      settle(index, shape);
    }
    ++i;
  }
  if (removed > 0) settle_ends(shape);
  return removed;
}

void quicklist::drop_node(std::size_t at) {
  discard(nodes_[at]);
  nodes_.erase(at);
}

/// Compresses a node that lies deep enough and has been opened.
void quicklist::settle(std::size_t node, list_shape shape) {
  const auto depth = static_cast<std::size_t>(std::max<std::int64_t>(shape.depth, 0));
  if (depth == 0 || nodes_.size() <= 2 * depth) return;
  if (node < depth || node >= nodes_.size() - depth || nodes_[node].compressed()) return;
  own(nodes_[node]);
  nodes_[node].compress(*memory_);
}

/// After nodes have come or gone: those near the ends are plain, their neighbours are compressed.
void quicklist::settle_ends(list_shape shape) {
  const auto depth = static_cast<std::size_t>(std::max<std::int64_t>(shape.depth, 0));
  if (depth == 0 || nodes_.empty()) return;
  for (std::size_t i = 0; i < std::min(depth, nodes_.size()); ++i) {
    opened(i);
    opened(nodes_.size() - 1 - i);
  }
  settle(depth, shape);
  if (nodes_.size() > depth) settle(nodes_.size() - 1 - depth, shape);
}

void quicklist::taken_from_end(list_end from, list_shape shape) {
  const auto index = from == list_end::front ? 0 : nodes_.size() - 1;
  if (nodes_[index].count() > 0) return nodes_[index].trim_if_wasteful(*memory_, side_of(index));
  drop_node(index);
  settle_ends(shape);
}

}  // namespace hawser::store
