#pragma once

#include <base/hash.hpp>
#include <base/random.hpp>
#include <store/hash_table.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace hawser::engine {

/// A key and the ids of its readers, ascending, in one record: room for a power of two of ids, and
/// behind them the bytes of the key.
class tracked_key {
 public:
  tracked_key(const tracked_key&) = delete;
  tracked_key& operator=(const tracked_key&) = delete;

  static tracked_key* make(store::arena& memory, std::string_view key, std::uint64_t reader);
  static void destroy(store::arena& memory, tracked_key* dead);

  std::string_view key() const {
    return {reinterpret_cast<const char*>(ids() + room_for(count_)), key_size_};
  }
  std::span<const std::uint64_t> readers() const { return {ids(), count_}; }

  /// Adds an id, unless it is there. Returns where the record is from now on.
  static tracked_key* add(store::arena& memory, tracked_key* to, std::uint64_t reader);

 private:
  tracked_key(std::size_t key_size, std::uint32_t count)
      : key_size_(static_cast<std::uint32_t>(key_size)), count_(count) {}

  static std::size_t room_for(std::uint32_t count);
  static std::size_t record_size(std::size_t key_size, std::uint32_t count);
  static tracked_key* make_room(store::arena& memory, std::string_view key, std::uint32_t count);
  std::uint64_t* ids() { return reinterpret_cast<std::uint64_t*>(this + 1); }
  const std::uint64_t* ids() const { return reinterpret_cast<const std::uint64_t*>(this + 1); }

  std::uint32_t key_size_;
  std::uint32_t count_;
};

/// Keys, each with at least one reader.
class tracked_keys {
 public:
  /// The hash function is the caller's and outlives the table.
  explicit tracked_keys(const base::key_hasher& hash) : hash_(hash), table_(memory_, hash) {}
  ~tracked_keys();
  tracked_keys(const tracked_keys&) = delete;
  tracked_keys& operator=(const tracked_keys&) = delete;

  std::size_t size() const { return table_.size(); }
  /// Bytes in pages, which the process's allocator knows nothing of.
  std::size_t memory_in_pages() const { return memory_.held() - memory_.loose(); }

  /// False: this reader of the key was known. O(log n), n: readers of the key; linear in n when it
  /// is not the newest client among them.
  bool add(std::string_view key, std::uint64_t reader);

  /// Takes a key out, if it is there, and calls visit(id) for each reader; returns their number.
  /// The key's bytes may be those in the table.
  template <class Visit>
  std::size_t take(std::string_view key, Visit visit) {
    auto* taken = table_.remove(key, hash_(key));
    if (taken == nullptr) return 0;
    const auto readers = taken->readers();
    for (const auto id : readers) visit(id);
    const auto count = readers.size();
    tracked_key::destroy(memory_, taken);
    return count;
  }

  /// A key chosen uniformly; there is one.
  std::string_view random_key(base::random& random) { return table_.random_item(random)->key(); }

 private:
  struct by_key {
    using item = tracked_key;
    static std::string_view key(const tracked_key& of) { return of.key(); }
  };

  const base::key_hasher& hash_;
  store::arena memory_;
  store::hash_table<by_key, base::key_hasher> table_;
};

}  // namespace hawser::engine
