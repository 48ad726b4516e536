#include "catch.hpp"
#include <base/random.hpp>
#include <store/database.hpp>
#include <store/draft.hpp>
#include <store/sorted_set_value.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace hawser::store;
using hawser::base::key_hasher;
using direction = sorted_set_value::direction;
using pairs = std::vector<std::pair<double, std::string>>;

struct fixture {
  explicit fixture(encoding_limits wanted = {}) : limits(wanted) {
    db.put_collection(db.locate("key"), "key", value_type::sorted_set,
                      sorted_set_value::make_empty(db), std::nullopt);
  }
  sorted_set_value value() { return {db, *db.find("key")}; }

  void put(const std::string& member, double score) {
    auto set = value();
    if (const auto at = set.find(member))
      set.set_score(at, member, score);
    else
      set.add(at, member, score);
    model[member] = score;
  }
  bool remove(const std::string& member) {
    auto set = value();
    const auto at = set.find(member);
    if (at) set.erase(at);
    return model.erase(member) == (at ? 1u : 0u);
  }
  pairs expected() const {
    pairs all;
    for (const auto& [member, score] : model) all.emplace_back(score, member);
    std::sort(all.begin(), all.end());
    return all;
  }

  encoding_limits limits;
  key_hasher hash{1};
  database db{hash, limits};
  std::map<std::string, double> model;
};

pairs read(const sorted_set_value& set, rank_range range, direction way = direction::up) {
  pairs all;
  set.for_range(range, way, [&](const sorted_set_value::seen& each) {
    all.emplace_back(each.score(), std::string(each.member()));
  });
  return all;
}

pairs read(const sorted_set_value& set) { return read(set, {0, set.size()}); }

encoding_limits at_most(std::int64_t entries) {
  encoding_limits limits;
  limits.zset_max_listpack_entries = entries;
  return limits;
}

}  // namespace

TEST_CASE("A sorted set agrees with a map in both encodings", "[store][sorted_set]") {
  const auto entries = GENERATE(0, 20, 1000);
  fixture db(at_most(entries));
  hawser::base::random random(static_cast<std::uint64_t>(entries));
  for (int step = 0; step < 4000; ++step) {
    const bool growing = step / 1000 % 2 == 0;
    const auto member = (random.below(2) == 0 ? "m" : "") + std::to_string(random.below(150));
    if (random.below(4) < (growing ? 3u : 1u))
      db.put(member, static_cast<double>(random.below(20)) / (random.below(2) == 0 ? 1 : 3));
    else
      REQUIRE(db.remove(member));
    auto set = db.value();
    REQUIRE(set.size() == db.model.size());
    if (step % 10 != 0) continue;
    const auto expected = db.expected();
    REQUIRE(read(set) == expected);
    if (expected.empty()) continue;
    const auto rank = random.below(expected.size());
    REQUIRE(set.rank(set.find(expected[rank].second)) == rank);
    const rank_range range{rank, 1 + random.below(expected.size() - rank)};
    auto back = read(set, range, direction::down);
    std::reverse(back.begin(), back.end());
    REQUIRE(back == read(set, range));
    if (random.below(10) != 0) continue;
    set.erase_range(range);
    for (std::size_t i = 0; i < range.count; ++i) db.model.erase(expected[rank + i].second);
    REQUIRE(read(set) == db.expected());
  }
  CHECK(db.value().how() == (entries == 1000 ? encoding::listpack : encoding::skiplist));
}

TEST_CASE("A sorted set becomes large by too many or too long members and stays so",
          "[store][sorted_set]") {
  fixture many(at_most(3));
  for (const auto* member : {"a", "b", "c", "a"}) many.put(member, 1);
  CHECK(many.value().how() == encoding::listpack);
  many.put("d", 1);
  CHECK(many.value().how() == encoding::skiplist);
  for (const auto* member : {"a", "b", "c"}) CHECK(many.remove(member));
  CHECK(many.value().how() == encoding::skiplist);

  fixture longer;
  longer.put(std::string(64, 'x'), 1);
  CHECK(longer.value().how() == encoding::listpack);
  longer.put(std::string(65, 'x'), 1);
  CHECK(longer.value().how() == encoding::skiplist);
  CHECK(longer.value().size() == 2);
}

TEST_CASE("Scores up to 2^62 are integers in a listpack", "[store][sorted_set]") {
  fixture db;
  for (const auto& [member, score] : {std::pair{"a", 0.0}, {"b", -0.0}, {"c", 0x1p62}})
    db.put(member, score);
  db.put("d", 0x1p62 + 1024);
  db.put("e", 0.1);
  std::vector<std::string> texts;
  db.value().for_each([&](const auto& each) { texts.push_back(each.score_text()); });
  CHECK(texts == std::vector<std::string>{"0", "0", "0.10000000000000001", "4611686018427387904",
                                          "4.6116860184273889e+18"});
}

