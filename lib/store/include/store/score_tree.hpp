#pragma once

// The members of a large sorted set in the order of (score, member): a B+ tree that counts.
//
//   inner     separators   | -2.5 "a" |  7 "kim" |  7 "zoe" |      score and record of the least
//             counts       |       40 |       61 |       25 |      records below
//             nodes             |          |          |
//                               v          v          v
//   leaves    <-> | 40 pointers | <-> | 61 pointers | <-> | 25 pointers | <->
//                   |  |  |
//                   v  v  v
//   records     score, member bytes       (scored_member.hpp; the member table has them too)
//
// A leaf holds nothing but pointers, eight bytes a member, for the score is in the record. What a
// descent compares is in the inner nodes: each child's separator is the score and the record of its
// least member, so a record is touched only where scores are equal, and in the leaf. Separators are
// exact at any time: whoever takes the least record out of a leaf mends the path above it, so no
// separator points to a record that is gone.
//
// Counts make it an order-statistic tree: a rank is the sum of the counts left of the descent, and
// the n-th member is found by subtracting them. They also tell how long a range is before it is
// walked.
//
// Nodes are at least two fifths full, but for the last one of each level: a full last node is not
// divided in the middle, a new one is begun after it, so members that arrive in order (time stamps)
// fill their leaves. Others fill them by four fifths, since a leaf is divided only when no
// neighbour takes some of its records. Ranges are erased leaf by leaf, with one descent for each.

#include <base/prefetch.hpp>
#include <store/arena.hpp>
#include <store/scored_member.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace hawser::store {

/// Whether (score, member) comes before a record in the order of sorted sets.
inline bool ordered_before(double score, std::string_view member, const scored_member& than) {
  return score < than.score() || (score == than.score() && member < than.member());
}

/// Records in the order of their score and, where scores are equal, of their bytes. Owns its nodes,
/// not the records. A record's score and bytes may not change while it is here, but by `update`.
/// Scores are not NaN. Not thread-safe.
class score_tree {
  struct leaf;
  struct inner;

 public:
  explicit score_tree(arena& memory) : memory_(&memory) {}
  ~score_tree() { clear(); }
  score_tree(const score_tree&) = delete;
  score_tree& operator=(const score_tree&) = delete;

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  /// Bytes in nodes.
  std::size_t memory() const { return leaves_ * sizeof(leaf) + inners_ * sizeof(inner); }

  /// Adds a record that is not here yet. O(log n).
  void insert(scored_member* added);

  /// Takes out a record that is here. O(log n).
  void erase(const scored_member* removed);

  /// Gives a record that is here another score, and the place that goes with it. O(log n), cheaper
  /// when the order stays.
  void update(scored_member* changed, double score);

  /// How many records come before this one, which is here. O(log n).
  std::size_t rank(const scored_member* of) const;

  /// How many records come before a bound: `before(score, record)` is true for those, which must be
  /// the first ones, and looks at the record only if it has to. O(log n).
  template <class Before>
  std::size_t count_before(Before before) const;

  /// A place in the order. Valid until the tree changes.
  class cursor {
   public:
    scored_member* operator*() const { return at_->records[index_]; }
    explicit operator bool() const { return at_ != nullptr; }

    /// To the next record. False: there is none, and the cursor may not be used any more.
    bool next();
    /// To the record before. False: there is none, and the cursor may not be used any more.
    bool previous();

   private:
    friend class score_tree;
    static constexpr std::uint32_t reach = 6;  // records asked for ahead of their use
    cursor(const leaf* at, std::uint32_t index) : at_(at), index_(index) {}
    const leaf* at_;
    std::uint32_t index_;
  };

  /// The record with `rank` others before it; rank < size(). O(log n).
  cursor at(std::size_t rank) const;

  /// The first record that does not come before a bound, as count_before takes it; none (false) if
  /// all do. O(log n).
  template <class Before>
  cursor first_not(Before before) const;

  /// Takes out the records of ranks [first, first + count), which exist, in order; `visit(record)`
  /// sees each after it has gone. O(count + count / leaf * log n).
  template <class Visit>
  void erase_range(std::size_t first, std::size_t count, Visit visit);

  /// Gives up the nodes of a tree that is not needed any more, without looking at the records; each
  /// leaf takes one from `budget`. True: nothing is left. No other operation may follow until then.
  bool drain(std::size_t& budget);

  /// Forgets all records. O(nodes).
  void clear();

 private:
  friend class score_tree_inspector;  // the tests'

  static constexpr std::uint32_t leaf_room = 61;
  static constexpr std::uint32_t inner_room = 31;
  static constexpr std::uint32_t leaf_least = 25;  // two fifths
  static constexpr std::uint32_t inner_least = 13;
  // Neighbours become one only if the result has some room left, or the next insertion would undo
  // it.
  static constexpr std::uint32_t leaf_join = 53;
  static constexpr std::uint32_t inner_join = 27;
  static constexpr std::size_t highest = 16;  // 13^15 leaves are more than memory holds

  struct leaf {
    leaf* next = nullptr;
    leaf* previous = nullptr;
    std::uint32_t count = 0;
    scored_member* records[leaf_room];
  };
  static_assert(sizeof(leaf) == 512);

  struct inner {
    std::uint32_t count = 0;
    double scores[inner_room];          // of the least record below
    scored_member* least[inner_room];   // that record
    std::uint64_t records[inner_room];  // how many are below
    void* nodes[inner_room];
  };
  static_assert(sizeof(inner) <= 1024);

