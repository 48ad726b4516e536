#include "catch.hpp"
#include <store/hyperloglog.hpp>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

using namespace hawser::store;
using hyperloglog::change;

namespace {

constexpr std::size_t unlimited = 1'000'000;

std::string element(std::uint64_t i) { return "element:" + std::to_string(i); }

std::string header_with(std::string_view runs) {
  return hyperloglog::empty().substr(0, hyperloglog::header_size) + std::string(runs);
}

bool equal(const std::string& bytes, const std::vector<int>& model) {
  hyperloglog::registers all;
  if (!all.merge(bytes)) return false;
  for (std::size_t i = 0; i < model.size(); ++i)
    if (all[i] != model[i]) return false;
  return true;
}

}  // namespace

TEST_CASE("Elements fall where they fall in Redis", "[hyperloglog]") {
  std::string bytes = hyperloglog::empty();
  hyperloglog::sparse_writer writer(bytes, unlimited);
  for (const auto* each : {"a", "b", "c"})
    CHECK(writer.raise(hyperloglog::hit_of(each)) == change::made);
  CHECK(bytes.substr(hyperloglog::header_size) == "\x60\xf3\x80\x50\xb1\x84\x4b\xfb\x80\x42\x5a");
  CHECK(hyperloglog::describe_sparse(bytes) == "Z:8436 v:1,1 Z:4274 v:2,1 Z:3068 v:1,1 Z:603");
}

TEST_CASE("Both layouts hold what a plain array holds", "[hyperloglog]") {
  for (const std::size_t range : {20UL, 300UL, hyperloglog::register_count}) {
    std::mt19937 random(static_cast<unsigned>(range));
    std::vector<int> model(hyperloglog::register_count);
    std::string sparse = hyperloglog::empty();
    std::string dense = sparse;
    REQUIRE(hyperloglog::make_dense(dense));
    hyperloglog::sparse_writer writer(sparse, unlimited);
    for (int step = 0; step < 3'000; ++step) {
      const auto index = random() % range;
      const hyperloglog::hit hit{static_cast<std::uint16_t>(index),
                                 static_cast<std::uint8_t>(1 + random() % 4)};
      const bool raises = model[index] < hit.rank;
      model[index] = std::max<int>(model[index], hit.rank);
      CHECK(hyperloglog::raise_dense(dense, hit) == raises);
      CHECK((writer.raise(hit) == change::made) == raises);
    }
    CHECK(equal(sparse, model));
    CHECK(equal(dense, model));
    REQUIRE(hyperloglog::make_dense(sparse));
    CHECK(sparse == dense);
  }
}

