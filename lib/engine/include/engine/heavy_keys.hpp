#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hawser::engine {

/// The keys of a stream that most is spent on, in bounded memory: a sketch of the kind known as
/// Space-Saving (Metwally, Agrawal and El Abbadi, 2005).
///
/// There is a fixed number of counters. A key that has none takes over the one with the least
/// amount, which it goes on from: what was there before is remembered as its possible error. A key
/// on which more is spent than the whole divided by the number of counters has a counter for sure.
class heavy_keys {
 public:
  /// Keys that are longer are left out.
  static constexpr std::size_t longest_key = 4096;

  explicit heavy_keys(std::size_t counters);

  /// The hash is the key's, and good in all its bits. O(log counters), O(1) for what is spent most
  /// on.
  void add(std::uint64_t hash, std::string_view key, std::uint64_t amount);

  struct spent {
    std::string_view key;
    std::uint64_t amount;  // at least
  };
  /// The `most` keys with the largest amounts, the largest first. Views hold until the next change.
  std::vector<spent> top(std::size_t most) const;

 private:
  struct counter {
    std::uint64_t amount;
    std::uint64_t error;
    std::uint64_t hash;
    std::size_t place;  // in heap_
    std::string key;
  };

  void grow(counter& at, std::uint64_t amount);
  void put(std::size_t place, std::uint32_t index);

  std::size_t most_;
  std::vector<counter> counters_;
  std::vector<std::uint32_t> heap_;  // of counters_, the least amount first
  std::unordered_map<std::uint64_t, std::uint32_t> by_hash_;
};

}  // namespace hawser::engine
