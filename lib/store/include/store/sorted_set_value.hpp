#pragma once

#include <base/numbers.hpp>
#include <store/collection.hpp>
#include <store/large_sorted_set.hpp>
#include <store/sorted_set_range.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hawser::store {

/// A sorted set: members, each with a score, in the order of (score, member bytes).
///
/// A small one is a listpack of a member and its score by turns, in order; scores are kept as the
/// text that Redis gives them (format_double), integral ones up to 2^62 as integers, -0 as 0. When
/// zset-max-listpack-entries or -value is exceeded it becomes a large_sorted_set and stays one.
/// Where costs are given, small sets need O(n) instead, n being small.
class sorted_set_value : public collection {
 public:
  static constexpr auto type = value_type::sorted_set;
  static collection_data make_empty(database& home);

  using collection::collection;

  std::size_t size() const;
  bool empty() const { return size() == 0; }

  /// Where a member is, or that it is not here. Valid until the next change.
  class spot {
   public:
    explicit operator bool() const { return record_ != nullptr || at_ != listpack::none; }
    double score() const { return score_; }

   private:
    friend class sorted_set_value;
    scored_member* record_ = nullptr;
    listpack::position at_ = listpack::none;
    std::uint64_t hash_ = 0;
    double score_ = 0;
  };
  /// Expected O(1).
  spot find(std::string_view member) const;

  /// Takes the form that so many members will need; the set is empty.
  void expect(std::size_t members) {
    if (!fits(members, 0)) become_large();
  }
  /// Adds a member whose spot is empty. O(log n).
  void add(const spot& at, std::string_view member, double score);
  /// Gives the member at a spot another score. O(log n).
  void set_score(const spot& at, std::string_view member, double score);
  /// O(log n).
  void erase(const spot& at);
  void erase_range(rank_range range);

  /// How many members come before the one at a spot. O(log n).
  std::size_t rank(const spot& at) const;

  /// The members within bounds. O(log n).
  rank_range within(const score_bounds& bounds) const;
  rank_range within(const member_bounds& bounds) const;

  /// A member that is looked at; its text is valid until the next one is.
  class seen {
   public:
    std::string_view member() const { return member_; }
    double score() const { return record_ != nullptr ? record_->score() : score_of(element_); }
    /// The score as Redis keeps it, which is what a scan shows.
    std::string score_text() const {
      return record_ != nullptr ? base::format_double(record_->score()) : element_.to_string();
    }

   private:
    friend class sorted_set_value;
    explicit seen(const scored_member* record) : member_(record->member()), record_(record) {}
    seen(std::string_view member, listpack_element score) : member_(member), element_(score) {}

    std::string_view member_;
    const scored_member* record_ = nullptr;
    listpack_element element_{};
  };

  enum class direction : std::uint8_t { up, down };

  /// Visits the members of a range, which has no more than there are, in order or from the last to
  /// the first; `visit(const seen&)`. O(count + log n).
  template <class Visit>
  void for_range(rank_range range, direction way, Visit visit) const;
  template <class Visit>
  void for_each(Visit visit) const {
    for_range({0, size()}, direction::up, visit);
  }

  /// Visits the members within bounds in order until `visit(const seen&)` is false. O(count + log
  /// n).
  template <class Visit>
  void for_scores(const score_bounds& bounds, Visit visit) const;

  /// Visits some members, as hash_table::scan does; of a small set, all.
  template <class Visit>
  std::uint64_t scan(std::uint64_t cursor, Visit visit) const;

  /// Shows visit(const seen&) a member chosen uniformly; the set is not empty.
  template <class Random, class Visit>
  void random_member(Random& random, Visit visit) const;

  /// Takes the members of a set under construction over, in the form that fits; this set is empty.
  /// See large_sorted_set::put_in_order.
  void fill(
      std::unique_ptr<large_sorted_set> members, const std::function<void()>& breathe = [] {});

 private:
  static double score_of(const listpack_element& element);
  static listpack::position put_score(listpack& pack, arena& memory, listpack::position before,
                                      double score);

  large_sorted_set& tree() const { return large<large_sorted_set>(); }
  bool fits(std::size_t members, std::size_t longest) const;
  void insert_in_pack(std::string_view member, double score);
  void become_large();
  static seen seen_at(const listpack& pack, listpack::position at, digits& room);
  template <class Below, class NotAbove>
  rank_range pack_range(Below below, NotAbove not_above) const;
};

inline sorted_set_value::seen sorted_set_value::seen_at(const listpack& pack, listpack::position at,
                                                        digits& room) {
  return seen(pack.at(at).text(room.room), pack.at(pack.next(at)));
}

template <class Visit>
void sorted_set_value::for_range(rank_range range, direction way, Visit visit) const {
  if (range.count == 0) return;
  const auto first = way == direction::up ? range.first : range.first + range.count - 1;
  if (is_pack()) {
    const auto from = pack();
    digits room;
    auto at = from.seek(static_cast<std::int64_t>(2 * first));
    for (auto left = range.count;;) {
      visit(seen_at(from, at, room));
      if (--left == 0) return;
      at = way == direction::up ? from.next(from.next(at)) : from.previous(from.previous(at));
    }
  }
  auto at = tree().order().at(first);
  for (auto left = range.count;;) {
    visit(seen(*at));
    if (--left == 0) return;
    way == direction::up ? at.next() : at.previous();
  }
}

template <class Visit>
void sorted_set_value::for_scores(const score_bounds& bounds, Visit visit) const {
  if (is_pack()) {
    const auto from = pack();
    digits room;
    for (auto at = from.first(); at != listpack::none; at = from.next(from.next(at))) {
      const auto score = score_of(from.at(from.next(at)));
      if (bounds.below(score)) continue;
      if (!bounds.not_above(score) || !visit(seen_at(from, at, room))) return;
    }
    return;
  }
  const auto& order = tree().order();
  const auto below = [&](double score, const scored_member*) { return bounds.below(score); };
  auto at = order.first_not(below);
  for (bool more = static_cast<bool>(at); more && bounds.not_above((*at)->score());
       more = at.next())
    if (!visit(seen(*at))) return;
}

template <class Visit>
std::uint64_t sorted_set_value::scan(std::uint64_t cursor, Visit visit) const {
  if (!is_pack()) return tree().scan(cursor, [&](const scored_member* each) { visit(seen(each)); });
  for_each(visit);
  return 0;
}

template <class Random, class Visit>
void sorted_set_value::random_member(Random& random, Visit visit) const {
  if (!is_pack()) return visit(seen(tree().random_member(random)));
  digits room;
  const auto from = pack();
  const auto rank = random.below(from.size() / 2);
  visit(seen_at(from, from.seek(static_cast<std::int64_t>(2 * rank)), room));
}

}  // namespace hawser::store
