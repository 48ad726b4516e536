#include "catch.hpp"
#include "engine_fixture.hpp"
#include <engine/command_keys.hpp>

using namespace hawser::engine;
using hawser::test::engine_fixture;

namespace {

key_spec spec(int begin, key_use what) {
  key_spec made;
  made.begin = begin;
  made.what = what;
  return made;
}

// The indexes of the keys, or "no" when the words do not fit.
std::string found(const key_specs& of, std::vector<std::string_view> words) {
  const auto keys = find_keys(of, words);
  if (!keys) return "no";
  std::string text;
  for (const auto& each : *keys) text += std::to_string(each.word);
  return text;
}

}  // namespace

TEST_CASE("A range of keys goes by steps to a word counted from either end", "[keys]") {
  const auto one = key_specs{spec(1, use::ro)};
  CHECK(found(one, {"x", "a", "b", "c"}) == "1");
  const auto all = key_specs{spec(1, use::ro).until(-1, 1)};
  CHECK(found(all, {"x", "a", "b", "c"}) == "123");
  const auto pairs = key_specs{spec(1, use::ow).until(-1, 2)};
  CHECK(found(pairs, {"x", "a", "1", "b", "2"}) == "13");
  const auto two = key_specs{spec(1, use::ro).until(1, 1)};
  CHECK(found(two, {"x", "a", "b", "c"}) == "12");
  const auto but_last = key_specs{spec(1, use::ro).until(-2, 1)};
  CHECK(found(but_last, {"x", "a", "b", "c"}) == "12");
  CHECK(found(two, {"x", "a"}) == "no");
}

TEST_CASE("A count says how many keys follow it", "[keys]") {
  const auto counted = key_specs{spec(2, use::ro).counted()};
  CHECK(found(counted, {"x", "s", "2", "a", "b", "c"}) == "34");
  CHECK(found(counted, {"x", "s", "0", "a"}) == "no");
  CHECK(found(counted, {"x", "s", "3", "a", "b"}) == "no");
  CHECK(found(counted, {"x", "s", "-1", "a"}) == "no");
  CHECK(found(counted, {"x", "s", "two", "a"}) == "no");
  CHECK(found(counted, {"x", "s", "9223372036854775807", "a"}) == "no");
  CHECK(found(counted, {"x", "s"}) == "no");
}

TEST_CASE("A count that is not quite a number is read up to where it ends", "[keys]") {
  const auto counted = key_specs{spec(1, use::ow), spec(2, use::ro).counted()};
  CHECK(found(counted, {"x", "d", "1.5", "a", "b"}) == "31");
  CHECK(found(counted, {"x", "d", " +2x", "a", "b"}) == "341");
  CHECK(found(counted, {"x", "d", "3x", "a", "b"}) == "no");
  CHECK(found(counted, {"x", "d", "-1x", "a", "b"}) == "no");
}

TEST_CASE("A word that is not there takes no other key with it", "[keys]") {
  const auto stored = key_specs{spec(1, use::ro), spec(2, use::ow).behind("STORE")};
  CHECK(found(stored, {"x", "a", "1", "2"}) == "1");
  CHECK(found(stored, {"x", "a", "1", "store", "d", "e"}) == "14");
  CHECK(found(stored, {"x", "a", "1", "2", "STORE"}) == "1");
}

TEST_CASE("Several specs add up and channels are no keys", "[keys]") {
  const auto both = key_specs{spec(1, use::ow), spec(2, use::ro).counted()};
  CHECK(found(both, {"x", "d", "1", "a"}) == "13");
  CHECK(has_keys(both));
  const auto channels = key_specs{spec(1, use::not_key).until(-1, 1)};
  CHECK_FALSE(has_keys(channels));
  CHECK(found(channels, {"x", "a"}) == "");
}

TEST_CASE("SET accesses the old value only with GET", "[keys]") {
  engine_fixture db;
  CHECK(db("COMMAND GETKEYSANDFLAGS SET a b") == "[[a [OW update]]]");
  CHECK(db("COMMAND GETKEYSANDFLAGS SET a b EX 10 get") == "[[a [RW access update]]]");
  CHECK(db("COMMAND GETKEYSANDFLAGS SET a GET") == "[[a [OW update]]]");
}
