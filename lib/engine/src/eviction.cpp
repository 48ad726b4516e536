#include <engine/eviction.hpp>
#include <engine/node.hpp>
#include <store/collection.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace hawser::engine {

namespace {

using policy = eviction_policy;

constexpr std::int64_t microsecond = 1'000, millisecond = 1'000'000;

// How often the allocator may be asked for the exact figure.
constexpr std::int64_t look_period_ns = 10 * millisecond;

constexpr std::size_t longest_kept = 512;  // bytes

}  // namespace

bool eviction::only_volatile() const {
  switch (server_.options.maxmemory_policy) {
    case policy::volatile_lru:
    case policy::volatile_lrm:
    case policy::volatile_lfu:
    case policy::volatile_random:
    case policy::volatile_ttl:
      return true;
    default:
      return false;
  }
}

/// Keys stay as they are while a script runs, the data set is not whole, writes are paused or a
/// primary decides.
bool eviction::has_to_wait() const {
  return server_.script != nullptr || server_.loading || server_.replaying() ||
         (server_.is_replica() && server_.options.replica_ignore_maxmemory) ||
         server_.paused.what(server_.now()) != pause::scope::none;
}

eviction::outcome eviction::make_room() {
  last_ = has_to_wait() ? outcome::within : free_excess();
  note(last_);
  return last_;
}

/// Keeps the time for which the limit has been exceeded.
void eviction::note(outcome what) {
  auto& since = server_.stats.memory_exceeded_since_ns;
  if (what == outcome::within) {
    if (since == 0) [[likely]]
      return;
    server_.stats.memory_exceeded_ns += server_.clock.monotonic_ns() - since;
    since = 0;
  } else if (since == 0) {
    since = std::max<std::int64_t>(server_.clock.monotonic_ns(), 1);
  }
}

std::int64_t eviction::ms_since(std::int64_t begun_ns) const {
  return (server_.clock.monotonic_ns() - begun_ns) / millisecond;
}

std::int64_t eviction::exceeded_ms() const {
  const auto since = server_.stats.memory_exceeded_since_ns;
  return since == 0 ? 0 : ms_since(since);
}

std::size_t eviction::not_counted() const {
  const auto& log = server_.journal.log;
  // A block more than what is kept anyway is how blocks are.
  const auto kept = log.kept() == 0 ? 0 : log.kept() + journal_log::block_bytes;
  std::size_t bytes = log.memory() > kept ? log.memory() - kept : 0;
  if (server_.aof) {
    // What the log has let go is held by the file's writer alone.
    const auto first = log.end() - std::min<std::uint64_t>(server_.aof->buffered(), log.end());
    if (first < log.begin()) bytes += log.begin() - first;
  }
  return bytes + server_.snapshot_queue->load(std::memory_order_relaxed);
}

std::size_t eviction::counted_of(std::size_t used) const {
  return used - std::min(used, not_counted());
}

std::size_t eviction::used() const {
  const auto all = server_.used_memory_lately();
  if (all <= server_.options.maxmemory) [[likely]]
    return all;
  return counted_of(all);
}

/// Bytes above the limit.
std::size_t eviction::excess() {
  const auto bytes = used();
  const auto limit = server_.options.maxmemory;
  return bytes > limit ? bytes - limit : 0;
}

/// Has what other threads have freed seen as well, if that was not done a moment ago.
void eviction::look_again() {
  const auto now = server_.clock.monotonic_ns();
  if (looked_ns_ != 0 && now - looked_ns_ < look_period_ns) return;
  looked_ns_ = now;
  server_.process.allocated_memory();
}

eviction::outcome eviction::free_excess() {
  if (excess() == 0) [[likely]]
    return outcome::within;
  look_again();
  const auto begun = server_.clock.monotonic_ns();
  const auto limit = time_limit_ns();
  constexpr int steps_between_looks = 16;
  auto result = outcome::within;
  for (int steps = 1; excess() > 0; ++steps) {
    const bool slice = free_buried();
    if (!slice) {
      const auto next = choose();
      if (!next) {
        // What is being freed on another thread may be enough.
        result = server_.waiting_to_be_freed.load() > 0 ? outcome::under_way : outcome::impossible;
        break;
      }
      evict(*next);
    }
    if ((slice || steps % steps_between_looks == 0) &&
        server_.clock.monotonic_ns() - begun > limit) {
      result = excess() > 0 ? outcome::under_way : outcome::within;
      break;
    }
  }
  server_.note_latency("eviction-cycle", ms_since(begun));
  return result;
}

/// Goes on with freeing large values that were removed before, of which the memory is still in use:
/// that comes before removing more. False: there are none.
bool eviction::free_buried() {
  constexpr std::size_t elements = 1000;
  for (int i = 0; i < server_.database_count(); ++i)
    if (auto& data = server_.database(i); data.has_buried()) {
      data.free_slice(elements);
      return true;
    }
  return false;
}

void eviction::evict(victim what) {
  const auto begun =
      server_.options.latency_monitor_threshold > 0 ? server_.clock.monotonic_ns() : 0;
  auto& data = server_.database(what.db);
  server_.evicting(what.db, what.which->key());
  data.remove(what.which->key());
  if (begun != 0) server_.note_latency("eviction-del", ms_since(begun));
}

