#pragma once

#include <base/equal.hpp>
#include <store/collection.hpp>
#include <store/list_node.hpp>
#include <store/ring.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace hawser::store {

enum class list_end : std::uint8_t { front, back };

/// Compares elements with a text.
class element_matcher {
 public:
  explicit element_matcher(std::string_view text)
      : text_(text), integer_(canonical_integer(text)) {}
  bool operator()(const listpack_element& element) const {
    if (element.is_integer()) return integer_ == element.integer;
    return !integer_ && base::equal({element.string, element.size}, text_);
  }

 private:
  std::string_view text_;
  std::optional<std::int64_t> integer_;
};

/// How large nodes become and which are compressed: list-max-listpack-size, list-compress-depth.
struct list_shape {
  std::int64_t fill;
  std::int64_t depth;

  /// Whether an element fits into a node of this size.
  bool takes(std::size_t bytes, std::size_t count, std::size_t added) const;
};

/// A large list: nodes of listpacks in order (see list_node.hpp), found by adding up their counts.
///
/// Ends are O(1). An index is found in O(nodes), of which there are few and whose counts lie side
/// by side; a change inside costs that and a move of a part of a node. Nodes other than the first
/// and the last take no more memory than their elements need.
class quicklist final : public large_collection {
 public:
  explicit quicklist(arena& memory) : memory_(&memory) {}
  ~quicklist() override;
  quicklist(const quicklist&) = delete;
  quicklist& operator=(const quicklist&) = delete;

  /// Takes over the elements of a listpack, which is copied.
  quicklist(arena& memory, listpack from, list_shape shape);

  std::size_t size() const override { return size_; }
  std::size_t memory() const override;
  large_collection* clone(arena& to) const override;
  bool release(std::size_t& budget) override;

  void push(list_end at, std::string_view text, list_shape shape);

  /// Calls visit(element) with up to `count` elements from an end on, and takes them out.
  template <class Visit>
  void pop(list_end from, std::size_t count, list_shape shape, Visit visit);

  /// Calls visit(element) from an index on, to the end or to the beginning, until it returns false.
  template <class Visit>
  void walk(std::size_t from, bool backward, Visit visit) const;

  /// An element's place becomes `index`, which is at most the size.
  void insert(std::size_t index, std::string_view text, list_shape shape);
  void replace(std::size_t index, std::string_view text, list_shape shape);
  /// Takes elements out. Nodes that go as a whole become another list, to be freed when there is
  /// time for it; null if there are none.
  std::unique_ptr<quicklist> erase(std::size_t index, std::size_t count, list_shape shape);
  /// Takes out up to `most` elements that match, from the front or from the back on.
  std::size_t remove(const element_matcher& what, std::size_t most, bool backward,
                     list_shape shape);

  std::size_t node_count() const { return nodes_.size(); }
  const list_node& node(std::size_t index) const { return nodes_[index]; }

  /// Shares all nodes with a snapshot that watches the list. O(nodes).
  std::vector<list_node> share_nodes();

 private:
  struct place {
    std::size_t node;
    std::size_t offset;
  };
  place locate(std::size_t index) const;
  list_node::side side_of(std::size_t node) const;
  void own(list_node& node);
  void discard(list_node& node);
  list_node& opened(std::size_t node);
  list_node single(const encoded_element& element, std::size_t room, list_node::side where) const;
  void add_node(std::size_t at, const encoded_element& first, list_node::side where);
  void insert_within(place at, const encoded_element& added, list_shape shape);
  void drop_node(std::size_t at);
  void merge(std::size_t left, list_shape shape);
  void settle(std::size_t node, list_shape shape);
  void settle_ends(list_shape shape);
  void taken_from_end(list_end from, list_shape shape);
  std::size_t remove_from(list_node& from, const element_matcher& what, std::size_t most,
                          bool backward);

  arena* memory_;
  ring<list_node> nodes_;
  std::size_t size_ = 0;
};

template <class Visit>
void quicklist::pop(list_end from, std::size_t count, list_shape shape, Visit visit) {
  const bool front = from == list_end::front;
  while (count > 0 && size_ > 0) {
    auto& node = opened(front ? 0 : nodes_.size() - 1);
    const auto pack = node.pack();
    const auto taken = std::min(count, node.count());
    auto at = front ? pack.first() : pack.last();
    auto first = at;
    for (std::size_t i = 0; i < taken; ++i) {
      visit(pack.at(at));
      first = at;
      at = front ? pack.next(at) : pack.previous(at);
    }
    size_ -= taken;
    count -= taken;
    node.erase(front ? pack.first() : first, taken);
    taken_from_end(from, shape);
  }
}

template <class Visit>
void quicklist::walk(std::size_t from, bool backward, Visit visit) const {
  if (from >= size_) return;
  auto [index, offset] = locate(from);
  std::unique_ptr<char[]> scratch;
  auto pack = nodes_[index].unpacked(scratch);
  auto at = pack.seek(static_cast<std::int64_t>(offset));
  for (;;) {
    if (!visit(pack.at(at))) return;
    at = backward ? pack.previous(at) : pack.next(at);
    if (at != listpack::none) continue;
    if (index == (backward ? 0 : nodes_.size() - 1)) return;
    backward ? --index : ++index;
    pack = nodes_[index].unpacked(scratch);
    at = backward ? pack.last() : pack.first();
  }
}

}  // namespace hawser::store
