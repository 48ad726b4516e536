#include "catch.hpp"
#include <base/random.hpp>
#include <store/set_value.hpp>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace {

using namespace hawser::store;
using hawser::base::key_hasher;
using model_t = std::set<std::string>;

struct fixture {
  explicit fixture(encoding_limits with = {}) : limits(with) {
    entry* made = data.put_collection(data.locate("set"), "set", value_type::set,
                                      set_value::make_empty(data), std::nullopt);
    set.emplace(data, *made);
  }

  model_t members() const {
    model_t all;
    set->for_each([&](const set_value::member& each) { all.insert(each.to_string()); });
    return all;
  }

  key_hasher hash{1};
  encoding_limits limits;
  database data{hash, limits};
  std::optional<set_value> set;
};

encoding_limits only_tables() {
  encoding_limits limits;
  limits.set_max_intset_entries = 0;
  limits.set_max_listpack_entries = 0;
  return limits;
}

/// Sets of fifty integers or texts, one in each form.
std::vector<std::unique_ptr<fixture>> every_form() {
  std::vector<std::unique_ptr<fixture>> all;
  all.push_back(std::make_unique<fixture>());
  for (int i = 0; i < 50; ++i) all[0]->set->add(std::to_string(i * 7 - 40));
  all.push_back(std::make_unique<fixture>());
  for (int i = 0; i < 50; ++i) all[1]->set->add((i % 2 == 0 ? "m" : "") + std::to_string(i));
  all.push_back(std::make_unique<fixture>(only_tables()));
  for (int i = 0; i < 50; ++i) all[2]->set->add("member:" + std::to_string(i));
  CHECK(all[0]->set->how() == encoding::intset);
  CHECK(all[1]->set->how() == encoding::listpack);
  CHECK(all[2]->set->how() == encoding::hashtable);
  return all;
}

/// For 49 degrees of freedom: above this once in ten thousand fair runs; the seeds are fixed.
constexpr double unlikely = 95;

double chi_square(const fixture& f, const std::map<std::string, int>& drawn, double expected) {
  double sum = 0;
  for (const auto& each : f.members()) {
    const auto found = drawn.find(each);
    const double difference = (found == drawn.end() ? 0 : found->second) - expected;
    sum += difference * difference / expected;
  }
  return sum;
}

}  // namespace

TEST_CASE("A set agrees with a std::set in every form and across conversions", "[store][set]") {
  hawser::base::random random(GENERATE(1u, 2u, 3u, 4u, 5u, 6u));
  encoding_limits limits;
  limits.set_max_intset_entries = static_cast<std::int64_t>(random.below(40));
  limits.set_max_listpack_entries = static_cast<std::int64_t>(random.below(80));
  limits.set_max_listpack_value = static_cast<std::int64_t>(random.below(12));
  fixture f(limits);
  auto& set = *f.set;
  model_t model;
  const int texts_from = static_cast<int>(random.below(3000));
  for (int step = 0; step < 6000; ++step) {
    auto text = std::to_string(static_cast<std::int64_t>(random.below(120)) - 60);
    if (step > texts_from && random.below(2) == 0) text = "t" + text;
    if (step > 5000 && random.below(20) == 0) text += std::string(300, 'x');
    REQUIRE(set.contains(text) == model.contains(text));
    if (random.below(step / 1000 % 2 == 0 ? 3 : 5) > 1) {
      REQUIRE(set.remove(text) == (model.erase(text) == 1));
    } else {
      REQUIRE(set.add(text) == model.insert(text).second);
    }
    REQUIRE(set.size() == model.size());
    if (step % 100 != 0) continue;
    REQUIRE(f.members() == model);
    for (const auto& each : model) REQUIRE(set.contains(each));
    if (set.how() == encoding::intset)
      CHECK(set.size() <= static_cast<std::size_t>(limits.set_max_intset_entries));
    if (set.how() == encoding::listpack)
      CHECK(set.size() <= static_cast<std::size_t>(limits.set_max_listpack_entries));
  }
}

TEST_CASE("A set takes the smallest form that its members fit in", "[store][set]") {
  fixture f;
  auto& set = *f.set;
  for (int i = 0; i < 100; ++i) set.add(std::to_string(i));
  CHECK(set.how() == encoding::intset);
  set.add("text");
  CHECK(set.how() == encoding::listpack);
  set.add(std::string(65, 'x'));
  CHECK(set.how() == encoding::hashtable);
  set.remove(std::string(65, 'x'));
  CHECK(set.how() == encoding::hashtable);
  CHECK(set.size() == 101);
}

TEST_CASE("A set of many integers skips the listpack", "[store][set]") {
  fixture f;
  for (int i = 0; i < 512; ++i) f.set->add(std::to_string(i));
  CHECK(f.set->how() == encoding::intset);
  f.set->add("512");
  CHECK(f.set->how() == encoding::hashtable);
  CHECK(f.set->size() == 513);
}

