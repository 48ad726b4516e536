#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hawser::store {
class database;
class entry;
}  // namespace hawser::store

namespace hawser::engine {

class node;

/// Keeps the memory in use within `maxmemory`, by removing keys that `maxmemory-policy` chooses.
///
/// A few keys are looked at for each that goes. The best of those that were looked at before and
/// have not been used since are remembered, so that the choice gets better with each round. See
/// docs/decisions/0016-eviction.md. On the store's strand only.
class eviction {
 public:
  enum class outcome : std::uint8_t {
    within,      // there is no limit, it is not reached any more or not to be seen to now
    under_way,   // there is more to remove than time: it goes on in between
    impossible,  // nothing may be removed
  };

  explicit eviction(node& server) : server_(server) {}

  /// Removes keys until the memory in use is within the limit, for as long as a command may wait
  /// for that. O(databases) when there is nothing to do. Comes before each command while there is a
  /// limit, and now and then.
  outcome make_room();

  /// The last make_room found it impossible: commands that need memory are refused.
  bool out_of_memory() const { return last_ == outcome::impossible; }
  /// The last one had not enough time.
  bool under_way() const { return last_ == outcome::under_way; }

  /// Bytes in use that do not count, as removing keys would only add to them: changes on their way
  /// to replicas and files.
  std::size_t not_counted() const;
  /// The rest of `used` bytes.
  std::size_t counted_of(std::size_t used) const;

  /// A key that the policy gives up next. Valid until the next change of its database.
  struct victim {
    int db;
    store::entry* which;
  };
  /// None: there is no key that it may.
  std::optional<victim> choose();

  /// How long the limit has been exceeded until now, in milliseconds; 0 while it is not.
  std::int64_t exceeded_ms() const;

 private:
  /// A key that was looked at.
  struct candidate {
    std::uint64_t score = 0;  // the larger the better to give up
    int db = 0;
    std::string key;
  };
  static constexpr std::size_t most_candidates = 16;

  bool has_to_wait() const;
  outcome free_excess();
  std::size_t excess();
  std::size_t used() const;
  void look_again();
  bool free_buried();
  void evict(victim what);
  void note(outcome what);
  std::int64_t time_limit_ns() const;
  std::int64_t ms_since(std::int64_t begun_ns) const;
  bool only_volatile() const;
  std::size_t eligible(store::database& in) const;
  std::optional<victim> choose_by_chance();
  std::optional<victim> choose_best();
  bool look_around();
  void look_at(int db, const store::entry& at);
  void remember(std::uint64_t score, int db, std::string_view key);
  std::optional<victim> take_best();
  std::uint64_t score_of(const store::entry& of) const;

  node& server_;
  outcome last_ = outcome::within;
  std::int64_t looked_ns_ = 0;  // when the allocator was asked for the exact figure
  int next_db_ = 0;             // that a policy of chance begins with
  std::array<candidate, most_candidates> pool_;  // by score, the least first
  std::size_t pooled_ = 0;
  std::uint8_t pool_policy_ = 0;  // whose scores they are
};

}  // namespace hawser::engine
