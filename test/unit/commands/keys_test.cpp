#include "catch.hpp"
#include "engine_fixture.hpp"
#include "event_recorder.hpp"

#include <string>

using hawser::test::engine_fixture;
using hawser::test::event_recorder;

TEST_CASE("DEL, UNLINK, EXISTS and TOUCH count the keys they find", "[keys]") {
  engine_fixture db;
  db("MSET a 1 b 2 c 3");
  CHECK(db("EXISTS a a none") == "2");
  CHECK(db("TOUCH a b none") == "2");
  CHECK(db("DEL a a none") == "1");
  CHECK(db("UNLINK b c") == "2");
  CHECK(db("DBSIZE") == "0");
  CHECK(db("TYPE a") == "none");
}

TEST_CASE("A key past its deadline is gone for every command", "[keys]") {
  engine_fixture db;
  const std::string command = GENERATE("DEL k", "UNLINK k", "EXISTS k", "TOUCH k", "PERSIST k",
                                       "EXPIRE k 10", "COPY k c", "MOVE k 1", "STRLEN k");
  db("SET k v PX 10");
  db.clock.advance_ms(10);
  CHECK(db(command) == "0");
  CHECK(db("RENAME k other") == "!ERR no such key");
  CHECK(db("DBSIZE") == "0");
  CHECK(db.node.stats.expired_keys == 1);
}

