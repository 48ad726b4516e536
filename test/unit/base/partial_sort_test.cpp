#include "catch.hpp"
#include <base/partial_sort.hpp>

#include <algorithm>
#include <random>
#include <vector>

using hawser::base::partial_sort;

TEST_CASE("The elements asked for are in their places, the others are still there",
          "[partial_sort]") {
  std::mt19937 random(3);
  for (int round = 0; round < 2'000; ++round) {
    std::vector<unsigned> values(random() % 300);
    const unsigned different = 1 + random() % 400;
    for (auto& each : values) each = random() % different;
    if (round % 3 == 0) std::ranges::sort(values);
    auto sorted = values;
    std::ranges::sort(sorted);
    const auto wanted = std::min<std::size_t>(random() % 310, values.size());

    const auto skipped = round % 2 == 0 ? 0 : random() % (wanted + 1);

    partial_sort(std::span(values), skipped, wanted,
                 [](unsigned a, unsigned b) { return a < b ? -1 : a > b; });

    const auto first = static_cast<std::ptrdiff_t>(skipped);
    REQUIRE(std::equal(sorted.begin() + first, sorted.begin() + static_cast<std::ptrdiff_t>(wanted),
                       values.begin() + first));
    std::ranges::sort(values);
    REQUIRE(values == sorted);
  }
}
