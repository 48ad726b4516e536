#include "catch.hpp"
#include "engine_fixture.hpp"

#include <string>

using hawser::test::engine_fixture;

TEST_CASE("OBJECT ENCODING tells integers, short and long texts apart", "[keys][object]") {
  engine_fixture db;
  const auto encoding_of = [&](const std::string& value) {
    db("SET k " + value);
    return db("OBJECT ENCODING k");
  };
  CHECK(encoding_of("-9223372036854775808") == "int");
  CHECK(encoding_of("9223372036854775808") == "embstr");
  CHECK(encoding_of("01") == "embstr");
  CHECK(encoding_of(std::string(44, 'x')) == "embstr");
  CHECK(encoding_of(std::string(45, 'x')) == "raw");
  CHECK(db("OBJECT ENCODING none") == "nil");
}

TEST_CASE("OBJECT REFCOUNT shows small integers as shared unless they are copies",
          "[keys][object]") {
  engine_fixture db;
  const auto* shared = "2147483647";
  db("MSET a 0 b 9999 c 10000 d -1 e text");
  CHECK(db("OBJECT REFCOUNT a") == shared);
  CHECK(db("OBJECT REFCOUNT b") == shared);
  CHECK(db("OBJECT REFCOUNT c") == "1");
  CHECK(db("OBJECT REFCOUNT d") == "1");
  CHECK(db("OBJECT REFCOUNT e") == "1");
  db("COPY a copy");
  CHECK(db("OBJECT REFCOUNT copy") == "1");
  db("EXPIRE copy 100");
  db("RENAME copy renamed");
  CHECK(db("OBJECT REFCOUNT renamed") == "1");
  db("INCR renamed");
  CHECK(db("OBJECT REFCOUNT renamed") == shared);
  db("DECR c");
  CHECK(db("OBJECT REFCOUNT c") == shared);
  db("MOVE a 1");
  db.own_client().state().db = 1;
  CHECK(db("OBJECT REFCOUNT a") == shared);
}

TEST_CASE("Integers are not shared where eviction has to know each key's use", "[keys][object]") {
  engine_fixture db({{"maxmemory", "1gb"}});
  db("SET a 1");
  CHECK(db("OBJECT REFCOUNT a") == "2147483647");
  db.set("maxmemory-policy", "volatile-ttl");
  CHECK(db("OBJECT REFCOUNT a") == "2147483647");
  db.set("maxmemory-policy", "allkeys-lru");
  CHECK(db("OBJECT REFCOUNT a") == "1");
}

TEST_CASE("OBJECT IDLETIME counts seconds since the last use", "[keys][object]") {
  engine_fixture db;
  db("SET k v");
  db.clock.advance_ms(42'000);
  CHECK(db("OBJECT IDLETIME k") == "42");
  db("EXISTS k");
  db("TTL k");
  db("TYPE k");
  CHECK(db("OBJECT IDLETIME k") == "42");
  db("TOUCH k");
  CHECK(db("OBJECT IDLETIME k") == "0");
  db.clock.advance_ms(7'000);
  db("COPY k copy");
  CHECK(db("OBJECT IDLETIME copy") == "0");
  db.own_client().state().no_touch = true;
  db.clock.advance_ms(3'000);
  db("GET k");
  CHECK(db("OBJECT IDLETIME k") == "3");
  CHECK(db("OBJECT IDLETIME none") == "nil");
}

TEST_CASE("OBJECT FREQ needs an LFU policy and IDLETIME another one", "[keys][object]") {
  engine_fixture db;
  db("SET k v");
  CHECK(db("OBJECT FREQ k").substr(0, 42) == "!ERR An LFU maxmemory policy is not select");
  CHECK(db("OBJECT FREQ none") == "nil");
  db.set("maxmemory-policy", "allkeys-lfu");
  CHECK(db("OBJECT IDLETIME k").substr(0, 42) == "!ERR An LFU maxmemory policy is selected, ");
  db("SET new v");
  CHECK(db("OBJECT FREQ new") == "5");
  db("GET new");
  CHECK(db("OBJECT FREQ new") == "6");
  CHECK(db("COPY new copy") == "1");
  CHECK(db("OBJECT FREQ copy") == "5");
}

TEST_CASE("OBJECT counts hits and misses", "[keys][object]") {
  engine_fixture db;
  db("SET k v");
  db("OBJECT ENCODING k");
  db("OBJECT REFCOUNT none");
  CHECK(db.node.stats.keyspace_hits == 1);
  CHECK(db.node.stats.keyspace_misses == 1);
}
