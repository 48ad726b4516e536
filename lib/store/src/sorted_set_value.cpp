#include <base/numbers.hpp>
#include <store/database.hpp>
#include <store/sorted_set_value.hpp>

#include <algorithm>
#include <cmath>

namespace hawser::store {

collection_data sorted_set_value::make_empty(database& home) {
  return {encoding::listpack, listpack::make(home.memory()).data()};
}

std::size_t sorted_set_value::size() const { return is_pack() ? pack().size() / 2 : tree().size(); }

double sorted_set_value::score_of(const listpack_element& element) {
  if (element.is_integer()) return static_cast<double>(element.integer);
  return base::parse_double({element.string, element.size}).value_or(0);
}

listpack::position sorted_set_value::put_score(listpack& pack, arena& memory,
                                               listpack::position before, double score) {
  constexpr double integral_limit = 0x1p62;  // up to here Redis takes the integer
  if (std::fabs(score) <= integral_limit && score == std::trunc(score))
    return pack.insert(memory, before, static_cast<std::int64_t>(score));
  return pack.insert(memory, before, base::format_double(score));
}

sorted_set_value::spot sorted_set_value::find(std::string_view member) const {
  spot found;
  if (!is_pack()) {
    found.hash_ = tree().hash_of(member);
    found.record_ = tree().find(member, found.hash_);
    if (found) found.score_ = found.record_->score();
    return found;
  }
  const auto in = pack();
  found.at_ = in.find(in.first(), member, 1);
  if (found) found.score_ = score_of(in.at(in.next(found.at_)));
  return found;
}

bool sorted_set_value::fits(std::size_t members, std::size_t longest) const {
  return static_cast<std::int64_t>(members) <= limits().zset_max_listpack_entries &&
         static_cast<std::int64_t>(longest) <= limits().zset_max_listpack_value;
}

void sorted_set_value::add(const spot& at, std::string_view member, double score) {
  if (is_pack()) {
    if (fits(size() + 1, member.size()) &&
        pack().byte_count() + member.size() + 64 < listpack::largest)
      return insert_in_pack(member, score);
    become_large();
    return tree().add(member, score, tree().hash_of(member));
  }
  tree().add(member, score, at.hash_);
}

/// Puts a member and its score before the first pair that comes after them.
void sorted_set_value::insert_in_pack(std::string_view member, double score) {
  auto in = pack();
  auto before = in.first();
  digits room;
  for (; before != listpack::none; before = in.next(in.next(before))) {
    const auto other = score_of(in.at(in.next(before)));
    if (score < other || (score == other && member < in.at(before).text(room.room))) break;
  }
  const auto at = in.insert(memory(), before, member);
  put_score(in, memory(), in.next(at), score);
  set_pack(in);
}

void sorted_set_value::become_large() {
  auto in = pack();
  auto made = std::make_unique<large_sorted_set>(memory(), hasher());
  for_each([&](const seen& each) {
    made->add(each.member(), each.score(), made->hash_of(each.member()));
  });
  set_large(encoding::skiplist, made.release());
  in.destroy(memory());
}

void sorted_set_value::set_score(const spot& at, std::string_view member, double score) {
  if (!is_pack()) return tree().set_score(at.record_, score);
  erase(at);
  insert_in_pack(member, score);
}

void sorted_set_value::erase(const spot& at) {
  if (!is_pack()) return tree().erase(at.record_);
  auto in = pack();
  in.erase(memory(), at.at_, 2);
  set_pack(in);
}

void sorted_set_value::erase_range(rank_range range) {
  if (range.count == 0) return;
  if (!is_pack()) return tree().erase_range(range.first, range.count);
  auto in = pack();
  in.erase(memory(), in.seek(static_cast<std::int64_t>(2 * range.first)), 2 * range.count);
  set_pack(in);
}

std::size_t sorted_set_value::rank(const spot& at) const {
  if (!is_pack()) return tree().order().rank(at.record_);
  const auto in = pack();
  std::size_t rank = 0;
  for (auto each = in.first(); each != at.at_; each = in.next(in.next(each))) ++rank;
  return rank;
}

/// The first members that are not below, as long as they are not above.
template <class Below, class NotAbove>
rank_range sorted_set_value::pack_range(Below below, NotAbove not_above) const {
  const auto in = pack();
  digits room;
  rank_range found;
  auto at = in.first();
  const auto skip = [&] { at = in.next(in.next(at)); };
  for (; at != listpack::none && below(seen_at(in, at, room)); skip()) ++found.first;
  for (; at != listpack::none && not_above(seen_at(in, at, room)); skip()) ++found.count;
  return found;
}

rank_range sorted_set_value::within(const score_bounds& bounds) const {
  if (is_pack())
    return pack_range([&](const seen& each) { return bounds.below(each.score()); },
                      [&](const seen& each) { return bounds.not_above(each.score()); });
  const auto& order = tree().order();
  const auto first =
      order.count_before([&](double score, const scored_member*) { return bounds.below(score); });
  const auto end = order.count_before(
      [&](double score, const scored_member*) { return bounds.not_above(score); });
  return {first, end > first ? end - first : 0};
}

rank_range sorted_set_value::within(const member_bounds& bounds) const {
  if (is_pack())
    return pack_range([&](const seen& each) { return bounds.below(each.member()); },
                      [&](const seen& each) { return bounds.not_above(each.member()); });
  const auto& order = tree().order();
  const auto first = order.count_before(
      [&](double, const scored_member* each) { return bounds.below(each->member()); });
  const auto end = order.count_before(
      [&](double, const scored_member* each) { return bounds.not_above(each->member()); });
  return {first, end > first ? end - first : 0};
}

void sorted_set_value::fill(std::unique_ptr<large_sorted_set> members,
                            const std::function<void()>& breathe) {
  members->put_in_order(breathe);
  auto in = pack();
  const auto& order = members->order();
  std::size_t longest = 0;
  if (fits(members->size(), 0) && !order.empty()) {
    for (auto at = order.at(0);;) {
      longest = std::max(longest, (*at)->member().size());
      if (!at.next()) break;
    }
  }
  if (!fits(members->size(), longest)) {
    set_large(encoding::skiplist, members.release());
    in.destroy(memory());
    return;
  }
  if (order.empty()) return;
  for (auto at = order.at(0);;) {
    in.append(memory(), (*at)->member());
    put_score(in, memory(), listpack::none, (*at)->score());
    if (!at.next()) break;
  }
  set_pack(in);
}

}  // namespace hawser::store
