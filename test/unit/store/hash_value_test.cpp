#include "catch.hpp"
#include <base/hash.hpp>
#include <base/random.hpp>
#include <store/database.hpp>
#include <store/draft.hpp>
#include <store/hash_value.hpp>

#include <map>
#include <set>
#include <string>

namespace {

using namespace hawser::store;
using hawser::base::milliseconds_t;

struct fixture {
  explicit fixture(std::int64_t most_entries = 512) {
    limits.hash_max_listpack_entries = most_entries;
  }

  hash_value make(std::string_view key, milliseconds_t now = 0) {
    entry* made = data.put_collection(data.locate(key), key, value_type::hash,
                                      hash_value::make_empty(data), std::nullopt);
    return {data, *made, now};
  }
  hash_value at(std::string_view key, milliseconds_t now) { return {data, *data.find(key), now}; }

  hawser::base::key_hasher hash{7};
  encoding_limits limits;
  database data{hash, limits};
};

std::map<std::string, std::string> fields_of(const hash_value& of) {
  std::map<std::string, std::string> all;
  of.for_each([&](const auto& field, const auto& value) {
    CHECK(all.emplace(field.to_string(), value.to_string()).second);
  });
  return all;
}

std::string any_field(hawser::base::random& random, std::size_t most) {
  const auto number = std::to_string(random.below(most));
  if (random.below(50) == 0) return number + std::string(300, 'f');
  return random.below(2) == 0 ? number : "field" + number;
}

std::string any_value(hawser::base::random& random) {
  constexpr std::size_t sizes[] = {0, 1, 60, 64, 200, 254, 255, 256, 257, 1000, 1024, 1025, 5000};
  if (random.below(3) == 0) return std::to_string(random.next() >> random.below(64));
  return std::string(sizes[random.below(std::size(sizes))],
                     static_cast<char>('a' + random.below(26)));
}

/// A field of the model: its value and its deadline.
struct modelled {
  std::string value;
  hash_value::deadline_t deadline;
};

}  // namespace

TEST_CASE("A hash agrees with a map in both forms and across the conversion", "[store][hashes]") {
  const auto most_entries = GENERATE(std::int64_t{0}, std::int64_t{20}, std::int64_t{512});
  const std::size_t names = most_entries == 512 ? 40 : 400;
  hawser::base::random random(static_cast<std::uint64_t>(most_entries) + 1);
  fixture f(most_entries);
  f.limits.hash_max_listpack_value = most_entries == 512 ? 1 << 20 : 64;
  auto hash = f.make("h");
  std::map<std::string, std::string> model;
  for (int step = 0; step < 20'000; ++step) {
    const auto field = any_field(random, names);
    const bool shrinking = step / 2000 % 2 == 1;
    if (random.below(shrinking ? 4 : 2) == 0) {
      const auto value = any_value(random);
      REQUIRE(hash.set(field, value) == !model.contains(field));
      model[field] = value;
    } else {
      REQUIRE(hash.remove(field) == (model.erase(field) == 1));
    }
    REQUIRE(hash.size() == model.size());
    const auto looked_up = any_field(random, names);
    const auto found = hash.get(looked_up);
    REQUIRE(found.has_value() == model.contains(looked_up));
    if (found) REQUIRE(found->to_string() == model[looked_up]);
    if (step % 500 == 0) REQUIRE(fields_of(hash) == model);
  }
  CHECK(hash.how() == (most_entries == 512 ? encoding::listpack : encoding::hashtable));
  CHECK(fields_of(hash) == model);
}

