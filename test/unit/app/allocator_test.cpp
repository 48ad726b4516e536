#include "allocator.hpp"

#include "catch.hpp"

#include <memory>
#include <thread>
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

TEST_CASE("What this thread has allocated is counted at once, other threads' at the next look",
          "[allocator]") {
  const auto before = allocator::allocated();
  constexpr std::size_t size = 100'000;
  auto block = std::make_unique<char[]>(size);
  block[0] = 'x';
  const auto grown = allocator::allocated_lately() - before;
  CHECK(grown >= size);
  CHECK(grown < 2 * size);
  std::thread([&] { block.reset(); }).join();
  allocator::allocated();
  CHECK(allocator::allocated_lately() < before + size / 2);
}
