#include <store/large_sorted_set.hpp>

#include <algorithm>
#include <limits>
#include <memory>
#include <vector>

namespace hawser::store {

namespace {

/// A member on its way into the tree.
struct place {
  double score;
  scored_member* record;
};

bool comes_before(const place& a, const place& b) {
  if (a.score != b.score) return a.score < b.score;
  return a.record->member() < b.record->member();
}

/// What is left of places in order.
struct run {
  const place* next;
  const place* end;
};

}  // namespace

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

/// Runs that are sorted one by one are merged on their way into the tree.
void large_sorted_set::put_in_order(const std::function<void()>& breathe) {
  constexpr std::size_t run_size = 8192, between_breaths = 1024;
  std::vector<place> places;
  places.reserve(size());
  std::vector<run> runs;
  const auto end_run = [&] {
    const auto begun = runs.size() * run_size;
    if (begun == places.size()) return;
    std::sort(places.begin() + static_cast<std::ptrdiff_t>(begun), places.end(), comes_before);
    runs.push_back({places.data() + begun, places.data() + places.size()});
    breathe();
  };
  members_.for_each([&](scored_member* each) {
    places.push_back({each->score(), each});
    if (places.size() % run_size == 0) end_run();
  });
  end_run();
  const auto later = [](const run& a, const run& b) { return comes_before(*b.next, *a.next); };
  std::make_heap(runs.begin(), runs.end(), later);
  while (!runs.empty()) {
    std::pop_heap(runs.begin(), runs.end(), later);
    auto& first = runs.back();
    order_.insert(first.next->record);
    if (order_.size() % between_breaths == 0) breathe();
    if (++first.next == first.end)
      runs.pop_back();
    else
      std::push_heap(runs.begin(), runs.end(), later);
  }
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
