#include "catch.hpp"
#include <base/random.hpp>
#include <store/id_tree.hpp>

#include <iterator>
#include <map>
#include <vector>

using hawser::store::arena;
using hawser::store::id_tree;
using hawser::store::stream_id;

namespace {

using tree = id_tree<std::uint64_t>;
using model = std::map<stream_id, std::uint64_t>;

std::vector<std::pair<stream_id, std::uint64_t>> all(const tree& of) {
  std::vector<std::pair<stream_id, std::uint64_t>> found;
  for (auto at = of.begin(); at != of.end(); ++at) found.emplace_back(at.id(), at.value());
  return found;
}

void check_bounds(const tree& of, const model& expected, const stream_id& id) {
  const auto above = expected.lower_bound(id);
  const auto found = of.lower_bound(id);
  REQUIRE((found == of.end()) == (above == expected.end()));
  if (found != of.end()) REQUIRE(found.id() == above->first);

  const auto behind = expected.upper_bound(id);
  const auto below = of.floor(id);
  REQUIRE((below == of.end()) == (behind == expected.begin()));
  if (below != of.end()) REQUIRE(below.id() == std::prev(behind)->first);

  REQUIRE((of.find(id) == of.end()) == !expected.contains(id));
}

}  // namespace

TEST_CASE("A tree of IDs agrees with std::map under random work", "[store][id_tree]") {
  hawser::base::random random(GENERATE(1u, 2u, 3u, 4u));
  arena memory;
  {
    tree tested(memory);
    model expected;
    for (std::uint64_t step = 0; step < 30'000; ++step) {
      // Periods of growth and of decline, ends and middle.
      const bool growing = step / 5000 % 2 == 0;
      const stream_id id{random.below(40), random.below(60)};
      switch (random.below(growing ? 3 : 6)) {
        case 0:
        case 1: {
          const auto [at, added] = tested.insert(id, step);
          REQUIRE(added == expected.emplace(id, step).second);
          REQUIRE(at.id() == id);
          REQUIRE(at.value() == expected[id]);
          break;
        }
        case 2: {
          const auto at = tested.find(id);
          if (at == tested.end()) break;
          const auto behind = tested.erase(at);
          const auto expected_behind = expected.erase(expected.find(id));
          REQUIRE((behind == tested.end()) == (expected_behind == expected.end()));
          if (behind != tested.end()) REQUIRE(behind.id() == expected_behind->first);
          break;
        }
        default:
          if (expected.empty()) break;
          tested.erase(tested.begin());
          expected.erase(expected.begin());
      }
      REQUIRE(tested.size() == expected.size());
      if (step % 50 == 0) {
        REQUIRE(tested.valid());
        check_bounds(tested, expected, {random.below(42), random.below(62)});
        const std::vector<std::pair<stream_id, std::uint64_t>> wanted(expected.begin(),
                                                                      expected.end());
        REQUIRE(all(tested) == wanted);
      }
    }
    auto at = tested.last();
    for (auto it = expected.rbegin(); it != expected.rend(); ++it, --at)
      REQUIRE(at.id() == it->first);
    CHECK(at == tested.end());
    CHECK(memory.used() == tested.memory());
  }
  CHECK(memory.used() == 0);
}

TEST_CASE("IDs that are appended fill their nodes", "[store][id_tree]") {
  arena memory;
  tree tested(memory);
  constexpr std::uint64_t count = 100'000;
  for (std::uint64_t i = 0; i < count; ++i) tested.insert({i, 0}, i);
  CHECK(tested.valid());
  CHECK(tested.memory() < count * 30);
  while (!tested.empty()) tested.erase(tested.begin());
  CHECK(tested.valid());
  CHECK(memory.used() == 0);
}