TEST_CASE("An integer too long for a listpack keeps a set from becoming one", "[store][set]") {
  encoding_limits limits;
  limits.set_max_listpack_value = 4;
  fixture f(limits);
  f.set->add("-1000");
  f.set->add("x");
  CHECK(f.set->how() == encoding::hashtable);
}

TEST_CASE("A set's members are drawn uniformly in every form", "[store][set]") {
  hawser::base::random random(11);
  for (const auto& f : every_form()) {
    INFO(name_of(f->set->how()));
    std::map<std::string, int> drawn;
    for (int i = 0; i < 50'000; ++i) ++drawn[f->set->random_member(random).to_string()];
    CHECK(chi_square(*f, drawn, 1000) < unlikely);
  }
}

TEST_CASE("Samples of a set are of different members, and uniform", "[store][set]") {
  hawser::base::random random(12);
  const auto size = GENERATE(std::size_t{1}, std::size_t{5}, std::size_t{16}, std::size_t{30});
  for (const auto& f : every_form()) {
    INFO(name_of(f->set->how()));
    std::map<std::string, int> drawn;
    for (int i = 0; i < 20'000; ++i) {
      model_t sample;
      f->set->sample(size, random, [&](const set_value::member& each) {
        REQUIRE(sample.insert(each.to_string()).second);
      });
      REQUIRE(sample.size() == size);
      for (const auto& each : sample) ++drawn[each];
    }
    // Each member is in a sample with the same chance; that samples have no repetitions makes the
    // sum smaller than for independent draws, so the bound still holds.
    CHECK(chi_square(*f, drawn, 20'000.0 * static_cast<double>(size) / 50) < unlikely);
  }
}

TEST_CASE("Pairs in samples of a set are uniform", "[store][set]") {
  hawser::base::random random(13);
  for (const auto& f : every_form()) {
    INFO(name_of(f->set->how()));
    const auto members = f->members();
    const std::vector<std::string> all(members.begin(), members.end());
    for (std::size_t i = 6; i < all.size(); ++i) f->set->remove(all[i]);
    std::map<model_t, int> drawn;
    constexpr int draws = 15'000;
    for (int i = 0; i < draws; ++i) {
      model_t pair;
      f->set->sample(2, random,
                     [&](const set_value::member& each) { pair.insert(each.to_string()); });
      ++drawn[pair];
    }
    REQUIRE(drawn.size() == 15);
    double sum = 0;
    for (const auto& [pair, times] : drawn) {
      const double difference = times - draws / 15.0;
      sum += difference * difference / (draws / 15.0);
    }
    CHECK(sum < 42);  // 14 degrees of freedom
  }
}

TEST_CASE("A scan of a set visits every member that stays while it grows and shrinks",
          "[store][set]") {
  hawser::base::random random(GENERATE(1u, 2u, 3u, 4u));
  fixture f;
  auto& set = *f.set;
  for (int i = 0; i < 400; ++i) set.add("stays" + std::to_string(i));
  model_t seen;
  std::uint64_t cursor = 0;
  int other = 0;
  do {
    cursor =
        set.scan(cursor, [&](const set_value::member& each) { seen.insert(each.to_string()); });
    const bool grow = random.below(100) < 50;
    for (int i = 0; i < 40; ++i)
      grow ? set.add("other" + std::to_string(other++))
           : set.remove("other" + std::to_string(--other < 0 ? other = 0 : other));
  } while (cursor != 0);
  for (int i = 0; i < 400; ++i) REQUIRE(seen.contains("stays" + std::to_string(i)));
}

TEST_CASE("Copies of sets are equal and independent, and all memory comes back", "[store][set]") {
  for (const auto& f : every_form()) {
    INFO(name_of(f->set->how()));
    f->set->add(std::string(300, 'l'));
    const auto before = f->data.used_memory();
    entry* copy = f->data.put_copy(*f->data.find("set"), "two");
    set_value other(f->data, *copy);
    CHECK(other.how() == f->set->how());
    CHECK(copy->memory() == f->data.find("set")->memory());
    other.add("more");
    CHECK(other.size() == f->set->size() + 1);
    f->data.remove("two");
    while (f->data.free_slice(10)) continue;
    CHECK(f->data.used_memory() == before);
  }
}

TEST_CASE("A million members of 17 bytes take 45 bytes each at most", "[store][set]") {
  fixture f;
  constexpr int count = 1'000'000;
  char text[24];
  for (int i = 0; i < count; ++i) {
    std::snprintf(text, sizeof text, "member:%010d", i);
    f.set->add(text);
  }
  CHECK(f.data.held_memory() / count <= 45);
  CHECK(f.data.find("set")->memory() / count <= 45);
}
