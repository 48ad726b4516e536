#include <store/score_tree.hpp>

#include <limits>
#include <new>
#include <numeric>

namespace hawser::store {

score_tree::leaf* score_tree::new_leaf() {
  ++leaves_;
  return new (memory_->allocate(sizeof(leaf))) leaf;
}

score_tree::inner* score_tree::new_inner() {
  ++inners_;
  return new (memory_->allocate(sizeof(inner))) inner;
}

void score_tree::free_leaf(leaf* dead) {
  if (dead->previous != nullptr) dead->previous->next = dead->next;
  if (dead->next != nullptr) dead->next->previous = dead->previous;
  --leaves_;
  memory_->free(dead, sizeof(leaf));
}

void score_tree::free_inner(inner* dead) {
  --inners_;
  memory_->free(dead, sizeof(inner));
}

void score_tree::free_node(void* dead, bool is_leaf) {
  if (is_leaf)
    free_leaf(static_cast<leaf*>(dead));
  else
    free_inner(static_cast<inner*>(dead));
}

std::uint32_t score_tree::index_of(const leaf& in, const scored_member* record) {
  return static_cast<std::uint32_t>(std::find(in.records, in.records + in.count, record) -
                                    in.records);
}

score_tree::leaf* score_tree::leaf_of(const scored_member* record, path& way,
                                      std::size_t& rank) const {
  const auto score = record->score();
  return descend(
      way,
      [record, score](double other_score, const scored_member* other) {
        if (other_score != score) return other_score < score;
        return other == record || other->member() < record->member();
      },
      rank);
}

score_tree::leaf* score_tree::descend_to_rank(path& way, std::size_t& rank) const {
  void* node = root_;
  for (std::size_t level = 0; level < height_; ++level) {
    auto* at = static_cast<inner*>(node);
    std::uint32_t child = 0;
    while (rank >= at->records[child]) rank -= at->records[child++];
    way[level] = {at, child};
    node = at->nodes[child];
  }
  return static_cast<leaf*>(node);
}

std::size_t score_tree::rank(const scored_member* of) const {
  path way;
  std::size_t rank = 0;
  const leaf* in = leaf_of(of, way, rank);
  return rank + index_of(*in, of);
}

score_tree::cursor score_tree::at(std::size_t rank) const {
  path way;
  const leaf* in = descend_to_rank(way, rank);
  return {in, static_cast<std::uint32_t>(rank)};
}

/// Records which is the least record below a child.
void score_tree::describe_least(inner& parent, std::uint32_t child, bool of_leaves) {
  if (of_leaves) {
    const auto* node = static_cast<leaf*>(parent.nodes[child]);
    parent.least[child] = node->records[0];
    parent.scores[child] = node->records[0]->score();
  } else {
    const auto* node = static_cast<inner*>(parent.nodes[child]);
    parent.least[child] = node->least[0];
    parent.scores[child] = node->scores[0];
  }
}

/// Records what is below a child: the least record, and how many there are.
void score_tree::describe(inner& parent, std::uint32_t child, bool of_leaves) {
  describe_least(parent, child, of_leaves);
  if (of_leaves) {
    parent.records[child] = static_cast<leaf*>(parent.nodes[child])->count;
  } else {
    const auto* node = static_cast<inner*>(parent.nodes[child]);
    parent.records[child] =
        std::accumulate(node->records, node->records + node->count, std::uint64_t{0});
  }
}

void score_tree::move_children(inner& from, std::uint32_t first, inner& to, std::uint32_t at,
                               std::uint32_t count) {
  std::memmove(to.scores + at, from.scores + first, count * sizeof *to.scores);
  std::memmove(to.least + at, from.least + first, count * sizeof *to.least);
  std::memmove(to.records + at, from.records + first, count * sizeof *to.records);
  std::memmove(to.nodes + at, from.nodes + first, count * sizeof *to.nodes);
}

/// Makes room for a child, which is then to be described.
void score_tree::insert_child(inner& parent, std::uint32_t at, void* node) {
  move_children(parent, at, parent, at + 1, parent.count - at);
  parent.nodes[at] = node;
  ++parent.count;
}

void score_tree::remove_child(inner& parent, std::uint32_t at) {
  --parent.count;
  move_children(parent, at + 1, parent, at, parent.count - at);
}

void score_tree::insert(scored_member* added) {
  if (root_ == nullptr) root_ = new_leaf();
  const auto score = added->score();
  const auto before = [added, score](double other_score, const scored_member* other) {
    if (other_score != score) return other_score < score;
    return other->member() < added->member();
  };
  path way;
  std::size_t rank = 0;
  leaf* into = descend(way, before, rank);
  put(into, position(*into, before), added, way);
}

void score_tree::put(leaf* into, std::uint32_t at, scored_member* added, const path& way) {
  leaf* right = nullptr;
  if (into->count == leaf_room) {
    if (!appends(*into, at) && share(way)) return insert(added);
    right = divide(into, at);
    if (at > into->count || into->count == leaf_room) {
      at -= into->count;
      into = right;
    }
  }
  std::copy_backward(into->records + at, into->records + into->count,
                     into->records + into->count + 1);
  into->records[at] = added;
  ++into->count;
  ++size_;
  settle_insertion(way, right);
}

/// Whether a record that is to go to `at` comes after all others.
bool score_tree::appends(const leaf& into, std::uint32_t at) {
  return into.next == nullptr && at == into.count;
}

/// Moves records of a full leaf to a neighbour under the same parent that has room. Dividing a leaf
/// only when this is impossible keeps leaves filled as by 80 %, not 70.
bool score_tree::share(const path& way) {
  if (height_ == 0) return false;
  auto [parent, child] = way[height_ - 1];
  const auto has_room = [&parent = *parent](std::uint32_t of) {
    return of < parent.count && parent.records[of] <= leaf_join;
  };
  if (!has_room(child - 1) && !has_room(child + 1)) return false;
  balance(*parent, has_room(child - 1) ? child - 1 : child, true);
  return true;
}

/// Begins a new leaf behind a full one, for a record that is to go to `at`: with half of the full
/// one's records, or with none when the record is the last of all.
score_tree::leaf* score_tree::divide(leaf* full, std::uint32_t at) {
  leaf* right = new_leaf();
  right->next = full->next;
  right->previous = full;
  if (right->next != nullptr) right->next->previous = right;
  const bool appending = appends(*full, at);
  full->next = right;
  if (appending) return right;
  const auto kept = leaf_room / 2;
  right->count = leaf_room - kept;
  std::copy_n(full->records + kept, right->count, right->records);
  full->count = kept;
  return right;
}

/// The same for an inner node and a child; `last` says that the node is the last of its level.
score_tree::inner* score_tree::divide(inner* full, std::uint32_t at, bool last) {
  inner* right = new_inner();
  const auto kept = last && at == inner_room ? inner_room : inner_room / 2 + 1;
  right->count = inner_room - kept;
  move_children(*full, kept, *right, 0, right->count);
  full->count = kept;
  return right;
}

/// Puts a new root above the old one and what has been divided from it.
void score_tree::grow(void* right) {
  inner* root = new_inner();
  root->nodes[0] = root_;
  root->nodes[1] = right;
  root->count = 2;
  describe(*root, 0, height_ == 0);
  describe(*root, 1, height_ == 0);
  root_ = root;
  ++height_;
}

/// Adds a node behind the one that it was divided from. Returns what is divided from the parent for
/// that, or null.
score_tree::inner* score_tree::add_sibling(step of, void* added, bool of_leaves, bool last) {
  describe(*of.node, of.child, of_leaves);
  inner* right = nullptr;
  auto at = of.child + 1;
  inner* into = of.node;
  if (into->count == inner_room) {
    right = divide(into, at, last);
    if (at > into->count || into->count == inner_room) {
      at -= into->count;
      into = right;
    }
  }
  insert_child(*into, at, added);
  describe(*into, at, of_leaves);
  return right;
}

/// Brings the way to a leaf up to date that has one record more; `divided` is the leaf divided from
/// it, or null.
void score_tree::settle_insertion(const path& way, leaf* divided) {
  const bool last = divided != nullptr && divided->next == nullptr;
  void* added = divided;
  for (auto level = height_; level-- > 0;) {
    const bool of_leaves = level + 1 == height_;
    auto [node, child] = way[level];
    if (added != nullptr) {
      added = add_sibling(way[level], added, of_leaves, last);
      continue;
    }
    ++node->records[child];
    // Only the least of all is put before the first record of its leaf.
    if (child == 0) describe_least(*node, child, of_leaves);
  }
  if (added != nullptr) grow(added);
}

void score_tree::erase(const scored_member* removed) {
  path way;
  std::size_t rank = 0;
  leaf* from = leaf_of(removed, way, rank);
  take(from, index_of(*from, removed), way);
}

void score_tree::take(leaf* from, std::uint32_t at, const path& way) {
  std::copy(from->records + at + 1, from->records + from->count, from->records + at);
  --from->count;
  settle_removal(way, 1);
}

/// Brings the way to a leaf up to date that has lost records: counts, separators, and nodes that
/// have become empty or less than two fifths full.
void score_tree::settle_removal(const path& way, std::uint64_t removed) {
  size_ -= removed;
  for (auto level = height_; level-- > 0;) {
    const bool of_leaves = level + 1 == height_;
    auto [node, child] = way[level];
    void* below = node->nodes[child];
    const auto left =
        of_leaves ? static_cast<leaf*>(below)->count : static_cast<inner*>(below)->count;
    if (left == 0) {
      free_node(below, of_leaves);
      remove_child(*node, child);
      continue;
    }
    node->records[child] -= removed;
    describe_least(*node, child, of_leaves);
    if (left < (of_leaves ? leaf_least : inner_least) && node->count > 1)
      balance(*node, child == 0 ? 0 : child - 1, of_leaves);
  }
  shrink();
}

/// Takes away roots that have one child, and the root of an empty tree.
void score_tree::shrink() {
  if (size_ == 0) {
    free_node(root_, height_ == 0);
    root_ = nullptr;
    height_ = 0;
    return;
  }
  while (height_ > 0 && static_cast<inner*>(root_)->count == 1) {
    auto* old = static_cast<inner*>(root_);
    root_ = old->nodes[0];
    free_inner(old);
    --height_;
  }
}

/// Makes one of two neighbours, or both equally full.
void score_tree::balance(inner& parent, std::uint32_t left, bool of_leaves) {
  if (!(of_leaves ? balance_leaves(parent, left) : balance_inners(parent, left))) {
    describe(parent, left, of_leaves);
    describe(parent, left + 1, of_leaves);
    return;
  }
  free_node(parent.nodes[left + 1], of_leaves);
  remove_child(parent, left + 1);
  describe(parent, left, of_leaves);
}

/// True: the right one is empty now.
bool score_tree::balance_leaves(inner& parent, std::uint32_t left) {
  auto& a = *static_cast<leaf*>(parent.nodes[left]);
  auto& b = *static_cast<leaf*>(parent.nodes[left + 1]);
  const auto both = a.count + b.count;
  const auto kept = both <= leaf_join ? both : both / 2;
  if (kept >= a.count) {
    const auto moved = kept - a.count;
    std::copy_n(b.records, moved, a.records + a.count);
    std::copy(b.records + moved, b.records + b.count, b.records);
  } else {
    const auto moved = a.count - kept;
    std::copy_backward(b.records, b.records + b.count, b.records + b.count + moved);
    std::copy_n(a.records + kept, moved, b.records);
  }
  a.count = kept;
  b.count = both - kept;
  return b.count == 0;
}

bool score_tree::balance_inners(inner& parent, std::uint32_t left) {
  auto& a = *static_cast<inner*>(parent.nodes[left]);
  auto& b = *static_cast<inner*>(parent.nodes[left + 1]);
  const auto both = a.count + b.count;
  const auto kept = both <= inner_join ? both : both / 2;
  if (kept >= a.count) {
    const auto moved = kept - a.count;
    move_children(b, 0, a, a.count, moved);
    move_children(b, moved, b, 0, b.count - moved);
  } else {
    const auto moved = a.count - kept;
    move_children(b, 0, b, moved, b.count);
    move_children(a, kept, b, 0, moved);
  }
  a.count = kept;
  b.count = both - kept;
  return b.count == 0;
}

/// Whether a record may keep its place with another score.
bool score_tree::stays(const leaf& in, std::uint32_t at, double score) {
  const auto* record = in.records[at];
  cursor before(&in, at);
  cursor after(&in, at);
  return (!before.previous() || !ordered_before(score, record->member(), **before)) &&
         (!after.next() || ordered_before(score, record->member(), **after));
}

void score_tree::update(scored_member* changed, double score) {
  path way;
  std::size_t rank = 0;
  leaf* in = leaf_of(changed, way, rank);
  const auto at = index_of(*in, changed);
  if (!stays(*in, at, score)) {
    take(in, at, way);
    changed->set_score(score);
    insert(changed);
    return;
  }
  changed->set_score(score);
  for (auto level = height_; at == 0 && level-- > 0;)
    describe_least(*way[level].node, way[level].child, level + 1 == height_);
}

/// The last leaf of a tree that may have lost its end, so that nothing but the number of children
/// is true of its inner nodes.
score_tree::leaf* score_tree::last_leaf(path& way) const {
  void* node = root_;
  for (std::size_t level = 0; level < height_; ++level) {
    auto* at = static_cast<inner*>(node);
    way[level] = {at, at->count - 1};
    node = at->nodes[at->count - 1];
  }
  return static_cast<leaf*>(node);
}

void score_tree::free_last_leaf(const path& way) {
  void* dead = height_ == 0 ? root_ : way[height_ - 1].node->nodes[way[height_ - 1].child];
  free_leaf(static_cast<leaf*>(dead));
  for (auto level = height_; level-- > 0;) {
    if (--way[level].node->count > 0) return;
    free_inner(way[level].node);
  }
  root_ = nullptr;
  height_ = 0;
}

bool score_tree::drain(std::size_t& budget) {
  while (root_ != nullptr && budget > 0) {
    path way;
    size_ -= last_leaf(way)->count;
    free_last_leaf(way);
    --budget;
  }
  return root_ == nullptr;
}

void score_tree::clear() {
  auto unlimited = std::numeric_limits<std::size_t>::max();
  drain(unlimited);
}

}  // namespace hawser::store