TEST_CASE("Every register can be raised in any order", "[hyperloglog]") {
  std::vector<std::uint16_t> order(hyperloglog::register_count);
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint16_t>(i);
  for (const bool shuffled : {false, true}) {
    if (shuffled) std::shuffle(order.begin(), order.end(), std::mt19937(5));
    std::string bytes = hyperloglog::empty();
    hyperloglog::sparse_writer writer(bytes, 2'000);
    for (const auto index : order) CHECK(writer.raise({index, 7}) == change::made);
    CHECK(hyperloglog::is_dense(bytes));
    CHECK(equal(bytes, std::vector<int>(hyperloglog::register_count, 7)));
  }
}

TEST_CASE("A rank that runs cannot say makes a string dense", "[hyperloglog]") {
  std::string bytes = hyperloglog::empty();
  hyperloglog::sparse_writer writer(bytes, unlimited);
  CHECK(writer.raise({5, 32}) == change::made);
  CHECK_FALSE(hyperloglog::is_dense(bytes));
  CHECK(writer.raise({16'383, 33}) == change::made);
  CHECK(hyperloglog::is_dense(bytes));
  CHECK(writer.raise({5, 32}) == change::none);
  CHECK(writer.raise({5, 51}) == change::made);
  CHECK(bytes.size() == hyperloglog::dense_size);
}

TEST_CASE("A string becomes dense before it is longer than it may be", "[hyperloglog]") {
  for (std::size_t most = 18; most < 60; ++most) {
    std::string bytes = hyperloglog::empty();
    hyperloglog::sparse_writer writer(bytes, most);
    for (std::uint64_t i = 0; !hyperloglog::is_dense(bytes); ++i) {
      REQUIRE(bytes.size() <= most);
      writer.raise(hyperloglog::hit_of(element(i)));
    }
  }
}

TEST_CASE("Estimates are as near as the number of registers allows", "[hyperloglog]") {
  std::string bytes = hyperloglog::empty();
  hyperloglog::sparse_writer writer(bytes, 3'000);
  std::uint64_t added = 0;
  for (const std::uint64_t count : {0, 1, 10, 100, 1'000, 10'000, 100'000, 300'000}) {
    while (added < count) writer.raise(hyperloglog::hit_of(element(added++)));
    hyperloglog::registers all;
    REQUIRE(all.merge(bytes));
    const auto off = std::abs(static_cast<double>(all.estimate()) - static_cast<double>(count));
    CHECK(off <= 0.0244 * static_cast<double>(count));
  }
}

TEST_CASE("The union of registers is their maximum", "[hyperloglog]") {
  std::mt19937 random(6);
  std::vector<int> model(hyperloglog::register_count);
  hyperloglog::registers all;
  for (const bool dense : {false, true, false, true}) {
    std::string bytes = hyperloglog::empty();
    if (dense) REQUIRE(hyperloglog::make_dense(bytes));
    hyperloglog::sparse_writer writer(bytes, unlimited);
    for (int i = 0; i < 2'000; ++i) {
      const auto index = random() % hyperloglog::register_count;
      const auto rank = 1 + random() % (dense ? 51 : 32);
      writer.raise({static_cast<std::uint16_t>(index), static_cast<std::uint8_t>(rank)});
      model[index] = std::max(model[index], static_cast<int>(rank));
    }
    REQUIRE(all.merge(bytes));
  }
  std::string merged = hyperloglog::empty();
  merged.resize(hyperloglog::dense_size);
  all.write_dense(merged);
  CHECK(equal(merged, model));
  std::size_t raised = 0;
  all.for_each_raised([&](hyperloglog::hit each) {
    CHECK(model[each.index] == each.rank);
    ++raised;
  });
  CHECK(raised == static_cast<std::size_t>(std::count_if(model.begin(), model.end(),
                                                         [](int rank) { return rank > 0; })));
}

TEST_CASE("Ascending registers give the bytes that starting over gives", "[hyperloglog]") {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::string together = hyperloglog::empty();
    std::string apart = together;
    hyperloglog::sparse_writer writer(together, unlimited);
    for (int pass = 0; pass < 3; ++pass)
      for (std::size_t index = 0; index < 60; ++index) {
        if (random() % 2) continue;
        const hyperloglog::hit hit{static_cast<std::uint16_t>(index),
                                   static_cast<std::uint8_t>(1 + random() % 3)};
        writer.raise(hit);
        hyperloglog::sparse_writer(apart, unlimited).raise(hit);
      }
    CHECK(together == apart);
  }
}

TEST_CASE("Strings with another header are not recognized", "[hyperloglog]") {
  const auto good = hyperloglog::empty();
  CHECK(hyperloglog::recognized(good));
  for (std::size_t i = 0; i < 5; ++i) {
    auto bad = good;
    bad[i] = 'x';
    CHECK_FALSE(hyperloglog::recognized(bad));
  }
  for (std::size_t size = 0; size < hyperloglog::header_size; ++size)
    CHECK_FALSE(hyperloglog::recognized(good.substr(0, size)));
  auto dense = good;
  REQUIRE(hyperloglog::make_dense(dense));
  CHECK(hyperloglog::recognized(dense));
  CHECK_FALSE(hyperloglog::recognized(dense + "x"));
  dense.pop_back();
  CHECK_FALSE(hyperloglog::recognized(dense));
}

TEST_CASE("Runs that are cut off or cover another number of registers are refused",
          "[hyperloglog]") {
  using namespace std::string_view_literals;
  for (const auto runs : {""sv, "\x7f"sv, "\x7f\xfe"sv, "\x7f\xff\x00"sv, "\x7f\xff\x84"sv,
                          "\x7f\xff\x7f\xff"sv, "\x7f\xfd\x83"sv, "\x7f\xfe\x80\x7f"sv}) {
    auto bytes = header_with(runs);
    const auto before = bytes;
    CHECK_FALSE(hyperloglog::registers().merge(bytes));
    CHECK_FALSE(hyperloglog::make_dense(bytes));
    CHECK(bytes == before);
    CHECK(hyperloglog::sparse_writer(bytes, unlimited).raise({1, 40}) == change::corrupted);
    CHECK(bytes == before);
  }
  auto bytes = header_with("\x00\x7f"sv);
  CHECK(hyperloglog::sparse_writer(bytes, unlimited).raise({1, 1}) == change::corrupted);
  CHECK(hyperloglog::sparse_writer(bytes, unlimited).raise({0, 1}) == change::made);
  CHECK(hyperloglog::describe_sparse(bytes) == "v:1,1");
}

TEST_CASE("An estimate is kept until it is out of date", "[hyperloglog]") {
  auto bytes = hyperloglog::empty();
  CHECK(hyperloglog::cached_estimate(bytes) == std::nullopt);
  hyperloglog::cache_estimate(bytes, 1'234'567);
  CHECK(hyperloglog::cached_estimate(bytes) == 1'234'567);
  hyperloglog::forget_estimate(bytes);
  CHECK(hyperloglog::cached_estimate(bytes) == std::nullopt);
}