std::int64_t eviction::time_limit_ns() const {
  constexpr std::int64_t usual = 10, unlimited = 100;
  constexpr double usual_us = 500, growth = 1.15;
  const auto tenacity = server_.options.maxmemory_eviction_tenacity;
  if (tenacity <= usual)
    return tenacity * (static_cast<std::int64_t>(usual_us) / usual) * microsecond;
  if (tenacity >= unlimited) return std::numeric_limits<std::int64_t>::max();
  const double us = usual_us * std::pow(growth, static_cast<double>(tenacity - usual));
  return static_cast<std::int64_t>(us * static_cast<double>(microsecond));
}

std::size_t eviction::eligible(store::database& in) const {
  return only_volatile() ? in.deadline_count() : in.size();
}

std::optional<eviction::victim> eviction::choose() {
  switch (server_.options.maxmemory_policy) {
    case policy::noeviction:
      return std::nullopt;
    case policy::allkeys_random:
    case policy::volatile_random:
      return choose_by_chance();
    default:
      return choose_best();
  }
}

/// From one database after the other, so that none is spared.
std::optional<eviction::victim> eviction::choose_by_chance() {
  constexpr int most_tries = 16;
  const int count = server_.database_count();
  for (int i = 0; i < count; ++i) {
    const int db = next_db_ % count;
    next_db_ = (db + 1) % count;
    auto& data = server_.database(db);
    if (eligible(data) == 0) continue;
    for (int tries = 0; tries < most_tries; ++tries) {
      auto* const found = only_volatile() ? data.random_entry_with_deadline(server_.random)
                                          : data.random_entry(server_.random);
      if (data.frees_when_removed(*found)) return victim{db, found};
    }
  }
  return std::nullopt;
}

std::optional<eviction::victim> eviction::choose_best() {
  const auto now = static_cast<std::uint8_t>(server_.options.maxmemory_policy);
  if (pool_policy_ != now) pooled_ = 0;
  pool_policy_ = now;
  // All that a round comes up with may have been removed or used since.
  constexpr int most_rounds = 16;
  for (int round = 0; round < most_rounds; ++round) {
    if (!look_around()) return std::nullopt;
    if (const auto found = take_best()) return found;
  }
  return std::nullopt;
}

/// Looks at some keys of each database. False: there is none that may go.
bool eviction::look_around() {
  constexpr std::uint32_t nearest = 32;
  const auto samples = static_cast<std::size_t>(server_.options.maxmemory_samples);
  const bool by_deadline = server_.options.maxmemory_policy == policy::volatile_ttl;
  bool any = false;
  for (int db = 0; db < server_.database_count(); ++db) {
    auto& data = server_.database(db);
    const auto there_are = eligible(data);
    if (there_are == 0) continue;
    any = true;
    const auto visit = [&](const store::entry* each) {
      if (data.frees_when_removed(*each)) look_at(db, *each);
    };
    const auto wanted = std::min(samples, there_are);
    if (by_deadline) {
      data.sample_nearest(server_.random, std::max(nearest, static_cast<std::uint32_t>(wanted)),
                          visit);
    } else if (only_volatile()) {
      for (std::size_t i = 0; i < wanted; ++i)
        visit(data.random_entry_with_deadline(server_.random));
    } else {
      // What shares a bucket has nothing else in common. A bucket may be empty.
      std::size_t seen = 0;
      for (std::size_t tries = 0; seen < wanted && tries < 8 * wanted + 64; ++tries)
        data.sample(server_.random, [&](const store::entry* each) {
          ++seen;
          visit(each);
        });
    }
  }
  return any;
}

/// The larger the better to remove. Does not change with time, but for LFU, where it only grows,
/// until the key is used.
std::uint64_t eviction::score_of(const store::entry& of) const {
  constexpr std::uint64_t highest = std::numeric_limits<std::uint64_t>::max() / 2;
  constexpr std::uint32_t most_frequent = 255;
  switch (server_.options.maxmemory_policy) {
    case policy::volatile_ttl:
      return highest -
             static_cast<std::uint64_t>(std::max<base::milliseconds_t>(*of.deadline(), 0));
    case policy::allkeys_lfu:
    case policy::volatile_lfu:
      return most_frequent - server_.decayed_frequency(of.access());
    default:
      return highest - static_cast<std::uint64_t>(server_.now() / 1000) +
             server_.idle_seconds(of.access());
  }
}

void eviction::look_at(int db, const store::entry& at) { remember(score_of(at), db, at.key()); }

void eviction::remember(std::uint64_t score, int db, std::string_view key) {
  const bool full = pooled_ == most_candidates;
  if (full && score <= pool_[0].score) return;
  const auto begin = pool_.begin(), end = begin + static_cast<std::ptrdiff_t>(pooled_);
  auto place = std::upper_bound(
      begin, end, score, [](auto value, const candidate& each) { return value < each.score; });
  // The strings change places, so that their memory is used again.
  if (full) {
    std::rotate(begin, begin + 1, place);
    --place;
  } else {
    std::rotate(place, end, end + 1);
    ++pooled_;
  }
  place->score = score;
  place->db = db;
  // The room of a very long key is not kept.
  if (place->key.capacity() > longest_kept) place->key = {};
  place->key.assign(key);
}

/// The best of those that are remembered and still what they were; those before it are forgotten.
std::optional<eviction::victim> eviction::take_best() {
  while (pooled_ > 0) {
    const auto& best = pool_[--pooled_];
    if (best.db >= server_.database_count()) continue;
    auto& data = server_.database(best.db);
    auto* const found = data.find(best.key);
    if (found == nullptr || (only_volatile() && !found->has_deadline_room())) continue;
    if (score_of(*found) < best.score || !data.frees_when_removed(*found)) continue;
    return victim{best.db, found};
  }
  return std::nullopt;
}

}  // namespace hawser::engine
