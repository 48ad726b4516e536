#include "catch.hpp"
#include <base/random.hpp>
#include <store/arena.hpp>

#include <cstring>
#include <vector>

using hawser::store::arena;

TEST_CASE("Records of every size are writable, apart from each other and counted",
          "[store][arena]") {
  arena memory;
  struct record {
    unsigned char* at;
    std::size_t size;
    unsigned char fill;
  };
  std::vector<record> records;
  hawser::base::random random(7);
  std::size_t expected = 0;
  for (int step = 0; step < 40'000; ++step) {
    if (records.empty() || random.below(3) != 0) {
      const auto size = 1 + random.below(step % 100 == 0 ? 10'000 : 600);
      record added{static_cast<unsigned char*>(memory.allocate(size)), size,
                   static_cast<unsigned char>(random.below(256))};
      REQUIRE(reinterpret_cast<std::uintptr_t>(added.at) % 8 == 0);
      std::memset(added.at, added.fill, size);
      expected += arena::rounded(size);
      records.push_back(added);
    } else {
      const auto index = random.below(records.size());
      const auto gone = records[index];
      for (std::size_t i = 0; i < gone.size; ++i) REQUIRE(gone.at[i] == gone.fill);
      memory.free(gone.at, gone.size);
      expected -= arena::rounded(gone.size);
      records[index] = records.back();
      records.pop_back();
    }
    REQUIRE(memory.used() == expected);
    REQUIRE(memory.held() >= memory.used());
  }
  for (const auto& each : records) memory.free(each.at, each.size);
  CHECK(memory.used() == 0);
}

TEST_CASE("Rounding adds less than eight bytes to a small record", "[store][arena]") {
  for (std::size_t size = 1; size <= 512; ++size) {
    CHECK(arena::rounded(size) >= size);
    CHECK(arena::rounded(size) < size + 8);
  }
  for (std::size_t size = 513; size <= arena::largest_record; ++size) {
    CHECK(arena::rounded(size) >= size);
    CHECK(arena::rounded(size) < size + 32);
  }
}

TEST_CASE("Memory of freed records serves other sizes and goes back to the system",
          "[store][arena]") {
  arena memory;
  constexpr std::size_t count = 200'000;
  std::vector<void*> records;
  for (std::size_t i = 0; i < count; ++i) records.push_back(memory.allocate(64));
  const auto high = memory.held();
  for (void* each : records) memory.free(each, 64);
  CHECK(memory.held() < high);
  records.clear();
  for (std::size_t i = 0; i < count / 2; ++i) records.push_back(memory.allocate(128));
  CHECK(memory.held() < high + high / 10);
  for (void* each : records) memory.free(each, 128);
}

TEST_CASE("Pages are aligned to their size", "[store][arena]") {
  arena memory;
  void* first = memory.allocate_page();
  void* second = memory.allocate_page();
  CHECK(first != second);
  CHECK(reinterpret_cast<std::uintptr_t>(first) % arena::page_size == 0);
  CHECK(memory.used() == 2 * arena::page_size);
  std::memset(first, 1, arena::page_size);
  memory.free_page(first);
  memory.free_page(second);
  CHECK(memory.used() == 0);
}

TEST_CASE("Records of their own are counted as long as they live", "[store][arena]") {
  arena memory;
  constexpr auto size = arena::largest_record + 1;
  void* one = memory.allocate(size);
  void* other = memory.allocate(2 * size);
  CHECK(memory.loose() >= 3 * size);
  memory.free(one, size);
  memory.free(other, 2 * size);
  CHECK(memory.loose() == 0);
}
