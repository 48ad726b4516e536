#include "catch.hpp"
#include "engine_fixture.hpp"
#include "event_recorder.hpp"

#include <string>

using hawser::test::engine_fixture;
using hawser::test::event_recorder;

TEST_CASE("Each client has its own output", "[strings]") {
  engine_fixture db;
  auto other = db.connect();
  other.send("SET a 1");
  CHECK(db("GET a") == "1");
  CHECK(other.reply() == "OK");
  CHECK_FALSE(other.has_reply());
}

TEST_CASE("SET replaces value and deadline unless KEEPTTL says otherwise", "[strings]") {
  engine_fixture db;
  CHECK(db("SET k one EX 100") == "OK");
  CHECK(db("TTL k") == "100");
  CHECK(db("SET k two KEEPTTL") == "OK");
  CHECK(db("TTL k") == "100");
  CHECK(db("SET k three") == "OK");
  CHECK(db("TTL k") == "-1");
  CHECK(db("GET k") == "three");
  CHECK(db("SET other x KEEPTTL") == "OK");
  CHECK(db("TTL other") == "-1");
}

TEST_CASE("SET NX and XX look at whether the key exists", "[strings]") {
  engine_fixture db;
  CHECK(db("SET k a XX") == "nil");
  CHECK(db("SET k a NX") == "OK");
  CHECK(db("SET k b NX") == "nil");
  CHECK(db("GET k") == "a");
  CHECK(db("SET k c XX") == "OK");
  CHECK(db("GET k") == "c");
}

TEST_CASE("SET GET replies the old value whether or not it stores the new one", "[strings]") {
  engine_fixture db;
  CHECK(db("SET k a GET") == "nil");
  CHECK(db("SET k b GET NX") == "a");
  CHECK(db("SET k c GET XX") == "a");
  CHECK(db("GET k") == "c");
  CHECK(db("SET none d GET XX") == "nil");
  CHECK(db("EXISTS none") == "0");
}

TEST_CASE("A key that is past its deadline is missing for NX, XX, GET and KEEPTTL", "[strings]") {
  engine_fixture db;
  const auto stale = [&] {
    db("SET k old PX 10");
    db.clock.advance_ms(10);
  };
  stale();
  CHECK(db("SET k new XX") == "nil");
  stale();
  CHECK(db("SET k new GET") == "nil");
  stale();
  CHECK(db("SET k new KEEPTTL") == "OK");
  CHECK(db("TTL k") == "-1");
  stale();
  CHECK(db("SET k new NX") == "OK");
  CHECK(db("GET k") == "new");
}

TEST_CASE("Options of SET that exclude each other are a syntax error", "[strings]") {
  engine_fixture db;
  const std::string command =
      GENERATE("SET k v NX XX", "SET k v EX 1 PX 1", "SET k v EX 1 KEEPTTL", "SET k v KEEPTTL EX 1",
               "SET k v EXAT 1 PXAT 1", "SET k v PERSIST", "SET k v EX", "SET k v what",
               "GETEX k EX 1 PERSIST", "GETEX k PERSIST EX 1", "GETEX k KEEPTTL", "GETEX k NX");
  CHECK(db(command) == "!ERR syntax error");
  CHECK(db("EXISTS k") == "0");
}

TEST_CASE("Lifetimes that are not positive or too long are refused by name", "[strings]") {
  engine_fixture db;
  CHECK(db("SET k v EX 0") == "!ERR invalid expire time in 'set' command");
  CHECK(db("SET k v PX -1") == "!ERR invalid expire time in 'set' command");
  CHECK(db("SET k v EX 9223372036854776") == "!ERR invalid expire time in 'set' command");
  CHECK(db("SET k v PX 9223372036854775807") == "!ERR invalid expire time in 'set' command");
  CHECK(db("SETEX k 0 v") == "!ERR invalid expire time in 'setex' command");
  CHECK(db("PSETEX k 0 v") == "!ERR invalid expire time in 'psetex' command");
  CHECK(db("SET k v EX soon") == "!ERR value is not an integer or out of range");
  CHECK(db("EXISTS k") == "0");
  CHECK(db("SET k v PXAT 9223372036854775807") == "OK");
  CHECK(db("PEXPIRETIME k") == "9223372036854775807");
}

