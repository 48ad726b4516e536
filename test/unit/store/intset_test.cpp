#include "catch.hpp"
#include <base/random.hpp>
#include <store/intset.hpp>

#include <limits>
#include <set>
#include <string>
#include <vector>

namespace {

using hawser::store::arena;
using hawser::store::intset;

struct fixture {
  ~fixture() { set.destroy(memory); }
  arena memory;
  intset set = intset::make(memory);
};

std::vector<std::int64_t> values_of(const intset& of) {
  std::vector<std::int64_t> all;
  for (std::size_t i = 0; i < of.size(); ++i) all.push_back(of.at(i));
  return all;
}

/// Integers of every width and on both sides of its bounds.
std::int64_t any_integer(hawser::base::random& random, int width) {
  const auto most = width == 8 ? std::numeric_limits<std::int64_t>::max()
                               : (std::int64_t{1} << (8 * width - 1)) - 1;
  switch (random.below(6)) {
    case 0:
      return most - static_cast<std::int64_t>(random.below(3));
    case 1:
      return -most - 1 + static_cast<std::int64_t>(random.below(3));
    default:
      return static_cast<std::int64_t>(random.below(600)) - 300;
  }
}

}  // namespace

TEST_CASE("An intset agrees with a std::set under random work", "[store][intset]") {
  hawser::base::random random(GENERATE(1u, 2u, 3u));
  fixture f;
  auto& [memory, set] = f;
  std::set<std::int64_t> model;
  for (int step = 0; step < 9000; ++step) {
    const auto value = any_integer(random, step < 3000 ? 2 : step < 6000 ? 4 : 8);
    REQUIRE(set.contains(value) == model.contains(value));
    if (random.below(step / 1000 % 2 == 0 ? 3 : 6) > 1) {
      REQUIRE(set.remove(memory, value) == (model.erase(value) == 1));
    } else {
      REQUIRE(set.add(memory, value) == model.insert(value).second);
    }
    REQUIRE(set.size() == model.size());
    if (step % 100 != 0) continue;
    REQUIRE(values_of(set) == std::vector<std::int64_t>(model.begin(), model.end()));
    REQUIRE(intset::validate(set.bytes()) == model.size());
    if (model.empty()) continue;
    const auto index = random.below(set.size());
    model.erase(set.at(index));
    set.erase(memory, index);
  }
}

TEST_CASE("An intset gives all of its memory back", "[store][intset]") {
  arena memory;
  auto set = intset::make(memory);
  for (std::int64_t i = 0; i < 3000; ++i) set.add(memory, i * i);
  CHECK(set.memory() >= set.byte_count());
  CHECK(memory.used() == set.memory());
  auto copy = intset::copy_of(memory, set.bytes());
  CHECK(values_of(copy) == values_of(set));
  set.destroy(memory);
  copy.destroy(memory);
  CHECK(memory.used() == 0);
}

TEST_CASE("An intset has the bytes that the format asks for", "[store][intset]") {
  fixture f;
  auto& [memory, set] = f;
  for (const int value : {300, -1, 2}) set.add(memory, value);
  CHECK(set.bytes() == std::string_view("\2\0\0\0\3\0\0\0\xff\xff\2\0\x2c\1", 14));
  set.add(memory, -40000);
  CHECK(set.bytes() ==
        std::string_view("\4\0\0\0\4\0\0\0\xc0\x63\xff\xff\xff\xff\xff\xff\2\0\0\0\x2c\1\0\0", 24));
  set.add(memory, std::int64_t{1} << 40);
  CHECK(set.width() == 8);
  set.remove(memory, std::int64_t{1} << 40);
  CHECK(set.width() == 8);
}

TEST_CASE("A block that is no intset is refused", "[store][intset]") {
  using namespace std::string_view_literals;
  CHECK(intset::validate("\2\0\0\0\0\0\0\0"sv) == 0u);
  CHECK(intset::validate("\2\0\0\0\2\0\0\0\1\0\2\0"sv) == 2u);
  CHECK_FALSE(intset::validate(""sv));
  CHECK_FALSE(intset::validate("\2\0\0\0\0\0\0"sv));
  CHECK_FALSE(intset::validate("\3\0\0\0\0\0\0\0"sv));
  CHECK_FALSE(intset::validate("\2\0\0\0\2\0\0\0\1\0\2"sv));
  CHECK_FALSE(intset::validate("\2\0\0\0\2\0\0\0\1\0\2\0\3"sv));
  CHECK_FALSE(intset::validate("\2\0\0\0\2\0\0\0\2\0\1\0"sv));
  CHECK_FALSE(intset::validate("\2\0\0\0\2\0\0\0\1\0\1\0"sv));
  CHECK_FALSE(intset::validate("\x8\0\0\0\xff\xff\xff\xff\1\0\1\0"sv));
}
