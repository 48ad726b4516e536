#pragma once

#include <base/numbers.hpp>
#include <base/random.hpp>
#include <store/collection.hpp>
#include <store/draft.hpp>
#include <store/intset.hpp>
#include <store/member_table.hpp>

#include <bit>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace hawser::store {

/// A set: an intset as long as all members are integers and few, else a listpack as long as they
/// are few and short (since Redis 7.2), else a hash table. It never turns back.
class set_value : public collection {
 public:
  static constexpr value_type type = value_type::set;
  /// A member as it is kept: a view, valid until the set is changed.
  using member = listpack_element;

  using collection::collection;

  static collection_data make_empty(database& home);

  std::size_t size() const;
  bool empty() const { return size() == 0; }

  /// O(1) in a hash table, O(log n) in an intset, O(n) in a listpack.
  bool contains(std::string_view text) const;
  bool contains(const member& of) const;
  /// False: it was there. The text may not lie in this set.
  bool add(std::string_view text);
  bool add(const member& of);
  /// False: it was not there.
  bool remove(std::string_view text);
  bool remove(const member& of);

  /// Takes another set's members in the place of its own.
  void replace(draft<set_value> with);

  /// Calls visit(member) for each, which may not change the set; integers of an intset come in
  /// ascending order.
  template <class Visit>
  void for_each(Visit visit) const {
    if (is_intset()) {
      const auto numbers = integers();
      const auto count = numbers.size();
      for (std::size_t i = 0; i < count; ++i) visit(integer(numbers.at(i)));
    } else if (is_pack()) {
      for (const auto& each : pack()) visit(each);
    } else {
      table().for_each([&](const set_member* each) { visit(string(each->text())); });
    }
  }

  /// The same of some of the members; see hash_table::scan. All of them at once, and 0, unless it
  /// is a hash table.
  template <class Visit>
  std::uint64_t scan(std::uint64_t cursor, Visit visit) const {
    if (how() == encoding::hashtable)
      return table().scan(cursor, [&](const set_member* each) { visit(string(each->text())); });
    for_each(visit);
    return 0;
  }

  /// A member chosen uniformly; the set is not empty.
  member random_member(base::random& random) const;

  /// Calls visit(member) for `count` different members, every choice of which is equally likely;
  /// the set has more. Expected O(count), but O(n) in a listpack.
  template <class Visit>
  void sample(std::size_t count, base::random& random, Visit visit) const;

 private:
  /// Which numbers have been drawn.
  class drawn_numbers {
   public:
    explicit drawn_numbers(std::size_t most) : slots_(std::bit_ceil(2 * most + 1)) {}
    /// False: it was drawn before. The number is not 0.
    bool add(std::uintptr_t number) {
      const auto mask = slots_.size() - 1;
      auto at = (number * 0x9e3779b97f4a7c15) >> 32 & mask;
      while (slots_[at] != 0) {
        if (slots_[at] == number) return false;
        at = (at + 1) & mask;
      }
      slots_[at] = number;
      return true;
    }

   private:
    std::vector<std::uintptr_t> slots_;
  };

  static member integer(std::int64_t value) {
    member made;
    made.string = nullptr;
    made.integer = value;
    return made;
  }
  static member string(std::string_view text) {
    member made;
    made.string = text.data();
    made.size = text.size();
    return made;
  }

  bool is_intset() const { return how() == encoding::intset; }
  intset integers() const { return intset(item().collection().data); }
  void set_integers(intset changed) { item().set_collection({encoding::intset, changed.data()}); }
  member_table& table() const { return large<member_table>(); }

  bool add_integer(std::int64_t value);
  bool remove_integer(std::int64_t value);
  bool fits_pack(std::size_t count, std::size_t longest) const;
  void leave_intset(std::size_t room, std::size_t longest);
  void become_pack();
  void become_table();
};

template <class Visit>
void set_value::sample(std::size_t count, base::random& random, Visit visit) const {
  auto left = size();
  if (is_pack() || count > left / 3) {
    // One pass that takes each member with the chance that makes up for those that were left out.
    for_each([&](const member& each) {
      if (random.below(left--) >= count) return;
      --count;
      visit(each);
    });
    return;
  }
  drawn_numbers drawn(count);
  while (count > 0) {
    if (is_intset()) {
      const auto index = random.below(left);
      if (!drawn.add(index + 1)) continue;
      visit(integer(integers().at(index)));
    } else {
      const auto* picked = table().random_member(random);
      if (!drawn.add(reinterpret_cast<std::uintptr_t>(picked))) continue;
      visit(string(picked->text()));
    }
    --count;
  }
}

}  // namespace hawser::store
