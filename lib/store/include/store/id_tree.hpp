#pragma once

// An ordered map from stream IDs to small values, as a B+ tree:
//
//                     inner [ <lowest | 7-0 | 19-0 ]
//                    /            |               \.
//   leaf [1-0 2-0 5-0] <-> leaf [7-0 9-1] <-> leaf [19-0 20-0 20-1]
//
// Values are in the leaves, which are linked both ways. An inner node knows the least ID that each
// child but the first may hold; that bound is set when the child is split off and stays, so that
// insertions and removals never change anything above the node that is full or empty.
//
// IDs mostly come in order and go in order. A full leaf at the right edge is therefore not cut in
// half but followed by a new one, which leaves full nodes behind; and a node is given back when it
// is empty, not merged before.

#include <store/arena.hpp>
#include <store/stream_id.hpp>

#include <algorithm>
#include <cstdint>
#include <new>
#include <type_traits>
#include <utility>

namespace hawser::store {

/// Finding, inserting and erasing are O(log n), stepping and appending O(1) amortised. An iterator
/// is valid until the next insertion or removal.
template <class Value>
class id_tree {
  static_assert(std::is_trivially_copyable_v<Value> && std::is_trivially_destructible_v<Value>);

  static constexpr std::size_t fanout = 16;
  struct inner;
  struct node {
    inner* parent = nullptr;
    std::uint32_t count = 0;
  };
  struct inner : node {
    stream_id lowest[fanout];  // of each child; that of the first one means nothing
    node* child[fanout];
  };
  struct leaf : node {
    leaf* previous = nullptr;
    leaf* next = nullptr;
    stream_id id[fanout];
    Value value[fanout];
  };