TEST_CASE("A sorted set finds what lies within bounds", "[store][sorted_set]") {
  const auto entries = GENERATE(0, 1000);
  fixture db(at_most(entries));
  for (int i = 0; i < 100; ++i) db.put(std::to_string(100 + i), i / 10);
  const auto set = db.value();
  const auto within = [&](score_bounds bounds) {
    const auto range = set.within(bounds);
    return std::pair(range.count == 0 ? 0 : range.first, range.count);
  };
  using found = std::pair<std::size_t, std::size_t>;
  CHECK(within({2, 3}) == found{20, 20});
  CHECK(within({2, 3, true}) == found{30, 10});
  CHECK(within({2, 3, false, true}) == found{20, 10});
  CHECK(within({2, 3, true, true}) == found{0, 0});
  CHECK(within({3, 2}) == found{0, 0});
  CHECK(within({-5, 50}) == found{0, 100});
  CHECK(within({50, 60}) == found{0, 0});

  fixture words(at_most(entries));
  for (const auto* word : {"a", "b", "ba", "c", "10"}) words.put(word, 0);
  using kind = member_bound::kind;
  const auto between = [&](member_bound least, member_bound most) {
    std::string all;
    const auto value = words.value();
    for (const auto& each : read(value, value.within(member_bounds{least, most})))
      all += each.second + ' ';
    return all;
  };
  CHECK(between({kind::lowest, {}}, {kind::highest, {}}) == "10 a b ba c ");
  CHECK(between({kind::text, "b"}, {kind::text, "c"}) == "b ba c ");
  CHECK(between({kind::text, "b", true}, {kind::text, "c", true}) == "ba ");
  CHECK(between({kind::text, "b", true}, {kind::text, "b"}).empty());
  CHECK(between({kind::highest, {}}, {kind::highest, {}}).empty());
  CHECK(between({kind::lowest, {}}, {kind::lowest, {}}).empty());
}

TEST_CASE("A sorted set is filled from members in no order", "[store][sorted_set]") {
  const auto entries = GENERATE(10, 1000);
  fixture db(at_most(entries));
  auto made = std::make_unique<large_sorted_set>(db.db.memory(), db.hash);
  for (int i = 0; i < 100; ++i) {
    const auto member = std::to_string(i * 37 % 100);
    made->add_unordered(member, i % 7, made->hash_of(member));
    db.model[member] = i % 7;
  }
  draft<sorted_set_value> under_way(db.db);
  under_way.value().fill(std::move(made));
  CHECK(read(under_way.value()) == db.expected());
  CHECK(under_way.value().how() == (entries == 10 ? encoding::skiplist : encoding::listpack));
  const auto at = under_way.value().find("37");
  CHECK(at);
}

TEST_CASE("Members of a large sorted set are put in order with pauses", "[store][sorted_set]") {
  fixture db(at_most(0));
  large_sorted_set made(db.db.memory(), db.hash);
  constexpr int members = 40'000;
  for (int i = 0; i < members; ++i) {
    const auto member = std::to_string(i);
    made.add_unordered(member, i * 7919 % 20'011, made.hash_of(member));
  }
  int pauses = 0;
  made.put_in_order([&] { ++pauses; });
  CHECK(pauses > members / 1024);
  REQUIRE(made.order().size() == members);
  auto at = made.order().at(0);
  const auto* before = *at;
  int out_of_order = 0;
  while (at.next()) {
    out_of_order += !ordered_before(before->score(), before->member(), **at);
    before = *at;
  }
  CHECK(out_of_order == 0);
}

TEST_CASE("A copy of a sorted set is as large and independent", "[store][sorted_set]") {
  const auto entries = GENERATE(0, 1000);
  fixture db(at_most(entries));
  for (int i = 0; i < 300; ++i) db.put("m" + std::to_string(i), i % 13);
  const auto before = db.db.used_memory();
  db.db.put_copy(*db.db.find("key"), "copy");
  sorted_set_value copy(db.db, *db.db.find("copy"));
  CHECK(read(copy) == db.expected());
  db.put("m1", 100);
  CHECK(copy.find("m1").score() == 1);
  CHECK(db.db.remove("copy"));
  while (db.db.free_slice(10)) {
  }
  CHECK(db.db.used_memory() <= before + 64);
}

TEST_CASE("A large sorted set that is removed is freed in slices", "[store][sorted_set]") {
  fixture db(at_most(0));
  for (int i = 0; i < 50'000; ++i)
    db.value().add(db.value().find(std::to_string(i)), std::to_string(i), i);
  const auto whole = db.db.used_memory();
  db.db.remove("key");
  CHECK(db.db.used_memory() > whole - 1000);
  int slices = 0;
  auto held = db.db.used_memory();
  while (db.db.free_slice(1000)) {
    CHECK(held - db.db.used_memory() < 1'000'000);
    held = db.db.used_memory();
    ++slices;
  }
  CHECK(slices >= 50);
  CHECK(db.db.used_memory() < 10'000);
}

TEST_CASE("A large sorted set takes less than 60 bytes a member", "[store][sorted_set]") {
  fixture db(at_most(0));
  hawser::base::random random(5);
  constexpr int members = 100'000;
  for (int i = 0; i < members; ++i) {
    auto member = "member:" + std::to_string(1'000'000'000 + i);
    auto set = db.value();
    set.add(set.find(member), member, random.unit());
  }
  CHECK(static_cast<double>(db.db.find("key")->memory()) / members < 60);
}

TEST_CASE("Members are drawn uniformly from both encodings", "[store][sorted_set]") {
  const auto entries = GENERATE(0, 1000);
  fixture db(at_most(entries));
  constexpr int members = 100, draws = 100'000;
  for (int i = 0; i < members; ++i) db.put(std::to_string(i), i);
  hawser::base::random random(6);
  std::map<std::string, int> drawn;
  for (int i = 0; i < draws; ++i)
    db.value().random_member(random,
                             [&](const auto& each) { ++drawn[std::string(each.member())]; });
  double chi_square = 0;
  constexpr double expected = static_cast<double>(draws) / members;
  for (int i = 0; i < members; ++i) {
    const double difference = drawn[std::to_string(i)] - expected;
    chi_square += difference * difference / expected;
  }
  CHECK(chi_square < 160);  // 99 degrees of freedom, once in ten thousand fair runs
}
