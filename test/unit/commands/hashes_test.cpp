#include "catch.hpp"
#include "engine_fixture.hpp"
#include "event_recorder.hpp"

#include <string>

using hawser::test::engine_fixture;

TEST_CASE("HSET counts the fields that are new", "[hashes]") {
  engine_fixture db;
  CHECK(db("HSET h a 1 b 2 a 3") == "2");
  CHECK(db("HSET h a 1 c 2") == "1");
  CHECK(db("HMGET h a b c d") == "[1 2 2 nil]");
  CHECK(db("HSET h a 1 b") == "!ERR wrong number of arguments for 'hset' command");
}

TEST_CASE("A hash turns into a table when it has too many or too long fields", "[hashes]") {
  engine_fixture db({{"hash-max-listpack-entries", "2"}, {"hash-max-listpack-value", "5"}});
  db("HSET h a 1 b 2");
  CHECK(db("OBJECT ENCODING h") == "listpack");
  db("HSET h c 3");
  CHECK(db("OBJECT ENCODING h") == "hashtable");
  CHECK(db("HMGET h a b c") == "[1 2 3]");
  db("HSET v a 123456");
  CHECK(db("OBJECT ENCODING v") == "hashtable");
  db("HSET w abcdef 1");
  CHECK(db("OBJECT ENCODING w") == "hashtable");
}

TEST_CASE("A field that expires is gone on the millisecond", "[hashes][expiry]") {
  engine_fixture db;
  db("HSET h a 1 b 2 c 3");
  CHECK(db("HPEXPIRE h 100 FIELDS 2 a b") == "[1 1]");
  db.clock.advance_ms(99);
  CHECK(db("HLEN h") == "3");
  CHECK(db("HPTTL h FIELDS 3 a b c") == "[1 1 -1]");
  CHECK(db("HTTL h FIELDS 1 a") == "[1]");
  db.clock.advance_ms(1);
  CHECK(db("HLEN h") == "1");
  CHECK(db("HGETALL h") == "[c 3]");
  CHECK(db("HMGET h a b c") == "[nil nil 3]");
  CHECK(db("HPTTL h FIELDS 3 a b c") == "[-2 -2 -1]");
  CHECK(db.node.stats.expired_fields == 2);
}

TEST_CASE("A hash all of whose fields have expired does not exist", "[hashes][expiry]") {
  engine_fixture db;
  db("HSET h a 1 b 2");
  db("HPEXPIRE h 100 FIELDS 1 a");
  db("HPEXPIRE h 200 FIELDS 1 b");
  db.clock.advance_ms(200);
  SECTION("looked up") { CHECK(db("EXISTS h") == "0"); }
  SECTION("listed") {
    CHECK(db("KEYS *") == "[]");
    CHECK(db("SCAN 0") == "[0 []]");
  }
  SECTION("typed") { CHECK(db("TYPE h") == "none"); }
  SECTION("drawn") { CHECK(db("RANDOMKEY") == "nil"); }
  SECTION("written") {
    CHECK(db("HSETNX h a 3") == "1");
    CHECK(db("HTTL h FIELDS 2 a b") == "[-1 -2]");
    CHECK(db("OBJECT ENCODING h") == "listpack");
  }
  SECTION("of another type now") { CHECK(db("APPEND h x") == "1"); }
  SECTION("removed in the background") {
    db.node.update_time();
    while (db.node.background_slice()) continue;
    CHECK(db("DBSIZE") == "0");
    CHECK(db.node.stats.expired_fields == 2);
  }
}

TEST_CASE("Fields expire without being asked for, in slices", "[hashes][expiry]") {
  engine_fixture db;
  for (int i = 0; i < 5000; ++i) db("HSET h f" + std::to_string(i) + " v");
  db("HSET h stays v");
  for (int i = 0; i < 5000; ++i) db("HPEXPIRE h 100 FIELDS 1 f" + std::to_string(i));
  db.clock.advance_ms(100);
  db.node.update_time();
  int slices = 1;
  while (db.node.background_slice()) ++slices;
  CHECK(slices >= 5);
  CHECK(db.node.stats.expired_fields == 5000);
  CHECK(db("HGETALL h") == "[stays v]");
}

TEST_CASE("What a request does not wait for is hidden until it is removed", "[hashes][expiry]") {
  engine_fixture db;
  for (int i = 0; i < 1000; ++i) db("HSETEX h PX 100 FIELDS 1 f" + std::to_string(i) + " v");
  db("HSET h stays v");
  db.clock.advance_ms(100);
  CHECK(db("HLEN h") == "1");
  CHECK(db.node.stats.expired_fields < 1000);
  CHECK(db("HRANDFIELD h 10") == "[stays]");
  CHECK(db("HSCAN h 0 COUNT 10000") == "[0 [stays v]]");
  CHECK(db("HSET h f999 again") == "1");
  CHECK(db("HTTL h FIELDS 1 f999") == "[-1]");
  CHECK(db("HLEN h") == "2");
}

TEST_CASE("While writes are paused fields past their deadline are hidden but kept",
          "[hashes][expiry]") {
  engine_fixture db;
  db("HSET h a 1 b 2");
  db("HPEXPIRE h 100 FIELDS 1 a");
  db("CLIENT PAUSE 1000 WRITE");
  db.clock.advance_ms(100);
  CHECK(db("HLEN h") == "1");
  CHECK(db("HGET h a") == "nil");
  CHECK(db.node.stats.expired_fields == 0);
  db("CLIENT UNPAUSE");
  CHECK(db("HLEN h") == "1");
  CHECK(db.node.stats.expired_fields == 1);
}

TEST_CASE("Expiry of fields is told", "[hashes][expiry]") {
  engine_fixture db;
  hawser::test::event_recorder events(db);
  db("HSET h a 1 b 2 c 3");
  db("HPEXPIRE h 100 FIELDS 2 a b");
  db("HPERSIST h FIELDS 2 b c");
  db("HPERSIST h FIELDS 1 c");
  db("HGETEX h PX 100 FIELDS 1 b");
  CHECK(events.heard() == "new h, hset h, hexpire h, hpersist h, hexpire h");
  db.clock.advance_ms(100);
  db("HLEN h");
  CHECK(events.heard() == "hexpired h");
  db("HEXPIRE h 0 FIELDS 1 c");
  CHECK(events.heard() == "hdel h, del h");
  db("HSETEX h PX 5 FIELDS 1 a 1");
  CHECK(events.heard() == "new h, hset h, hexpire h");
  db.clock.advance_ms(5);
  db.node.update_time();
  db.node.background_slice();
  CHECK(events.heard() == "hexpired h, del h");
}

TEST_CASE("A watched hash has changed when a field expired", "[hashes][expiry]") {
  engine_fixture db;
  db("HSET h a 1 b 2");
  db("HPEXPIRE h 100 FIELDS 1 a");
  db("WATCH h");
  db.clock.advance_ms(100);
  db("HLEN h");
  db("MULTI");
  db("PING");
  CHECK(db("EXEC") == "nil[]");
}

TEST_CASE("HRANDFIELD groups values in RESP3", "[hashes]") {
  engine_fixture db;
  db("HSET h a 1");
  CHECK(db("HRANDFIELD h -2 WITHVALUES") == "[a 1 a 1]");
  db("HELLO 3");
  CHECK(db("HRANDFIELD h -2 WITHVALUES") == "[[a 1] [a 1]]");
  CHECK(db("HGETALL h") == "{a: 1}");
}
