#include "catch.hpp"
#include "engine_fixture.hpp"
#include "event_recorder.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

using hawser::test::engine_fixture;
using hawser::test::event_recorder;

namespace {

/// The elements of a reply like "[a b]".
std::vector<std::string> elements(std::string reply) {
  std::vector<std::string> all;
  reply = reply.substr(1, reply.size() - 2);
  for (std::size_t at = 0; at < reply.size();) {
    const auto end = std::min(reply.find(' ', at), reply.size());
    all.push_back(reply.substr(at, end - at));
    at = end + 1;
  }
  return all;
}

std::set<std::string> unordered(const std::string& reply) {
  const auto all = elements(reply);
  return {all.begin(), all.end()};
}

}  // namespace

TEST_CASE("SADD and SREM tell how many members came and went", "[sets]") {
  engine_fixture db;
  CHECK(db("SADD s a b a 1") == "3");
  CHECK(db("SADD s b c") == "1");
  CHECK(db("SISMEMBER s 1") == "1");
  CHECK(db("SISMEMBER s 2") == "0");
  CHECK(db("SMISMEMBER s a x 1") == "[1 0 1]");
  CHECK(db("SREM s a a x") == "1");
  CHECK(db("SCARD s") == "3");
  CHECK(db("SREM s b c 1") == "3");
  CHECK(db("EXISTS s") == "0");
}

TEST_CASE("OBJECT ENCODING of a set follows the limits", "[sets]") {
  engine_fixture db({{"set-max-intset-entries", "2"}, {"set-max-listpack-entries", "4"}});
  db("SADD s 1 2");
  CHECK(db("OBJECT ENCODING s") == "intset");
  db("SADD s x");
  CHECK(db("OBJECT ENCODING s") == "listpack");
  db("SADD s 3 4");
  CHECK(db("OBJECT ENCODING s") == "hashtable");
  db.set("set-max-listpack-value", "3");
  db("SADD t abcd");
  CHECK(db("OBJECT ENCODING t") == "hashtable");
}

TEST_CASE("SPOP gives each choice of members the same chance", "[sets]") {
  const bool compact = GENERATE(true, false);
  const auto count = GENERATE(1, 3, 6);
  const auto* prefix = GENERATE("", "m");
  engine_fixture db;
  if (!compact) {
    db.set("set-max-intset-entries", "0");
    db.set("set-max-listpack-entries", "0");
  }
  std::map<std::string, int> drawn;
  constexpr int rounds = 7000;
  for (int i = 0; i < rounds; ++i) {
    for (int m = 0; m < 7; ++m) db("SADD s " + (prefix + std::to_string(m)));
    const auto popped = unordered(db("SPOP s " + std::to_string(count)));
    REQUIRE(popped.size() == static_cast<std::size_t>(count));
    for (const auto& each : popped) {
      REQUIRE(db("SISMEMBER s " + each) == "0");
      ++drawn[each];
    }
    REQUIRE(db("SCARD s") == std::to_string(7 - count));
  }
  const double expected = rounds * count / 7.0;
  double sum = 0;
  for (const auto& [member, times] : drawn) sum += (times - expected) * (times - expected);
  CHECK(sum / expected < 28);  // six degrees of freedom
}

TEST_CASE("SPOP of nearly all members leaves a set of the form of the few", "[sets]") {
  engine_fixture db({{"set-max-intset-entries", "8"}});
  std::string all;
  for (int i = 0; i < 200; ++i) all += " " + std::to_string(i);
  db("SADD s" + all);
  db("EXPIRE s 100");
  CHECK(unordered(db("SPOP s 196")).size() == 196);
  CHECK(db("SCARD s") == "4");
  CHECK(db("OBJECT ENCODING s") == "intset");
  CHECK(db("TTL s") == "100");
  CHECK(unordered(db("SPOP s 100")).size() == 4);
  CHECK(db("EXISTS s") == "0");
}

TEST_CASE("SRANDMEMBER with a negative count may repeat members", "[sets]") {
  engine_fixture db;
  db("SADD s a b c");
  const auto drawn = elements(db("SRANDMEMBER s -1000"));
  CHECK(drawn.size() == 1000);
  CHECK(std::set(drawn.begin(), drawn.end()).size() == 3);
  CHECK(unordered(db("SRANDMEMBER s 2")).size() == 2);
  CHECK(unordered(db("SRANDMEMBER s 5")).size() == 3);
  CHECK(db("SCARD s") == "3");
}

