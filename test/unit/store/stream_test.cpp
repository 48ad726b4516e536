#include "catch.hpp"
#include <base/random.hpp>
#include <store/stream.hpp>

#include <algorithm>
#include <iterator>
#include <map>
#include <string>
#include <vector>

using namespace hawser::store;

namespace {

using fields = std::vector<std::string>;
using model = std::map<stream_id, fields>;

struct fixture {
  explicit fixture(std::int64_t node_entries = 7, std::int64_t node_bytes = 200) {
    limits.stream_node_max_entries = node_entries;
    limits.stream_node_max_bytes = node_bytes;
  }

  void append(const stream_id& id, const fields& words) {
    const std::vector<std::string_view> views(words.begin(), words.end());
    tested.append(id, views, limits);
    expected[id] = words;
  }

  arena memory;
  encoding_limits limits;
  stream tested{memory};
  model expected;
};

using entries = std::vector<std::pair<stream_id, fields>>;

entries read(const stream& from, const stream_id& first, const stream_id& last,
             bool downwards = false) {
  entries found;
  stream_cursor at(from, first, last, downwards);
  while (at.next()) {
    fields words;
    // Every other entry is skipped without looking at its fields.
    const bool looked_at = downwards || found.size() % 2 == 0;
    if (looked_at)
      at.for_each_field([&](const auto& name, const auto& value) {
        words.push_back(name.to_string());
        words.push_back(value.to_string());
      });
    found.emplace_back(at.id(), words);
  }
  return found;
}

entries expected_of(const model& of, const stream_id& first, const stream_id& last) {
  entries found;
  for (auto at = of.lower_bound(first); at != of.end() && at->first <= last; ++at)
    found.emplace_back(at->first, found.size() % 2 == 0 ? at->second : fields{});
  return found;
}

fields any_fields(hawser::base::random& random) {
  static const fields names{"a", "name", "12", "temperature"};
  fields words;
  const auto shape = random.below(3);
  for (std::uint64_t i = 0; i <= shape; ++i) {
    words.push_back(shape == 2 ? names[random.below(names.size())] : names[i]);
    words.push_back(random.below(2) == 0 ? std::to_string(random.below(100'000))
                                         : std::string(random.below(40), 'x'));
  }
  return words;
}

void check(const fixture& f, hawser::base::random& random) {
  const auto& [memory, limits, tested, expected] = f;
  REQUIRE(tested.length() == static_cast<std::int64_t>(expected.size()));
  REQUIRE(tested.first_id() == (expected.empty() ? stream_id{} : expected.begin()->first));
  REQUIRE(tested.last_entry_id() == (expected.empty() ? stream_id{} : expected.rbegin()->first));
  const auto bound = [&] {
    return stream_id{random.below(tested.last_id.ms + 2), random.below(4)};
  };
  const auto first = bound(), last = bound();
  const auto wanted = expected_of(expected, first, last);
  REQUIRE(read(tested, first, last) == wanted);
  REQUIRE(tested.count(first, last, 1'000'000) == wanted.size());
  const auto limit = random.below(20);
  REQUIRE(tested.count(first, last, limit) == std::min<std::size_t>(limit, wanted.size()));
  auto backwards = read(tested, {}, stream_id::largest(), true);
  std::ranges::reverse(backwards);
  REQUIRE(backwards == entries(expected.begin(), expected.end()));
  for (auto at = tested.nodes().begin(); at != tested.nodes().end(); ++at)
    REQUIRE(stream_node::validate(listpack(at.value()).bytes(), at.id()));
  REQUIRE(tested.memory() == memory.used() + sizeof(stream));
}

}  // namespace

TEST_CASE("A stream agrees with std::map under random work", "[store][stream]") {
  hawser::base::random random(GENERATE(1u, 2u, 3u));
  fixture f(static_cast<std::int64_t>(GENERATE(0, 1, 7)), 300);
  auto& [memory, limits, tested, expected] = f;
  for (int step = 0; step < 6000; ++step) {
    const auto some = [&] {
      return stream_id{random.below(tested.last_id.ms + 2), random.below(4)};
    };
    switch (random.below(12)) {
      case 0: {
        const auto id = some();
        REQUIRE(tested.erase(id) == (expected.erase(id) == 1));
        break;
      }
      case 1: {
        if (expected.empty()) break;
        auto victim =
            std::next(expected.begin(), static_cast<std::ptrdiff_t>(random.below(expected.size())));
        REQUIRE(tested.contains(victim->first));
        REQUIRE(tested.erase(victim->first));
        expected.erase(victim);
        break;
      }
      case 2: {
        if (step % 10 != 0) break;
        stream_trimming how;
        how.by = stream_trimming::bound::length;
        how.length = static_cast<std::int64_t>(random.below(expected.size() + 2));
        const auto surplus = std::max<std::int64_t>(tested.length() - how.length, 0);
        REQUIRE(tested.trim(how) == static_cast<std::size_t>(surplus));
        expected.erase(expected.begin(), std::next(expected.begin(), surplus));
        break;
      }
      case 3: {
        if (step % 10 != 0) break;
        stream_trimming how;
        how.by = stream_trimming::bound::id;
        how.least = some();
        const auto end = expected.lower_bound(how.least);
        REQUIRE(tested.trim(how) == static_cast<std::size_t>(std::distance(expected.begin(), end)));
        expected.erase(expected.begin(), end);
        break;
      }
      default: {
        const auto& last = tested.last_id;
        const auto id = random.below(2) == 0
                            ? stream_id{last.ms + random.below(3) + 1, random.below(3)}
                            : stream_id{last.ms, last.seq + 1};
        f.append(id, any_fields(random));
      }
    }
    if (step % 40 == 0) check(f, random);
  }
}

TEST_CASE("Approximate trimming takes whole nodes and never too much", "[store][stream]") {
  fixture f(10, 4096);
  for (std::uint64_t i = 1; i <= 35; ++i) f.append({i, 0}, {"a", "1"});
  stream_trimming how;
  how.by = stream_trimming::bound::length;
  how.approximate = true;
  how.length = 12;
  CHECK(f.tested.trim(how) == 20);
  CHECK(f.tested.length() == 15);
  CHECK(f.tested.nodes().size() == 2);
  how.by = stream_trimming::bound::id;
  how.least = {30, 1};
  how.limit = 9;
  CHECK(f.tested.trim(how) == 0);
  how.limit = 10;
  CHECK(f.tested.trim(how) == 10);
  CHECK(f.tested.first_id() == stream_id{31, 0});
}

TEST_CASE("Trimming can forget what is pending or spare it", "[store][stream]") {
  fixture f(3, 4096);
  for (std::uint64_t i = 1; i <= 9; ++i) f.append({i, 0}, {"a", "1"});
  auto& group = *f.tested.add_group("g", {6, 0}, 6);
  auto& consumer = *group.add_consumer("c", 0).first;
  for (const std::uint64_t i : {2, 4, 5, 6}) group.deliver({i, 0}, consumer, 100);
  stream_trimming how;
  how.by = stream_trimming::bound::length;
  how.length = 2;

  SECTION("spared are entries that are pending or were not read") {
    how.references = stream_references::acked;
    CHECK(f.tested.trim(how) == 2);
    CHECK(f.tested.length() == 7);
    CHECK(f.tested.first_id() == stream_id{2, 0});
    CHECK(f.tested.max_deleted_id == stream_id{3, 0});
    CHECK(consumer.pending.size() == 4);
  }
  SECTION("forgotten are entries that were removed") {
    how.references = stream_references::drop;
    how.length = 5;
    CHECK(f.tested.trim(how) == 4);
    CHECK(consumer.pending.size() == 2);
    CHECK(group.pending().begin().id() == stream_id{5, 0});
  }
  SECTION("otherwise they stay pending") {
    CHECK(f.tested.trim(how) == 7);
    CHECK(group.pending().size() == 4);
  }
}

TEST_CASE("A copy of a stream has its entries and groups, and memory of its own",
          "[store][stream]") {
  arena other;
  stream* copy = nullptr;
  {
    fixture f(3, 4096);
    for (std::uint64_t i = 1; i <= 9; ++i) f.append({i, 0}, {"a", std::to_string(i)});
    f.tested.erase({2, 0});
    auto& group = *f.tested.add_group("g", {6, 0}, 6);
    group.deliver({3, 0}, *group.add_consumer("one", 5).first, 100);
    group.deliver({4, 0}, *group.add_consumer("two", 6).first, 200);
    copy = f.tested.clone(other);
    CHECK(read(*copy, {}, stream_id::largest()) == read(f.tested, {}, stream_id::largest()));
    f.tested.drop_references({3, 0});
  }
  CHECK(copy->length() == 8);
  CHECK(copy->max_deleted_id == stream_id{2, 0});
  auto* group = copy->find_group("g");
  REQUIRE(group != nullptr);
  CHECK(group->find_pending({3, 0})->owner->name == "one");
  CHECK(group->find_pending({4, 0})->delivered == 200);
  CHECK(group->find_consumer("two")->pending.size() == 1);
  CHECK(copy->size() == 10);

  std::size_t budget = 3;
  CHECK_FALSE(copy->release(budget));
  CHECK(budget == 0);
  budget = 100;
  CHECK(copy->release(budget));
  delete copy;
  CHECK(other.used() == 0);
}

TEST_CASE("A node that was cut or changed anywhere is refused or read safely", "[store][stream]") {
  fixture f(100, 4096);
  f.append({5, 1}, {"name", "x", "other", "12"});
  f.append({5, 2}, {"name", "y", "other", "-300000"});
  f.append({6, 0}, {"different", std::string(70, 'z')});
  f.append({7, 9}, {"name", "", "other", "7"});
  f.tested.erase({5, 2});
  const auto at = f.tested.nodes().begin();
  const std::string whole(listpack(at.value()).bytes());
  REQUIRE(stream_node::validate(whole, at.id()));
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    const std::vector<char> exact(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(cut));
    CHECK_FALSE(stream_node::validate({exact.data(), exact.size()}, at.id()));
  }
  hawser::base::random random(11);
  for (int i = 0; i < 30'000; ++i) {
    std::vector<char> changed(whole.begin(), whole.end());
    for (auto n = random.below(3) + 1; n > 0; --n)
      changed[random.below(changed.size())] = static_cast<char>(random.below(256));
    if (!stream_node::validate({changed.data(), changed.size()}, at.id())) continue;
    const stream_node node(listpack(changed.data()), at.id());
    std::int64_t forwards = 0, backwards = 0;
    for (auto entry = node.first(); entry != listpack::none; ++forwards)
      entry = node.for_each_field(node.read(entry), [](const auto&, const auto&) {});
    for (auto entry = node.last(); entry != listpack::none; ++backwards)
      entry = node.previous(entry);
    REQUIRE(forwards == node.live() + node.dead());
    REQUIRE(backwards == forwards);
  }
}
