#include "catch.hpp"
#include "engine_fixture.hpp"
#include "event_recorder.hpp"

#include <string>

using hawser::test::engine_fixture;
using hawser::test::event_recorder;

namespace {

/// A list of elements that are as long as they are many.
void push_numbers(engine_fixture& db, const std::string& key, int count) {
  for (int i = 0; i < count; ++i)
    db("RPUSH " + key + " " + std::to_string(i) + ":" + std::string(100, 'x'));
}

}  // namespace

TEST_CASE("Elements come in at both ends and go at both", "[lists]") {
  engine_fixture db;
  CHECK(db("RPUSH l b c") == "2");
  CHECK(db("LPUSH l a 0") == "4");
  CHECK(db("LRANGE l 0 -1") == "[0 a b c]");
  CHECK(db("LPOP l") == "0");
  CHECK(db("RPOP l 2") == "[c b]");
  CHECK(db("LPUSHX none x") == "0");
  CHECK(db("RPUSHX l z") == "2");
  CHECK(db("LPOP l 10") == "[a z]");
  CHECK(db("EXISTS l") == "0");
  CHECK(db("LPOP l") == "nil");
  CHECK(db("LPOP l 1") == "nil[]");
}

TEST_CASE("A list changes inside by index, by pivot and by value", "[lists]") {
  engine_fixture db;
  db("RPUSH l a b a c a");
  CHECK(db("LSET l -1 d") == "OK");
  CHECK(db("LSET l 5 x") == "!ERR index out of range");
  CHECK(db("LINSERT l BEFORE c x") == "6");
  CHECK(db("LINSERT l AFTER nope x") == "-1");
  CHECK(db("LREM l -1 a") == "1");
  CHECK(db("LRANGE l 0 -1") == "[a b x c d]");
  CHECK(db("LPOS l c") == "3");
  CHECK(db("LTRIM l 1 -2") == "OK");
  CHECK(db("LRANGE l 0 -1") == "[b x c]");
  CHECK(db("LTRIM l 5 10") == "OK");
  CHECK(db("EXISTS l") == "0");
}

TEST_CASE("LMOVE turns a list and empties one into another", "[lists]") {
  engine_fixture db;
  db("RPUSH l 1 2 3");
  CHECK(db("LMOVE l l LEFT RIGHT") == "1");
  CHECK(db("LRANGE l 0 -1") == "[2 3 1]");
  for (const auto* moved : {"1", "3", "2"}) CHECK(db("RPOPLPUSH l m") == moved);
  CHECK(db("RPOPLPUSH l m") == "nil");
  CHECK(db("LRANGE m 0 -1") == "[2 3 1]");
  CHECK(db("LMPOP 2 l m RIGHT COUNT 2") == "[m [1 3]]");
}

TEST_CASE("Lists tell what happened to them", "[lists]") {
  engine_fixture db;
  event_recorder events(db);
  CHECK(events.of("RPUSH l a b c") == "new l, rpush l");
  CHECK(events.of("LMOVE l m LEFT RIGHT") == "new m, rpush m, lpop l");
  CHECK(events.of("LREM l 0 nope").empty());
  CHECK(events.of("LPOP l 0").empty());
  CHECK(events.of("LMPOP 1 l RIGHT COUNT 5") == "rpop l, del l");
}

TEST_CASE("Limits of nodes hold for lists that exist already", "[lists]") {
  engine_fixture db;
  db.node.config.change([](auto& all) { all.enable_debug_command = hawser::engine::access::yes; });
  push_numbers(db, "l", 200);
  const auto facts = [&](const std::string& text) {
    return db("DEBUG OBJECT l").find(text) != std::string::npos;
  };
  CHECK(facts("encoding:quicklist"));
  CHECK(facts(" ql_nodes:3 "));
  db.set("list-max-listpack-size", "10");
  for (int i = 0; i < 30; ++i) db("RPUSH l x");
  CHECK(facts(" ql_nodes:6 "));
  CHECK(facts(" ql_listpack_max:10 "));
  const auto plain = db("MEMORY USAGE l");
  db.set("list-compress-depth", "1");
  db("LSET l 100 y");
  CHECK(facts(" ql_compressed:1 "));
  CHECK(std::stoi(db("MEMORY USAGE l")) < std::stoi(plain));
  CHECK(db("LRANGE l 99 101").find(" y ") != std::string::npos);
}

TEST_CASE("What LTRIM cuts from a long list is freed in the background", "[lists]") {
  engine_fixture db;
  push_numbers(db, "l", 20'000);
  const auto before = db.node.database(0).used_memory();
  db("LTRIM l 0 10");
  CHECK(db.node.database(0).used_memory() > before / 2);
  while (db.node.background_slice()) continue;
  CHECK(db.node.database(0).used_memory() < 100'000);
}

TEST_CASE("A client that waits for a list is served by whatever makes one", "[lists][blocking]") {
  engine_fixture db;
  auto waiter = db.connect();
  db("RPUSH from 1 2 3 4 5 6");
  const auto served_by = [&](const std::string& wait, const std::string& command) {
    waiter.send(wait);
    REQUIRE(waiter.blocked());
    db(command);
    return waiter.has_reply() ? waiter.reply() : "nothing";
  };
  CHECK(served_by("BLPOP l 0", "LPUSH l a") == "[l a]");
  CHECK(served_by("BRPOP k l 0", "LMOVE from l LEFT LEFT") == "[l 1]");
  CHECK(served_by("BLMOVE l to LEFT RIGHT 0", "RPOPLPUSH from l") == "6");
  CHECK(served_by("BRPOPLPUSH l to 0", "LMOVE from l LEFT LEFT") == "2");
  CHECK(served_by("BLMPOP 0 2 k l LEFT COUNT 2", "COPY from l") == "[l [3 4]]");
  CHECK(served_by("BLPOP nothing 0", "RENAME from nothing") == "[nothing 3]");
  CHECK(db("LRANGE to 0 -1") == "[2 6]");
}

TEST_CASE("A client that waits sees no other type, and its destination's type as it is then",
          "[lists][blocking]") {
  engine_fixture db;
  auto waiter = db.connect();
  waiter.send("BLMOVE l to LEFT RIGHT 0");
  db("SET l text");
  CHECK(waiter.blocked());
  db("DEL l");
  db("SET to text");
  db("RPUSH l a");
  CHECK(waiter.reply() == "!WRONGTYPE Operation against a key holding the wrong kind of value");
  CHECK(db("LRANGE l 0 -1") == "[a]");
}
