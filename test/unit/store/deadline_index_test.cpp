#include "catch.hpp"
#include <base/random.hpp>
#include <store/deadline_index.hpp>
#include <store/entry.hpp>

#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <vector>

namespace {

using hawser::base::milliseconds_t;
using hawser::store::arena;
using hawser::store::deadline_index;
using hawser::store::entry;

constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();

struct fixture {
  ~fixture() {
    for (entry* each : all) entry::destroy(memory, each);
  }
  entry* add(milliseconds_t deadline) {
    auto* made = entry::make_string(memory, "key", "value", hawser::store::encoding::raw, true);
    made->set_deadline(deadline);
    index.add(made);
    all.push_back(made);
    return made;
  }
  std::vector<milliseconds_t> expire(milliseconds_t now, std::size_t budget = unlimited) {
    std::vector<milliseconds_t> due;
    index.advance(now, budget, [&](entry* each) { due.push_back(*each->deadline()); });
    return due;
  }

  arena memory;
  deadline_index index;
  std::vector<entry*> all;
};

}  // namespace

TEST_CASE("Entries come out when their deadline has come and in its order", "[store][deadlines]") {
  fixture db;
  constexpr milliseconds_t start = 1'700'000'000'000;
  db.expire(start);
  for (const auto after : {5, 100, 7, 64, 63, 4096, 300'000, 6}) db.add(start + after);
  CHECK(db.expire(start + 4).empty());
  CHECK(db.expire(start + 6) == std::vector<milliseconds_t>{start + 5, start + 6});
  CHECK(db.expire(start + 100) ==
        std::vector<milliseconds_t>{start + 7, start + 63, start + 64, start + 100});
  CHECK(db.expire(start + 299'999) == std::vector<milliseconds_t>{start + 4096});
  CHECK(db.expire(start + 300'000) == std::vector<milliseconds_t>{start + 300'000});
  CHECK(db.index.empty());
}

TEST_CASE("The index agrees with a sorted multimap under random work", "[store][deadlines]") {
  const auto seed = GENERATE(1u, 2u, 3u, 4u);
  fixture db;
  hawser::base::random random(seed);
  std::multimap<milliseconds_t, entry*> model;
  milliseconds_t now = 1'700'000'000'000;
  db.expire(now);
  for (int step = 0; step < 30'000; ++step) {
    switch (random.below(5)) {
      case 0:
      case 1: {
        const auto span = std::int64_t{1} << random.below(36);
        const auto deadline = now - 5 + static_cast<milliseconds_t>(random.below(span));
        model.emplace(deadline, db.add(deadline));
        break;
      }
      case 2: {
        if (model.empty()) break;
        auto at = model.begin();
        std::advance(at, random.below(std::min<std::size_t>(model.size(), 20)));
        db.index.remove(at->second);
        model.erase(at);
        break;
      }
      case 3: {
        now += static_cast<milliseconds_t>(random.below(std::uint64_t{1} << random.below(20)));
        std::vector<milliseconds_t> expected;
        while (!model.empty() && model.begin()->first <= now) {
          expected.push_back(model.begin()->first);
          model.erase(model.begin());
        }
        auto due = db.expire(now);
        std::sort(due.begin(), due.end());
        REQUIRE(due == expected);
        break;
      }
      default: {
        // A record moves in memory, as when its value grows.
        if (model.empty()) break;
        auto& moved = model.begin()->second;
        entry* copy = entry::make_string(db.memory, "key", "value", moved->how(), true);
        copy->set_deadline(*moved->deadline());
        copy->set_deadline_level(moved->deadline_level());
        copy->set_deadline_position(moved->deadline_position());
        db.index.relocate(copy);
        db.all.push_back(copy);
        moved = copy;
      }
    }
    REQUIRE(db.index.size() == model.size());
  }
}

TEST_CASE("A small budget finds the same entries in more steps", "[store][deadlines]") {
  fixture db;
  constexpr milliseconds_t start = 1'700'000'000'000;
  db.expire(start);
  for (int i = 0; i < 5000; ++i) db.add(start + 3'600'000 + i % 7);
  std::size_t expired = 0;
  int slices = 0;
  std::size_t budget = 100;
  while (!db.index.advance(start + 3'600'010, budget, [&](entry*) { ++expired; })) {
    budget = 100;
    // Entries may come and go between two slices.
    entry* passing = db.add(start + 3'600'003);
    db.index.remove(passing);
    REQUIRE(++slices < 1000);
  }
  CHECK(expired == 5000);
  CHECK(slices >= 50);
}

TEST_CASE("Deadlines that have passed when they are added come out at once", "[store][deadlines]") {
  fixture db;
  db.expire(1'700'000'000'000);
  db.add(5);
  db.add(-3);
  db.add(1'700'000'000'000);
  CHECK(db.expire(1'700'000'000'000).size() == 3);
}

TEST_CASE("The farthest deadlines are kept", "[store][deadlines]") {
  fixture db;
  db.expire(1'700'000'000'000);
  entry* far = db.add(std::numeric_limits<milliseconds_t>::max());
  CHECK(db.expire(1'800'000'000'000).empty());
  db.index.remove(far);
  CHECK(db.index.empty());
}

TEST_CASE("A clock that is set back expires nothing early", "[store][deadlines]") {
  fixture db;
  db.expire(2'000'000);
  db.add(1'500'000);
  CHECK(db.expire(1'000'000).empty());
  CHECK(db.expire(1'500'000).size() == 1);
}

TEST_CASE("The items of the nearest slot are those that come first", "[store][deadlines]") {
  const auto seed = GENERATE(1u, 2u, 3u);
  hawser::base::random random(seed);
  fixture db;
  constexpr milliseconds_t start = 1'700'000'000'000;
  db.expire(start);
  std::map<milliseconds_t, entry*> model;
  milliseconds_t now = start;
  for (int i = 0; i < 2'000; ++i) {
    if (model.size() < 20 || random.below(2) == 0) {
      const auto deadline =
          now + 1 + static_cast<milliseconds_t>(random.below(1u << random.below(30)));
      if (model.count(deadline) == 0) model[deadline] = db.add(deadline);
    } else {
      now += static_cast<milliseconds_t>(random.below(50));
      db.expire(now);
      model.erase(model.begin(), model.upper_bound(now));
    }
    if (model.empty()) continue;
    milliseconds_t nearest = std::numeric_limits<milliseconds_t>::max();
    db.index.sample_nearest(
        random, 10'000, [&](const entry* each) { nearest = std::min(nearest, *each->deadline()); });
    REQUIRE(nearest == model.begin()->first);
    REQUIRE(model.count(*db.index.random_item(random)->deadline()) == 1);
  }
}

TEST_CASE("Each item is as likely to be chosen", "[store][deadlines]") {
  hawser::base::random random(7);
  fixture db;
  for (const auto deadline : {-5, 1, 70, 71, 5'000, 400'000, 400'001, 90'000'000}) db.add(deadline);
  std::map<milliseconds_t, int> chosen;
  constexpr int times = 8'000;
  for (int i = 0; i < times; ++i) ++chosen[*db.index.random_item(random)->deadline()];
  CHECK(chosen.size() == 8);
  for (const auto& [deadline, count] : chosen) CHECK(std::abs(count - times / 8) < 150);
}