TEST_CASE("Intersections, unions and differences agree in every pair of forms", "[sets]") {
  engine_fixture db;
  db("SADD ints 1 2 3 4");
  db("SADD pack 3 4 five");
  db.set("set-max-listpack-entries", "0");
  db("SADD table 4 five six");
  using words = std::set<std::string>;
  CHECK(unordered(db("SINTER ints pack")) == words{"3", "4"});
  CHECK(unordered(db("SINTER pack table")) == words{"4", "five"});
  CHECK(db("SINTER table ints") == "[4]");
  CHECK(db("SINTER table ints none") == "[]");
  CHECK(unordered(db("SDIFF pack ints")) == words{"five"});
  CHECK(unordered(db("SDIFF table ints none")) == words{"five", "six"});
  CHECK(db("SDIFF none ints") == "[]");
  CHECK(unordered(db("SUNION ints pack table")) == words{"1", "2", "3", "4", "five", "six"});
  CHECK(db("SINTERCARD 2 pack table LIMIT 1") == "1");
  CHECK(db("SINTERCARD 2 pack table") == "2");
  CHECK(db("SINTERSTORE ints ints pack") == "2");
  CHECK(db("SMEMBERS ints") == "[3 4]");
  CHECK(db("SDIFFSTORE ints ints pack") == "0");
  CHECK(db("EXISTS ints") == "0");
}

TEST_CASE("A difference that copies the first set gives what looking up would", "[sets]") {
  engine_fixture db;
  for (int i = 0; i < 300; ++i) db("SADD big " + std::to_string(i));
  db("SADD a 1 x");
  db("SADD b 2");
  CHECK(unordered(db("SDIFF big a b")).size() == 298);
  CHECK(db("SDIFFSTORE d big a b") == "298");
  CHECK(db("SISMEMBER d 2") == "0");
}

TEST_CASE("SSCAN replies every member of a large set", "[sets]") {
  engine_fixture db;
  for (int i = 0; i < 1000; ++i) db("SADD s m" + std::to_string(i));
  std::set<std::string> seen;
  std::string cursor = "0";
  int calls = 0;
  do {
    const auto reply = db("SSCAN s " + cursor + " COUNT 20");
    const auto open = reply.find('[', 1);
    cursor = reply.substr(1, open - 2);
    for (const auto& each : unordered(reply.substr(open, reply.size() - open - 1)))
      seen.insert(each);
    ++calls;
  } while (cursor != "0");
  CHECK(seen.size() == 1000);
  CHECK(calls > 20);
}

TEST_CASE("SMOVE takes a member over and tells of both sets", "[sets]") {
  engine_fixture db;
  event_recorder events(db);
  db("SADD a 1");
  db("SADD b x");
  events.heard();
  CHECK(events.of("SMOVE a b 1") == "srem a, del a, sadd b");
  CHECK(db("EXISTS a") == "0");
  CHECK(unordered(db("SMEMBERS b")) == std::set<std::string>{"1", "x"});
  CHECK(db("SMOVE b b 1") == "1");
  CHECK(db("SMOVE b c none") == "0");
  CHECK(db("EXISTS c") == "0");
  events.heard();
  CHECK(events.of("SMOVE b c x") == "srem b, new c, sadd c");
  CHECK(events.of("SPOP c 3") == "spop c, del c");
  CHECK(events.of("SUNIONSTORE d b b") == "new d, sunionstore d");
  CHECK(events.of("SINTERSTORE d b none") == "keymiss none, del d");
}

TEST_CASE("DEBUG DIGEST-VALUE of a set does not depend on its form", "[sets]") {
  engine_fixture db;
  db.node.config.change([](auto& all) { all.enable_debug_command = hawser::engine::access::yes; });
  db("SADD a 1 2 x");
  db.set("set-max-listpack-entries", "0");
  db("SADD b x 2 1");
  CHECK(db("DEBUG DIGEST-VALUE a") == db("DEBUG DIGEST-VALUE b"));
}
