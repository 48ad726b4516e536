#include "allocator.hpp"

#include "catch.hpp"

#include <memory>
#include <vector>

namespace allocator = hawser::app::allocator;

TEST_CASE("What is allocated is counted to within a few per cent, and not after it is freed",
          "[allocator]") {
  const auto before = allocator::allocated();
  {
    std::vector<std::unique_ptr<char[]>> blocks;
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < 20'000; ++i) {
      blocks.push_back(std::make_unique<char[]>(i % 1000 + 1));
      bytes += i % 1000 + 1;
    }
    const auto grown = allocator::allocated() - before;
    CHECK(grown > bytes);
    CHECK(grown < bytes + bytes / 5);
    CHECK(allocator::held() >= bytes);
  }
  CHECK(allocator::allocated() < before + 1'000'000);
}
