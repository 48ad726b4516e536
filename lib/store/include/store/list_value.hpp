#pragma once

#include <store/quicklist.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hawser::store {

/// A list: a listpack while it is short, else a quicklist, which turns back when little is left.
/// Both have the name "quicklist" to the outside.
class list_value : public collection {
 public:
  static constexpr value_type type = value_type::list;
  /// An element as it is kept: a view, valid until the list is changed.
  using element = listpack_element;

  /// Bytes of the longest text that can be added: a node's size is a number of 32 bits.
  static constexpr std::size_t longest_element = 0xffff'0000;

  using collection::collection;

  static collection_data make_empty(database& home);

  std::size_t size() const { return is_pack() ? pack().size() : nodes().size(); }
  bool empty() const { return is_pack() ? pack().empty() : nodes().size() == 0; }

  /// How the elements are kept. O(nodes).
  struct layout {
    std::size_t nodes;
    std::size_t bytes;  // of the nodes' listpacks, uncompressed
    list_shape shape;
  };
  layout laid_out() const;

  /// Texts that are added may not lie in the list. O(1).
  void push(list_end at, std::string_view text);

  /// Calls visit(element) with up to `count` elements from an end on, and takes them out.
  template <class Visit>
  void pop(list_end from, std::size_t count, Visit visit);

  /// Calls visit(element) from an index on, to the end or to the beginning, until it returns false.
  template <class Visit>
  void walk(std::size_t from, bool backward, Visit visit) const;

  /// Calls visit(element) with `count` elements from an index on, as many as there are.
  template <class Visit>
  void for_range(std::size_t from, std::size_t count, Visit visit) const {
    if (count == 0) return;
    walk(from, false, [&](const element& each) {
      visit(each);
      return --count > 0;
    });
  }

  /// The index of the first element that reads `text`; none if there is none.
  std::optional<std::size_t> find(std::string_view text) const;

  /// An element's place becomes `index`, which is at most the size.
  void insert(std::size_t index, std::string_view text);
  /// The element exists.
  void replace(std::size_t index, std::string_view text);
  /// The elements exist.
  void erase(std::size_t index, std::size_t count);
  /// Takes out up to `most` elements that read `text`, from the front or from the back on; returns
  /// how many.
  std::size_t remove(std::string_view text, std::size_t most, bool backward);

 private:
  static constexpr std::size_t longest_pack = 2048;  // bytes
  static constexpr std::size_t turns_back = 256;

  quicklist& nodes() const { return large<quicklist>(); }
  list_shape shape() const;
  bool outgrows(std::size_t added) const { return pack().byte_count() + added > longest_pack; }
  void become_large();
  void turn_back();
};

template <class Visit>
void list_value::pop(list_end from, std::size_t count, Visit visit) {
  if (!is_pack()) {
    nodes().pop(from, count, shape(), visit);
    return turn_back();
  }
  auto changed = pack();
  const bool front = from == list_end::front;
  auto at = front ? changed.first() : changed.last();
  auto first = at;
  std::size_t taken = 0;
  for (; taken < count && at != listpack::none; ++taken) {
    visit(changed.at(at));
    first = at;
    at = front ? changed.next(at) : changed.previous(at);
  }
  if (taken == 0) return;
  changed.erase(memory(), front ? changed.first() : first, taken);
  set_pack(changed);
}

template <class Visit>
void list_value::walk(std::size_t from, bool backward, Visit visit) const {
  if (!is_pack()) return nodes().walk(from, backward, visit);
  const auto elements = pack();
  auto at = elements.seek(static_cast<std::int64_t>(from));
  while (at != listpack::none && visit(elements.at(at)))
    at = backward ? elements.previous(at) : elements.next(at);
}

}  // namespace hawser::store