TEST_CASE("GETEX looks at its time only when there is such a key", "[strings]") {
  engine_fixture db;
  CHECK(db("GETEX k EX 0") == "nil");
  db("SET k v");
  CHECK(db("GETEX k EX 0") == "!ERR invalid expire time in 'getex' command");
  CHECK(db("GETEX k EX 100") == "v");
  CHECK(db("TTL k") == "100");
  CHECK(db("GETEX k") == "v");
  CHECK(db("TTL k") == "100");
  CHECK(db("GETEX k PERSIST") == "v");
  CHECK(db("TTL k") == "-1");
  CHECK(db("GETEX k PXAT 1") == "v");
  CHECK(db("EXISTS k") == "0");
}

TEST_CASE("GETDEL and GETSET reply what was there", "[strings]") {
  engine_fixture db;
  CHECK(db("GETSET k a") == "nil");
  CHECK(db("GETSET k b") == "a");
  CHECK(db("GETDEL k") == "b");
  CHECK(db("GETDEL k") == "nil");
}

TEST_CASE("MSETNX stores all or nothing", "[strings]") {
  engine_fixture db;
  CHECK(db("MSETNX a 1 b 2") == "1");
  CHECK(db("MSETNX c 3 b 4") == "0");
  CHECK(db("MGET a b c") == "[1 2 nil]");
  CHECK(db("MSET a 1 b") == "!ERR wrong number of arguments for 'mset' command");
  CHECK(db("MSETNX a 1 b") == "!ERR wrong number of arguments for 'msetnx' command");
}

TEST_CASE("String commands cause the events of Redis, in its order", "[strings][events]") {
  engine_fixture db;
  event_recorder events(db);
  CHECK(events.of("SET a 1") == "new a, set a");
  CHECK(events.of("SET a 1 EX 10") == "set a, expire a");
  CHECK(events.of("GETEX a PERSIST") == "persist a");
  CHECK(events.of("GETEX a PERSIST").empty());
  CHECK(events.of("GETEX a EX 5") == "expire a");
  CHECK(events.of("GETEX a PXAT 1") == "del a");
  CHECK(events.of("GET a") == "keymiss a");
  CHECK(events.of("SETNX a 1") == "new a, set a");
  CHECK(events.of("SETNX a 1").empty());
  CHECK(events.of("GETDEL a") == "del a");
  CHECK(events.of("MSET a 1 a 2") == "new a, set a, set a");
  CHECK(events.of("SETEX b 10 x") == "new b, set b, expire b");
  db.clock.advance_ms(10'000);
  CHECK(events.of("SET b y") == "expired b, new b, set b");
}

TEST_CASE("Each stored key is one change, and what changes nothing is none", "[strings]") {
  engine_fixture db;
  const auto changes_by = [&](std::string_view command) {
    const auto before = db.node.changes;
    db(command);
    return db.node.changes - before;
  };
  CHECK(changes_by("SET a 1 EX 10") == 1);
  CHECK(changes_by("MSET a 1 b 2 c 3") == 3);
  CHECK(changes_by("SETNX a 1") == 0);
  CHECK(changes_by("SET a 1 NX") == 0);
  CHECK(changes_by("GETEX a") == 0);
  CHECK(changes_by("GETEX a EX 10") == 1);
  CHECK(changes_by("APPEND a 1") == 1);
  CHECK(changes_by("INCR b") == 1);
  CHECK(changes_by("GETDEL b") == 1);
}

TEST_CASE("Reading strings counts hits and misses, writing does not", "[strings]") {
  engine_fixture db;
  const auto& stats = db.node.stats;
  db("SET a 1");
  db("SET b 1 NX");
  db("INCR a");
  db("APPEND c x");
  CHECK(stats.keyspace_hits + stats.keyspace_misses == 0);
  db("MGET a b none");
  CHECK(stats.keyspace_hits == 2);
  CHECK(stats.keyspace_misses == 1);
  db("GETSET a 2");
  db("SET a 3 GET");
  db("GETEX a");
  CHECK(stats.keyspace_hits == 5);
}
