#include <store/large_sorted_set.hpp>

#include <algorithm>
#include <limits>
#include <memory>
#include <vector>

namespace hawser::store {

large_sorted_set::~large_sorted_set() {
  auto unlimited = std::numeric_limits<std::size_t>::max();
  release(unlimited);
}

std::size_t large_sorted_set::memory() const {
  return sizeof *this + record_bytes_ + members_.memory() + order_.memory();
}

scored_member* large_sorted_set::make(std::string_view member, double score) {
  record_bytes_ += scored_member::memory_for(member.size());
  auto* made = scored_member::make(*memory_, member, score);
  mark(*made);
  return made;
}

void large_sorted_set::destroy(scored_member* dead) {
  record_bytes_ -= scored_member::memory_for(dead->member().size());
  scored_member::destroy(*memory_, dead);
}

scored_member* large_sorted_set::find(std::string_view member, std::uint64_t hash) const {
  scored_member** slot = members_.find(member, hash);
  return slot == nullptr ? nullptr : *slot;
}

void large_sorted_set::adopt(scored_member* made, std::uint64_t hash) {
  members_.insert(made, hash);
  order_.insert(made);
}

void large_sorted_set::erase(scored_member* dead) {
  before_change(*dead);
  order_.erase(dead);
  members_.remove(dead->member(), hash_of(dead->member()));
  destroy(dead);
}

void large_sorted_set::erase_range(std::size_t first, std::size_t count) {
  order_.erase_range(first, count, [this](scored_member* dead) {
    before_change(*dead);
    members_.remove(dead->member(), hash_of(dead->member()));
    destroy(dead);
  });
}

scored_member* large_sorted_set::add_unordered(std::string_view member, double score,
                                               std::uint64_t hash) {
  scored_member* made = make(member, score);
  members_.insert(made, hash);
  return made;
}

void large_sorted_set::put_in_order() {
  struct place {
    double score;
    scored_member* record;
  };
  std::vector<place> places;
  places.reserve(size());
  members_.for_each([&](scored_member* each) { places.push_back({each->score(), each}); });
  std::sort(places.begin(), places.end(), [](const place& a, const place& b) {
    if (a.score != b.score) return a.score < b.score;
    return a.record->member() < b.record->member();
  });
  for (const auto& each : places) order_.insert(each.record);
}

large_collection* large_sorted_set::clone(arena& to) const {
  auto copy = std::make_unique<large_sorted_set>(to, *hash_);
  if (order_.empty()) return copy.release();
  auto at = order_.at(0);
  do {
    const auto member = (*at)->member();
    copy->add(member, (*at)->score(), hash_of(member));
  } while (at.next());
  return copy.release();
}

bool large_sorted_set::release(std::size_t& budget) {
  if (!order_.drain(budget)) return false;
  return members_.drain(budget, [this](scored_member* dead) { destroy(dead); });
}

}  // namespace hawser::store
