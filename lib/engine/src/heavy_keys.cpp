#include <engine/heavy_keys.hpp>

#include <algorithm>

namespace hawser::engine {

heavy_keys::heavy_keys(std::size_t counters) : most_(counters) {
  counters_.reserve(counters);
  heap_.reserve(counters);
  by_hash_.reserve(counters);
}

void heavy_keys::add(std::uint64_t hash, std::string_view key, std::uint64_t amount) {
  if (key.size() > longest_key) return;
  if (const auto found = by_hash_.find(hash); found != by_hash_.end())
    return grow(counters_[found->second], amount);
  if (counters_.size() < most_) {
    const auto index = static_cast<std::uint32_t>(counters_.size());
    counters_.push_back({0, 0, hash, heap_.size(), std::string(key)});
    // Nothing is less than nothing, so that it belongs to the front.
    heap_.push_back(index);
    for (auto at = heap_.size() - 1; at > 0; at = (at - 1) / 2) {
      put(at, heap_[(at - 1) / 2]);
      put((at - 1) / 2, index);
    }
    by_hash_.emplace(hash, index);
    return grow(counters_[index], amount);
  }
  const auto index = heap_.front();
  auto& least = counters_[index];
  by_hash_.erase(least.hash);
  by_hash_.emplace(hash, index);
  least.error = least.amount;
  least.hash = hash;
  least.key.assign(key);
  grow(least, amount);
}

void heavy_keys::put(std::size_t place, std::uint32_t index) {
  heap_[place] = index;
  counters_[index].place = place;
}

/// A larger amount sinks below those that are less.
void heavy_keys::grow(counter& at, std::uint64_t amount) {
  at.amount += amount;
  auto place = at.place;
  const auto index = heap_[place];
  for (auto child = 2 * place + 1; child < heap_.size(); child = 2 * place + 1) {
    const auto amount_at = [&](std::size_t where) { return counters_[heap_[where]].amount; };
    if (child + 1 < heap_.size() && amount_at(child + 1) < amount_at(child)) ++child;
    if (at.amount <= amount_at(child)) break;
    put(place, heap_[child]);
    place = child;
  }
  put(place, index);
}

std::vector<heavy_keys::spent> heavy_keys::top(std::size_t most) const {
  std::vector<spent> all;
  for (const auto& each : counters_)
    if (each.amount > each.error) all.push_back({each.key, each.amount - each.error});
  const auto kept = std::min(most, all.size());
  std::ranges::partial_sort(all, all.begin() + static_cast<std::ptrdiff_t>(kept),
                            [](const spent& a, const spent& b) {
                              return a.amount != b.amount ? a.amount > b.amount : a.key < b.key;
                            });
  all.resize(kept);
  return all;
}

}  // namespace hawser::engine