TEST_CASE("RENAME takes value, deadline and access clock along", "[keys]") {
  engine_fixture db;
  db("SET a 1 EX 100");
  db("SET b 2");
  db.clock.advance_ms(50'000);
  CHECK(db("RENAME a b") == "OK");
  CHECK(db("MGET a b") == "[nil 1]");
  CHECK(db("TTL b") == "50");
  CHECK(db("RENAME b b") == "OK");
  CHECK(db("GET b") == "1");
  CHECK(db("RENAME none none") == "!ERR no such key");
}

TEST_CASE("RENAMENX replaces nothing", "[keys]") {
  engine_fixture db;
  db("MSET a 1 b 2");
  CHECK(db("RENAMENX a b") == "0");
  CHECK(db("RENAMENX a a") == "0");
  CHECK(db("RENAMENX a c") == "1");
  CHECK(db("MGET a b c") == "[nil 2 1]");
  db("SET d 4 PX 10");
  db.clock.advance_ms(10);
  CHECK(db("RENAMENX c d") == "1");
}

TEST_CASE("COPY copies the deadline and replaces only when told", "[keys]") {
  engine_fixture db;
  db("SET a 1 EX 100");
  db("SET b 2");
  CHECK(db("COPY a b") == "0");
  CHECK(db("GET b") == "2");
  CHECK(db("COPY a b REPLACE") == "1");
  CHECK(db("MGET a b") == "[1 1]");
  CHECK(db("TTL b") == "100");
  CHECK(db("COPY a a") == "!ERR source and destination objects are the same");
  CHECK(db("COPY a b DB 16") == "!ERR DB index is out of range");
  CHECK(db("COPY a b DB 1") == "1");
  CHECK(db("COPY a a DB 1") == "1");
  db.own_client().state().db = 1;
  CHECK(db("MGET a b") == "[1 1]");
}

TEST_CASE("A copy and its original change apart from each other", "[keys]") {
  engine_fixture db;
  const auto value = GENERATE(std::string("12"), std::string("text"), std::string(5000, 'x'));
  db("SET a " + value);
  db("COPY a b");
  db("APPEND a +");
  CHECK(db("GET a") == value + "+");
  CHECK(db("GET b") == value);
  db("SETRANGE b 0 -");
  CHECK(db("GET a") == value + "+");
}

TEST_CASE("MOVE takes a key to another database that does not have it", "[keys]") {
  engine_fixture db;
  db("SET a 1 EX 100");
  CHECK(db("MOVE a 1") == "1");
  CHECK(db("EXISTS a") == "0");
  db("SET a 2");
  CHECK(db("MOVE a 1") == "0");
  CHECK(db("MOVE none 1") == "0");
  CHECK(db("MOVE a 0") == "!ERR source and destination objects are the same");
  CHECK(db("MOVE a 16") == "!ERR DB index is out of range");
  db.own_client().state().db = 1;
  CHECK(db("GET a") == "1");
  CHECK(db("TTL a") == "100");
}

TEST_CASE("Key commands cause the events of Redis, in its order", "[keys][events]") {
  engine_fixture db;
  event_recorder events(db);
  db("SET a 1");
  events.heard();
  CHECK(events.of("RENAME a b") == "new b, rename_from a, rename_to b");
  CHECK(events.of("RENAME b b").empty());
  CHECK(events.of("COPY b c") == "new c, copy_to c");
  CHECK(events.of("MOVE c 1") == "new c, move_from c, move_to c");
  CHECK(events.of("EXPIRE b 10") == "expire b");
  CHECK(events.of("PERSIST b") == "persist b");
  CHECK(events.of("PERSIST b").empty());
  CHECK(events.of("EXPIRE b -1") == "del b");
  CHECK(events.of("TYPE b") == "keymiss b");
  CHECK(events.of("TTL b") == "keymiss b");
  CHECK(events.of("EXISTS b") == "keymiss b");
  CHECK(events.of("OBJECT ENCODING b").empty());
  db("MSET a 1 b 2");
  events.heard();
  CHECK(events.of("DEL a b none") == "del a, del b");
}

TEST_CASE("A command on two keys is one change, a flush one for each key", "[keys]") {
  // A save would begin to count anew.
  engine_fixture db({{"save", ""}});
  const auto changes_by = [&](std::string_view command) {
    const auto before = db.node.changes;
    db(command);
    return db.node.changes - before;
  };
  db("MSET a 1 b 2 c 3");
  CHECK(changes_by("RENAME a d") == 1);
  CHECK(changes_by("RENAME d d") == 0);
  CHECK(changes_by("COPY d e") == 1);
  CHECK(changes_by("MOVE e 1") == 1);
  CHECK(changes_by("SWAPDB 0 2") == 1);
  CHECK(changes_by("FLUSHDB") == 0);
  CHECK(changes_by("FLUSHALL") == 4);
}

TEST_CASE("SWAPDB exchanges what clients see", "[keys]") {
  engine_fixture db;
  auto other = db.connect();
  other.state().db = 1;
  db("SET a 0");
  CHECK(db("SWAPDB 0 1") == "OK");
  CHECK(db("GET a") == "nil");
  CHECK(other("GET a") == "0");
  CHECK(db("SWAPDB 0 16") == "!ERR DB index is out of range");
  CHECK(db("SWAPDB a 0") == "!ERR invalid first DB index");
  CHECK(db("SWAPDB 0 a") == "!ERR invalid second DB index");
}

TEST_CASE("A flush leaves freeing to the background when it is asked to", "[keys]") {
  const auto lazy_frees = [](engine_fixture& db) {
    const auto text = db("INFO memory");
    const auto from = text.find("lazyfree_pending");
    return text.substr(from, text.rfind("\\r\\n") - from);
  };
  engine_fixture db;
  for (const auto* flush : {"FLUSHALL", "FLUSHALL SYNC", "FLUSHDB SYNC"}) {
    db("SET a 1");
    db(flush);
    CHECK(db.run_background_work() == 0);
  }
  db("MSET a 1 b 2");
  db("FLUSHALL ASYNC");
  CHECK(db("DBSIZE") == "0");
  CHECK(lazy_frees(db) == "lazyfree_pending_objects:2\\r\\nlazyfreed_objects:0");
  CHECK(db.run_background_work() == 1);
  CHECK(lazy_frees(db) == "lazyfree_pending_objects:0\\r\\nlazyfreed_objects:2");
  db("FLUSHDB ASYNC");
  CHECK(db.run_background_work() == 0);
  db.set("lazyfree-lazy-user-flush", "yes");
  db("SET a 1");
  db("FLUSHDB");
  CHECK(db.run_background_work() == 1);
}

TEST_CASE("FLUSHDB empties one database, FLUSHALL all", "[keys]") {
  engine_fixture db;
  auto other = db.connect();
  other.state().db = 1;
  db("SET a 0 EX 100");
  other("SET b 1");
  CHECK(db("FLUSHDB SYNC") == "OK");
  CHECK(db("DBSIZE") == "0");
  CHECK(other("DBSIZE") == "1");
  db("SET a 0");
  CHECK(db("FLUSHALL what") == "!ERR syntax error");
  CHECK(db("FLUSHALL ASYNC SYNC") == "!ERR syntax error");
  CHECK(db("DBSIZE") == "1");
  CHECK(db("FLUSHALL ASYNC") == "OK");
  CHECK(db("DBSIZE") == "0");
  CHECK(other("DBSIZE") == "0");
}
