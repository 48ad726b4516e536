#include "catch.hpp"
#include <base/hash.hpp>
#include <base/random.hpp>

#include <array>
#include <bit>
#include <cstdlib>
#include <string>
#include <unordered_set>

using hawser::base::key_hasher;

TEST_CASE("A seed determines the hashes", "[base][hash]") {
  const key_hasher a(1);
  const key_hasher same(1);
  const key_hasher other(2);
  for (std::size_t size = 0; size < 600; ++size) {
    const std::string key(size, 'k');
    REQUIRE(a(key) == same(key));
    REQUIRE(a(key) != other(key));
  }
}

TEST_CASE("Where a key lies in memory does not matter", "[base][hash]") {
  const key_hasher hash(3);
  const std::string text = "0123456701234567";
  CHECK(hash(std::string_view(text).substr(0, 8)) == hash(std::string_view(text).substr(8)));
  CHECK(hash({}) == hash(""));
}

TEST_CASE("Every input bit changes about half of the hash", "[base][hash]") {
  const key_hasher hash(4);
  for (const std::size_t size : {1, 3, 8, 16, 40, 200, 300}) {
    const std::string key(size, 'x');
    int flipped = 0;
    for (std::size_t bit = 0; bit < size * 8; ++bit) {
      auto changed = key;
      changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
      flipped += std::popcount(hash(key) ^ hash(changed));
    }
    const double average = static_cast<double>(flipped) / static_cast<double>(size * 8);
    CHECK(average > 25);
    CHECK(average < 39);
  }
}

TEST_CASE("Numbered keys spread evenly over the low and the high bits", "[base][hash]") {
  const key_hasher hash(5);
  std::array<int, 64> low{};
  std::array<int, 64> high{};
  std::unordered_set<std::uint64_t> seen;
  for (int i = 0; i < 64000; ++i) {
    const auto value = hash("key:" + std::to_string(i));
    ++low.at(value % 64);
    ++high.at(value >> 58);
    REQUIRE(seen.insert(value).second);
  }
  for (std::size_t i = 0; i < 64; ++i) {
    CHECK(std::abs(low[i] - 1000) < 200);
    CHECK(std::abs(high[i] - 1000) < 200);
  }
}