 public:
  explicit id_tree(arena& memory) : memory_(&memory) {}
  id_tree(id_tree&& other) noexcept { *this = std::move(other); }
  id_tree& operator=(id_tree&& other) noexcept {
    std::swap(memory_, other.memory_);
    std::swap(root_, other.root_);
    std::swap(first_, other.first_);
    std::swap(last_, other.last_);
    std::swap(height_, other.height_);
    std::swap(size_, other.size_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~id_tree() { clear(); }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  /// Bytes that its nodes take.
  std::size_t memory() const { return bytes_; }

  class iterator {
   public:
    iterator() = default;

    const stream_id& id() const { return at_->id[index_]; }
    Value& value() const { return at_->value[index_]; }

    iterator& operator++() {
      if (++index_ == at_->count) *this = {at_->next, 0};
      return *this;
    }
    /// Before the first one comes the end.
    iterator& operator--() {
      if (index_ > 0)
        --index_;
      else
        *this = back_of(at_->previous);
      return *this;
    }
    bool operator==(const iterator&) const = default;

   private:
    friend class id_tree;
    iterator(leaf* at, std::uint32_t index) : at_(at), index_(index) {}

    leaf* at_ = nullptr;
    std::uint32_t index_ = 0;
  };

  iterator begin() const { return {first_, 0}; }
  iterator end() const { return {}; }
  /// The one with the largest ID; the end when there is none.
  iterator last() const { return back_of(last_); }

  iterator find(const stream_id& id) const {
    const auto at = lower_bound(id);
    return at != end() && at.id() == id ? at : end();
  }

  /// The first one whose ID is not less.
  iterator lower_bound(const stream_id& id) const {
    if (empty()) return end();
    leaf* at = leaf_for(id);
    const auto index = place_in(*at, id);
    return index < at->count ? iterator{at, index} : iterator{at->next, 0};
  }

  /// The last one whose ID is not greater; the end when there is none.
  iterator floor(const stream_id& id) const {
    auto at = lower_bound(id);
    if (at == end()) return last();
    return at.id() == id ? at : --at;
  }

  /// Adds a value, unless the ID has one already (false).
  std::pair<iterator, bool> insert(const stream_id& id, Value value) {
    if (empty()) {
      root_ = first_ = last_ = make<leaf>();
      return {put(last_, 0, id, value), true};
    }
    leaf* at = last_->id[last_->count - 1] < id ? last_ : leaf_for(id);
    auto index = place_in(*at, id);
    if (index < at->count && at->id[index] == id) return {{at, index}, false};
    if (at->count == fanout) {
      leaf* added = split(at, at == last_ && index == fanout);
      if (index > at->count || at->count == fanout) {
        index -= at->count;
        at = added;
      }
    }
    return {put(at, index, id, value), true};
  }

  /// Removes one; returns the one behind it.
  iterator erase(iterator where) {
    leaf* at = where.at_;
    close_gap(at->id, where.index_, at->count);
    close_gap(at->value, where.index_, at->count);
    --at->count;
    --size_;
    if (where.index_ < at->count) return where;
    const iterator after{at->next, 0};
    if (at->count == 0) drop(at);
    return after;
  }

  void clear() {
    if (root_ != nullptr) clear(root_, height_);
    root_ = nullptr;
    first_ = last_ = nullptr;
    height_ = 0;
    size_ = 0;
  }

  /// Whether the structure holds together; for tests. O(n).
  bool valid() const {
    std::size_t seen = 0;
    const leaf* before = nullptr;
    for (const leaf* at = first_; at != nullptr; before = at, at = at->next) {
      if (at->previous != before || at->count == 0 || at->count > fanout) return false;
      if (before != nullptr && !(before->id[before->count - 1] < at->id[0])) return false;
      for (std::uint32_t i = 0; i < at->count; ++i, ++seen)
        if ((i > 0 && !(at->id[i - 1] < at->id[i])) || leaf_for(at->id[i]) != at) return false;
    }
    return seen == size_ && before == last_ && (size_ == 0) == (root_ == nullptr);
  }

 private:
  static iterator back_of(leaf* at) {
    return at == nullptr ? iterator{} : iterator{at, at->count - 1};
  }

  template <class Node>
  Node* make() {
    bytes_ += arena::rounded(sizeof(Node));
    return new (memory_->allocate(sizeof(Node))) Node;
  }
  template <class Node>
  void free(Node* dead) {
    bytes_ -= arena::rounded(sizeof(Node));
    memory_->free(dead, sizeof(Node));
  }

  static std::uint32_t place_in(const leaf& at, const stream_id& id) {
    return static_cast<std::uint32_t>(std::lower_bound(at.id, at.id + at.count, id) - at.id);
  }

  leaf* leaf_for(const stream_id& id) const {
    node* at = root_;
    for (int level = height_; level > 0; --level) {
      auto* parent = static_cast<inner*>(at);
      const auto* begin = parent->lowest;
      at = parent->child[std::upper_bound(begin + 1, begin + parent->count, id) - begin - 1];
    }
    return static_cast<leaf*>(at);
  }

  template <class T>
  static void open_gap(T* all, std::uint32_t at, std::uint32_t count) {
    std::copy_backward(all + at, all + count, all + count + 1);
  }
  template <class T>
  static void close_gap(T* all, std::uint32_t at, std::uint32_t count) {
    std::copy(all + at + 1, all + count, all + at);
  }

  iterator put(leaf* at, std::uint32_t index, const stream_id& id, Value value) {
    open_gap(at->id, index, at->count);
    open_gap(at->value, index, at->count);
    at->id[index] = id;
    at->value[index] = value;
    ++at->count;
    ++size_;
    return {at, index};
  }

  /// Puts a leaf behind a full one: an empty one at the right edge, else with the upper half.
  leaf* split(leaf* full, bool at_edge) {
    auto* added = make<leaf>();
    added->previous = full;
    added->next = std::exchange(full->next, added);
    (added->next == nullptr ? last_ : added->next->previous) = added;
    const auto kept = static_cast<std::uint32_t>(at_edge ? fanout : fanout / 2);
    std::copy(full->id + kept, full->id + full->count, added->id);
    std::copy(full->value + kept, full->value + full->count, added->value);
    added->count = full->count - kept;
    full->count = kept;
    // An empty leaf is about to get an ID above all others.
    const auto bound = at_edge ? *full->id[kept - 1].next() : added->id[0];
    add_child(full, bound, added, at_edge);
    return added;
  }

  static std::uint32_t index_of(const inner& parent, const node* child) {
    return static_cast<std::uint32_t>(std::find(parent.child, parent.child + parent.count, child) -
                                      parent.child);
  }

  void put_child(inner* parent, std::uint32_t index, const stream_id& lowest, node* child) {
    open_gap(parent->lowest, index, parent->count);
    open_gap(parent->child, index, parent->count);
    parent->lowest[index] = lowest;
    parent->child[index] = child;
    child->parent = parent;
    ++parent->count;
  }

  /// Puts a node behind another one of the same level, above which there may be none yet.
  void add_child(node* left, const stream_id& lowest, node* added, bool at_edge) {
    inner* parent = left->parent;
    if (parent == nullptr) {
      parent = make<inner>();
      put_child(parent, 0, {}, left);
      put_child(parent, 1, lowest, added);
      root_ = parent;
      ++height_;
      return;
    }
    auto index = index_of(*parent, left) + 1;
    if (parent->count == fanout) {
      inner* sibling = split(parent, at_edge, at_edge ? lowest : parent->lowest[fanout / 2]);
      if (index > parent->count || parent->count == fanout) {
        index -= parent->count;
        parent = sibling;
      }
    }
    put_child(parent, index, lowest, added);
  }

  inner* split(inner* full, bool at_edge, stream_id bound) {
    auto* added = make<inner>();
    const auto kept = static_cast<std::uint32_t>(at_edge ? fanout : fanout / 2);
    for (auto i = kept; i < full->count; ++i)
      put_child(added, i - kept, full->lowest[i], full->child[i]);
    full->count = kept;
    add_child(full, bound, added, at_edge);
    return added;
  }

  void drop(leaf* empty) {
    (empty->previous == nullptr ? first_ : empty->previous->next) = empty->next;
    (empty->next == nullptr ? last_ : empty->next->previous) = empty->previous;
    remove_child(empty->parent, empty);
    free(empty);
    while (height_ > 0 && root_->count == 1) {
      auto* old = static_cast<inner*>(root_);
      root_ = old->child[0];
      root_->parent = nullptr;
      --height_;
      free(old);
    }
  }

  void remove_child(inner* parent, const node* gone) {
    if (parent == nullptr) {
      root_ = nullptr;
      height_ = 0;
      return;
    }
    const auto index = index_of(*parent, gone);
    close_gap(parent->lowest, index, parent->count);
    close_gap(parent->child, index, parent->count);
    if (--parent->count > 0) return;
    remove_child(parent->parent, parent);
    free(parent);
  }

  void clear(node* dead, int level) {
    if (level == 0) return free(static_cast<leaf*>(dead));
    auto* parent = static_cast<inner*>(dead);
    for (std::uint32_t i = 0; i < parent->count; ++i) clear(parent->child[i], level - 1);
    free(parent);
  }

  arena* memory_ = nullptr;
  node* root_ = nullptr;
  leaf* first_ = nullptr;
  leaf* last_ = nullptr;
  int height_ = 0;  // levels above the leaves
  std::size_t size_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace hawser::store