  /// The way from the root to a leaf: at each level a node and which of its children.
  struct step {
    inner* node;
    std::uint32_t child;
  };
  using path = std::array<step, highest>;

  /// The leaf that `before` divides, or one whose end it falls on; adds the records in the leaves
  /// before it to `rank`.
  template <class Before>
  leaf* descend(path& way, Before before, std::size_t& rank) const;
  leaf* descend_to_rank(path& way, std::size_t& rank) const;
  leaf* leaf_of(const scored_member* record, path& way, std::size_t& rank) const;
  template <class Before>
  static std::uint32_t position(const leaf& in, Before before);
  static std::uint32_t index_of(const leaf& in, const scored_member* record);

  void put(leaf* into, std::uint32_t at, scored_member* added, const path& way);
  void take(leaf* from, std::uint32_t at, const path& way);
  static bool appends(const leaf& into, std::uint32_t at);
  bool share(const path& way);
  leaf* divide(leaf* full, std::uint32_t at);
  inner* divide(inner* full, std::uint32_t at, bool last);
  inner* add_sibling(step of, void* added, bool of_leaves, bool last);
  void settle_insertion(const path& way, leaf* divided);
  void settle_removal(const path& way, std::uint64_t removed);
  void grow(void* right);
  void shrink();
  static bool stays(const leaf& in, std::uint32_t at, double score);

  static void describe_least(inner& parent, std::uint32_t child, bool of_leaves);
  static void describe(inner& parent, std::uint32_t child, bool of_leaves);
  void balance(inner& parent, std::uint32_t left, bool of_leaves);
  static bool balance_leaves(inner& parent, std::uint32_t left);
  static bool balance_inners(inner& parent, std::uint32_t left);
  static void insert_child(inner& parent, std::uint32_t at, void* node);
  static void remove_child(inner& parent, std::uint32_t at);
  static void move_children(inner& from, std::uint32_t first, inner& to, std::uint32_t at,
                            std::uint32_t count);

  leaf* new_leaf();
  inner* new_inner();
  void free_leaf(leaf* dead);
  void free_inner(inner* dead);
  void free_node(void* dead, bool is_leaf);
  leaf* last_leaf(path& way) const;
  void free_last_leaf(const path& way);

  arena* memory_;
  void* root_ = nullptr;  // a leaf when height_ is 0
  std::size_t height_ = 0;
  std::size_t size_ = 0;
  std::size_t leaves_ = 0;
  std::size_t inners_ = 0;
};

inline bool score_tree::cursor::next() {
  if (++index_ == at_->count) {
    at_ = at_->next;
    index_ = 0;
    return at_ != nullptr;
  }
  if (index_ + reach < at_->count) base::prefetch(at_->records[index_ + reach]);
  return true;
}

inline bool score_tree::cursor::previous() {
  if (index_ == 0) {
    at_ = at_->previous;
    if (at_ == nullptr) return false;
    index_ = at_->count;
  }
  --index_;
  if (index_ >= reach) base::prefetch(at_->records[index_ - reach]);
  return true;
}

template <class Before>
score_tree::leaf* score_tree::descend(path& way, Before before, std::size_t& rank) const {
  void* node = root_;
  for (std::size_t level = 0; level < height_; ++level) {
    auto* at = static_cast<inner*>(node);
    std::uint32_t child = 0;
    for (std::uint32_t length = at->count; length > 1;) {
      const auto half = length / 2;
      if (before(at->scores[child + half], at->least[child + half])) child += half;
      length -= half;
    }
    for (std::uint32_t i = 0; i < child; ++i) rank += at->records[i];
    way[level] = {at, child};
    node = at->nodes[child];
  }
  return static_cast<leaf*>(node);
}

template <class Before>
std::uint32_t score_tree::position(const leaf& in, Before before) {
  std::uint32_t at = 0;
  for (std::uint32_t length = in.count; length > 0;) {
    const auto half = length / 2;
    const scored_member* middle = in.records[at + half];
    // Whichever way it goes, the next record to look at is on its way.
    base::prefetch(in.records[at + half / 2]);
    base::prefetch(in.records[at + half + (length - half) / 2]);
    if (before(middle->score(), middle)) {
      at += half + 1;
      length -= half + 1;
    } else {
      length = half;
    }
  }
  return at;
}

template <class Before>
std::size_t score_tree::count_before(Before before) const {
  if (empty()) return 0;
  path way;
  std::size_t rank = 0;
  const leaf* in = descend(way, before, rank);
  return rank + position(*in, before);
}

template <class Before>
score_tree::cursor score_tree::first_not(Before before) const {
  if (empty()) return {nullptr, 0};
  path way;
  std::size_t rank = 0;
  const leaf* in = descend(way, before, rank);
  const auto at = position(*in, before);
  return at < in->count ? cursor(in, at) : cursor(in->next, 0);
}

template <class Visit>
void score_tree::erase_range(std::size_t first, std::size_t count, Visit visit) {
  while (count > 0) {
    path way;
    std::size_t at = first;
    leaf* in = descend_to_rank(way, at);
    const auto taken = std::min<std::size_t>(count, in->count - at);
    std::array<scored_member*, leaf_room> gone;
    std::copy_n(in->records + at, taken, gone.begin());
    std::copy(in->records + at + taken, in->records + in->count, in->records + at);
    in->count -= static_cast<std::uint32_t>(taken);
    settle_removal(way, taken);
    for (std::size_t i = 0; i < taken; ++i) visit(gone[i]);
    count -= taken;
  }
}

}  // namespace hawser::store