TEST_CASE("A hash gives back all the memory it took", "[store][hashes]") {
  hawser::base::random random(3);
  fixture f(10);
  f.make("first");  // the database's own table stays
  f.data.remove("first");
  const auto before = f.data.used_memory();
  {
    auto hash = f.make("h");
    for (int i = 0; i < 5000; ++i) {
      const auto field = any_field(random, 2000);
      hash.set(field, any_value(random));
      if (random.below(3) == 0)
        hash.set_deadline(field, static_cast<milliseconds_t>(random.below(1000)) + 1);
      if (random.below(4) == 0) hash.remove(any_field(random, 2000));
    }
    CHECK(f.data.find("h")->memory() > 100'000);
    f.data.put_copy(*f.data.find("h"), "copy");
    CHECK(f.data.field_deadline_count() == 2);
  }
  f.data.remove("h");
  f.data.remove("copy");
  int slices = 0;
  while (f.data.free_slice(100)) ++slices;
  CHECK(slices > 10);
  CHECK(f.data.field_deadline_count() == 0);
  CHECK(f.data.used_memory() - before < 200'000);  // pages of the index of deadlines stay
  CHECK(f.data.used_memory() - f.data.deadline_memory() == before);
}

TEST_CASE("Fields past their deadline are seen by nobody, whether they were taken out or not",
          "[store][hashes]") {
  hawser::base::random random(11);
  fixture f(10);
  f.make("h");
  milliseconds_t now = 1'000'000;
  std::map<std::string, modelled> model;
  for (int step = 0; step < 20'000; ++step) {
    if (f.data.find("h") == nullptr) f.make("h");
    auto hash = f.at("h", now);
    const auto field = any_field(random, 100);
    const auto known = model.find(field);
    REQUIRE(hash.contains(field) == (known != model.end()));
    switch (random.below(8)) {
      case 0:
        REQUIRE(hash.remove(field) == (model.erase(field) == 1));
        break;
      case 1:
      case 2:
        if (known == model.end()) break;
        known->second.deadline = now + 1 + static_cast<milliseconds_t>(random.below(200));
        hash.set_deadline(field, known->second.deadline);
        break;
      case 3:
        if (known == model.end()) break;
        known->second.deadline.reset();
        hash.set_deadline(field, std::nullopt);
        break;
      case 4: {
        const auto value = any_value(random);
        hash.set(field, value, hash_value::keep_deadline::yes);
        model[field].value = value;
        break;
      }
      case 5:
        now += static_cast<milliseconds_t>(random.below(20));
        std::erase_if(model, [&](const auto& each) {
          return each.second.deadline && *each.second.deadline <= now;
        });
        if (random.below(3) == 0)
          f.data.expire_fields(now, 1 + random.below(20), [](const auto&, auto, bool) {});
        break;
      default: {
        const auto value = any_value(random);
        REQUIRE(hash.set(field, value) == (known == model.end()));
        model[field] = {value, std::nullopt};
      }
    }
    if (f.data.find("h") == nullptr) {
      REQUIRE(model.empty());
      continue;
    }
    auto seen = f.at("h", now);
    REQUIRE(seen.size() == model.size());
    REQUIRE(database::expired(*f.data.find("h"), now) ==
            (model.empty() && seen.size_with_due() > 0));
    if (step % 200 != 0) continue;
    std::map<std::string, std::string> expected;
    for (const auto& [name, each] : model) {
      expected[name] = each.value;
      REQUIRE(seen.deadline(name) == each.deadline);
    }
    REQUIRE(fields_of(seen) == expected);
  }
}

TEST_CASE("Fields of many hashes expire in bounded steps, each hash at its time",
          "[store][hashes]") {
  fixture f;
  for (int i = 0; i < 100; ++i) {
    const auto key = std::to_string(i);
    auto hash = f.make(key);
    for (int n = 0; n < 50; ++n) {
      hash.set(std::to_string(n), "v");
      if (n < 40) hash.set_deadline(std::to_string(n), 1000 + i);
    }
  }
  const auto nothing = [](const entry&, std::size_t, bool) { FAIL("too early"); };
  CHECK(f.data.expire_fields(999, 10'000, nothing));
  std::size_t gone = 0;
  const auto count = [&](const entry&, std::size_t fields, bool all) {
    CHECK(fields <= 25);
    CHECK_FALSE(all);
    gone += fields;
  };
  int slices = 0;
  while (!f.data.expire_fields(1049, 25, count)) ++slices;
  CHECK(gone == 50 * 40);
  CHECK(slices >= 80);
  CHECK(f.at("49", 1049).size_with_due() == 10);
  CHECK(f.at("50", 1049).size() == 50);
}

TEST_CASE("The deadlines of fields follow their hash to another name and database",
          "[store][hashes]") {
  fixture f, g;
  auto hash = f.make("h");
  hash.set("a", "1");
  hash.set("b", "2");
  hash.set_deadline("a", 500);
  f.data.set_deadline("h", 9999);
  f.data.rename("h", "renamed");
  g.data.put_copy(*f.data.find("renamed"), "copy");
  f.data.set_deadline("renamed", std::nullopt);
  std::string told;
  const auto tell = [&](const entry& of, std::size_t, bool) { told += of.key(); };
  CHECK(f.data.expire_fields(500, 100, tell));
  CHECK(g.data.expire_fields(500, 100, tell));
  CHECK(told == "renamedcopy");
  CHECK(f.at("renamed", 0).size() == 1);
  CHECK(g.at("copy", 0).size() == 1);
}

TEST_CASE("A draft has no place among the hashes that expire until it is stored",
          "[store][hashes]") {
  fixture f;
  {
    draft<hash_value> made(f.data);
    auto hash = made.value();
    hash.set("a", "1");
    hash.set_deadline("a", 500);
    CHECK(f.data.field_deadline_count() == 0);
    f.data.put_collection(f.data.locate("h"), "h", value_type::hash, std::move(made).take(),
                          std::nullopt);
  }
  CHECK(f.data.field_deadline_count() == 1);
  bool all_gone = false;
  f.data.expire_fields(500, 100, [&](const entry&, std::size_t, bool all) { all_gone = all; });
  CHECK(all_gone);
  CHECK(f.data.empty());
}

TEST_CASE("A scan sees every field that stays while the hash grows and shrinks",
          "[store][hashes]") {
  fixture f(0);
  hawser::base::random random(5);
  auto hash = f.make("h");
  for (int i = 0; i < 3000; ++i) hash.set("stays" + std::to_string(i), "v");
  std::set<std::string> seen;
  std::uint64_t cursor = 0;
  int step = 0;
  do {
    cursor =
        hash.scan(cursor, [&](const auto& field, const auto&) { seen.insert(field.to_string()); });
    ++step;
    for (int i = 0; i < 20; ++i) {
      const auto passing = "passes" + std::to_string(random.below(8000));
      if (step / 100 % 2 == 0)
        hash.set(passing, "v");
      else
        hash.remove(passing);
    }
  } while (cursor != 0);
  std::size_t stayed = 0;
  for (const auto& each : seen) stayed += each.starts_with("stays");
  CHECK(stayed == 3000);
}

namespace {

/// The sum of squared deviations from an even distribution, in units of what is expected: for
/// n - 1 degrees of freedom about n - 1 with a standard deviation of sqrt(2 n).
double chi_square(const std::map<std::string, std::size_t>& counts, std::size_t names,
                  std::size_t draws) {
  const double expected = static_cast<double>(draws) / static_cast<double>(names);
  double sum = expected * static_cast<double>(names - counts.size());
  for (const auto& [name, count] : counts) {
    const double off = static_cast<double>(count) - expected;
    sum += off * off / expected;
  }
  return sum;
}

}  // namespace

TEST_CASE("Fields are drawn with the same chance", "[store][hashes][uniformity]") {
  constexpr std::size_t names = 100;
  constexpr double most = 99 + 5 * 14.1;  // five standard deviations
  const bool large = GENERATE(false, true);
  const bool due = large && GENERATE(false, true);
  fixture f(large ? 0 : 512);
  hawser::base::random random(17);
  f.make("h");
  auto hash = f.at("h", 1000);
  for (std::size_t i = 0; i < names; ++i) hash.set("f" + std::to_string(i), "v");
  if (due)
    for (int i = 0; i < 60; ++i) {
      hash.set("due" + std::to_string(i), "v");
      hash.set_deadline("due" + std::to_string(i), 500);
    }
  std::map<std::string, std::size_t> counts;
  const auto count = [&](const auto& field, const auto&) { ++counts[field.to_string()]; };
  SECTION("one by one") {
    for (int i = 0; i < 50'000; ++i) hash.draw(1, random, count);
    CHECK(chi_square(counts, names, 50'000) < most);
  }
  SECTION("many at once") {
    hash.draw(50'000, random, count);
    CHECK(chi_square(counts, names, 50'000) < most);
  }
  SECTION("few different ones") {
    for (int i = 0; i < 5'000; ++i) hash.sample(10, random, count);
    CHECK(chi_square(counts, names, 50'000) < most);
  }
  SECTION("most of them") {
    for (int i = 0; i < 1'000; ++i) hash.sample(70, random, count);
    CHECK(chi_square(counts, names, 70'000) < most);
  }
}

TEST_CASE("A sample has as many different fields as were asked for", "[store][hashes]") {
  fixture f(GENERATE(std::int64_t{0}, std::int64_t{512}));
  hawser::base::random random(1);
  auto hash = f.make("h");
  for (int i = 0; i < 100; ++i) hash.set(std::to_string(i), "v");
  for (std::size_t wanted = 1; wanted < 100; ++wanted) {
    std::set<std::string> seen;
    hash.sample(wanted, random,
                [&](const auto& field, const auto&) { seen.insert(field.to_string()); });
    CHECK(seen.size() == wanted);
  }
}
