#pragma once

#include <base/numbers.hpp>
#include <base/random.hpp>
#include <store/collection.hpp>
#include <store/field_table.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

namespace hawser::store {

/// A hash: a listpack of fields, each followed by its value, as long as they are few and short and
/// none has a deadline, else a hash table. It never turns back.
///
/// Fields whose deadline is not after `now` are as good as gone: no function but remove_due sees
/// them.
class hash_value : public collection {
 public:
  static constexpr value_type type = value_type::hash;
  /// A field or value as it is kept: a view, valid until the hash is changed.
  using element = listpack_element;
  using deadline_t = std::optional<base::milliseconds_t>;

  hash_value(database& home, entry& at,
             base::milliseconds_t now = std::numeric_limits<base::milliseconds_t>::min())
      : collection(home, at), now_(now) {}

  static collection_data make_empty(database& home);

  /// O(1), with fields that are due O(their number).
  std::size_t size() const;
  bool empty() const { return size() == 0; }

  /// The value of a field, none if there is no such field. O(1) in a hash table, O(n) in a
  /// listpack; so are the functions that follow.
  std::optional<element> get(std::string_view field) const;
  bool contains(std::string_view field) const { return get(field).has_value(); }

  /// Gives a field a value, which may not lie in this hash; returns whether the field is new.
  enum class keep_deadline : bool { no, yes };
  bool set(std::string_view field, std::string_view value, keep_deadline keep = keep_deadline::no);
  /// False: there was no such field.
  bool remove(std::string_view field);

  /// The deadline of a field that exists.
  deadline_t deadline(std::string_view field) const;
  /// Changes the deadline of a field that exists.
  void set_deadline(std::string_view field, deadline_t deadline);
  /// The nearest deadline, whether it has passed or not. O(1).
  deadline_t nearest_deadline() const;

  /// Takes fields out whose deadline is not after now, at most `budget` of them; returns how many.
  /// `dying`, if there is one, sees each before it goes.
  using field_visitor = std::function<void(std::string_view field)>;
  std::size_t remove_due(std::size_t budget, const field_visitor& dying = {});
  /// All fields, with those that are due. O(1).
  std::size_t size_with_due() const;

  /// Calls visit(field, value) for each, which may not change the hash.
  template <class Visit>
  void for_each(Visit visit) const {
    if (is_pack()) return for_each_in(pack(), visit);
    table().for_each([&](const hash_field* each) { show(*each, visit); });
  }

  /// The same of some of the fields; see hash_table::scan. All of them at once, and 0, in a
  /// listpack.
  template <class Visit>
  std::uint64_t scan(std::uint64_t cursor, Visit visit) const {
    if (!is_pack())
      return table().scan(cursor, [&](const hash_field* each) { show(*each, visit); });
    for_each_in(pack(), visit);
    return 0;
  }

  /// Calls visit(field, value) for `count` fields, each chosen uniformly whatever the others are;
  /// the hash is not empty. Expected O(count), in a listpack O(n + count).
  template <class Visit>
  void draw(std::uint64_t count, base::random& random, Visit visit) const;

  /// The same for `count` different fields, every choice of which is equally likely; there are
  /// more. Expected O(count), in a listpack O(n).
  template <class Visit>
  void sample(std::size_t count, base::random& random, Visit visit) const;

 private:
  static element string(std::string_view text) {
    element made;
    made.string = text.data();
    made.size = text.size();
    return made;
  }

  template <class Visit>
  static void for_each_in(listpack fields, Visit& visit) {
    for (auto at = fields.first(); at != listpack::none;) {
      const auto value = fields.next(at);
      visit(fields.at(at), fields.at(value));
      at = fields.next(value);
    }
  }

  template <class Visit>
  void show(const hash_field& of, Visit& visit) const {
    if (!of.expired(now_)) visit(string(of.field()), string(of.value()));
  }

  field_table& table() const { return large<field_table>(); }
  const hash_field* find(std::string_view field) const;
  const hash_field* draw_from_table(base::random& random) const;
  template <class Visit>
  void sample_in_one_pass(std::size_t count, base::random& random, Visit visit) const;
  bool fits_pack(std::string_view field, std::string_view value) const;
  bool set_in_pack(std::string_view field, std::string_view value);
  void become_table();
  void deadlines_changed();

  base::milliseconds_t now_;
};

template <class Visit>
void hash_value::draw(std::uint64_t count, base::random& random, Visit visit) const {
  if (!is_pack()) {
    for (; count > 0; --count) {
      const hash_field* picked = draw_from_table(random);
      visit(string(picked->field()), string(picked->value()));
    }
    return;
  }
  const auto fields = pack();
  std::vector<listpack::position> positions;
  if (count > 1) {
    positions.reserve(size());
    for (auto at = fields.first(); at != listpack::none; at = fields.next(fields.next(at)))
      positions.push_back(at);
  }
  for (; count > 0; --count) {
    const auto index = random.below(size());
    const auto at =
        positions.empty() ? fields.seek(static_cast<std::int64_t>(2 * index)) : positions[index];
    visit(fields.at(at), fields.at(fields.next(at)));
  }
}

/// Takes each field with the chance that makes up for those that were left out.
template <class Visit>
void hash_value::sample_in_one_pass(std::size_t count, base::random& random, Visit visit) const {
  auto left = size();
  for_each([&](const element& field, const element& value) {
    if (random.below(left--) >= count) return;
    --count;
    visit(field, value);
  });
}

template <class Visit>
void hash_value::sample(std::size_t count, base::random& random, Visit visit) const {
  if (is_pack() || count > size() / 3) return sample_in_one_pass(count, random, visit);
  // Draws as many as are missing until all are different, which is as good as drawing one by one.
  std::vector<const hash_field*> drawn;
  drawn.reserve(count);
  while (drawn.size() < count) {
    while (drawn.size() < count) drawn.push_back(draw_from_table(random));
    std::ranges::sort(drawn);
    drawn.erase(std::unique(drawn.begin(), drawn.end()), drawn.end());
  }
  for (const hash_field* each : drawn) visit(string(each->field()), string(each->value()));
}

}  // namespace hawser::store
