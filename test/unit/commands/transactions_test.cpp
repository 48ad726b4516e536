#include "catch.hpp"
#include "engine_fixture.hpp"

using namespace hawser::test;

namespace {

constexpr auto aborted = "!EXECABORT Transaction discarded because of previous errors.";

}  // namespace

TEST_CASE("EXEC replies to what MULTI queued", "[transactions]") {
  engine_fixture db;
  CHECK(db("MULTI") == "OK");
  CHECK(db("SET a 1") == "QUEUED");
  CHECK(db("INCR a") == "QUEUED");
  CHECK(db("EXEC") == "[OK 2]");
  CHECK(db("EXEC") == "!ERR EXEC without MULTI");
  CHECK(db("DISCARD") == "!ERR DISCARD without MULTI");
}

TEST_CASE("A command that is refused while it is queued spoils the transaction", "[transactions]") {
  engine_fixture db;
  for (const auto faulty : {"NOSUCH", "GET", "CLIENT NOSUCH", "MULTI x"}) {
    INFO(faulty);
    db("MULTI");
    db("SET a 1");
    db(faulty);
    CHECK(db("EXEC") == aborted);
    CHECK(db("GET a") == "nil");
  }
}

TEST_CASE("MULTI and WATCH inside a transaction are refused and spoil nothing", "[transactions]") {
  engine_fixture db;
  db("MULTI");
  CHECK(db("MULTI") == "!ERR MULTI calls can not be nested");
  CHECK(db("WATCH a") == "!ERR WATCH inside MULTI is not allowed");
  CHECK(db("EXEC") == "[]");
}

TEST_CASE("An EXEC that is refused itself ends the transaction", "[transactions]") {
  engine_fixture db;
  db("MULTI");
  CHECK(db("EXEC x") ==
        "!EXECABORT Transaction discarded because of: wrong number of arguments for 'exec' "
        "command");
  CHECK(db("DISCARD") == "!ERR DISCARD without MULTI");
  db.set("requirepass", "secret");
  auto stranger = db.connect();
  CHECK(stranger("EXEC") ==
        "!EXECABORT Transaction discarded because of: NOAUTH Authentication required.");
}

TEST_CASE("An error while EXEC runs does not stop the commands after it", "[transactions]") {
  engine_fixture db;
  db("SET a text");
  for (const auto line : {"MULTI", "INCR a", "SET b 1"}) db(line);
  CHECK(db("EXEC") == "[!ERR value is not an integer or out of range OK]");
}

TEST_CASE("EXEC counts and logs each command on its own, and itself last", "[transactions]") {
  engine_fixture db{{{"slowlog-log-slower-than", "0"}}};
  for (const auto line : {"MULTI", "SET a 1", "GET a"}) db(line);
  const auto before = db.node.stats.commands_processed;
  db("EXEC");
  CHECK(db.node.stats.commands_processed == before + 3);
  const auto& newest = db.node.command_logs[hawser::engine::logged_cost::time].records();
  REQUIRE(newest.size() == 3);
  CHECK(newest[0].words.front() == "GET");
  CHECK(newest[1].words.front() == "SET");
}

TEST_CASE("A watched key that changes keeps EXEC from running", "[transactions][watch]") {
  engine_fixture db;
  auto other = db.connect();
  db("WATCH a b");
  other("SET b 1");
  db("MULTI");
  db("SET a 2");
  CHECK(db("EXEC") == "nil[]");
  CHECK(db("GET a") == "nil");
  db("MULTI");
  CHECK(db("EXEC") == "[]");
}

TEST_CASE("UNWATCH forgets changes; a queued one comes too late", "[transactions][watch]") {
  engine_fixture db;
  db("WATCH a");
  db("SET a 1");
  db("UNWATCH");
  db("MULTI");
  CHECK(db("EXEC") == "[]");
  db("WATCH a");
  db("SET a 1");
  db("MULTI");
  CHECK(db("UNWATCH") == "QUEUED");
  CHECK(db("EXEC") == "nil[]");
}

TEST_CASE("The changes of EXEC do not count against its own client", "[transactions][watch]") {
  engine_fixture db;
  for (const auto line : {"WATCH a", "MULTI", "SET a 1"}) db(line);
  CHECK(db("EXEC") == "[OK]");
  for (const auto line : {"MULTI", "GET a"}) db(line);
  CHECK(db("EXEC") == "[1]");
}

namespace {

/// A key `a` in a database of its own, which lives for 10 ms.
struct expiring_fixture : engine_fixture {
  expiring_fixture() {
    (*this)("SET a 1");
    node.database(0).set_deadline("a", clock.ms() + 10);
  }
  void wait() {
    clock.advance_ms(20);
    node.update_time();
  }
};

}  // namespace

TEST_CASE("A watched key that expires has changed, removed or not", "[transactions][watch]") {
  expiring_fixture db;
  db("WATCH a");
  db.wait();
  const bool removed = GENERATE(false, true);
  if (removed) db("GET a");
  db("MULTI");
  CHECK(db("EXEC") == "nil[]");
}

TEST_CASE("A key watched after its deadline is missing already", "[transactions][watch]") {
  expiring_fixture db;
  db.wait();
  db("WATCH a");
  SECTION("so that its removal is no change") {
    db("GET a");
    db("MULTI");
    CHECK(db("EXEC") == "[]");
  }
  SECTION("so that staying there is none either") {
    db("MULTI");
    CHECK(db("EXEC") == "[]");
  }
  SECTION("so that a flush is none either") {
    db.node.flush_all();
    db("MULTI");
    CHECK(db("EXEC") == "[]");
  }
  SECTION("but setting it is one") {
    db("SET a 2");
    db("MULTI");
    CHECK(db("EXEC") == "nil[]");
  }
}

TEST_CASE("A flush changes the watched keys that exist", "[transactions][watch]") {
  engine_fixture db;
  auto other = db.connect();
  db("SET a 1");
  db("WATCH a");
  other("WATCH missing");
  db.node.flush_all();
  db("MULTI");
  other("MULTI");
  CHECK(db("EXEC") == "nil[]");
  CHECK(other("EXEC") == "[]");
}

TEST_CASE("Swapping databases changes the watched keys that either holds",
          "[transactions][watch]") {
  engine_fixture db;
  auto both = db.connect(), here = db.connect(), there = db.connect(), neither = db.connect();
  db("SET both 1");
  db("SET here 1");
  db("SELECT 1");
  db("SET both 1");
  db("SET there 1");
  both("WATCH both");
  here("WATCH here");
  there("WATCH there");
  neither("WATCH neither");
  db.node.swap_databases(0, 1);
  for (auto* each : {&both, &here, &there, &neither}) (*each)("MULTI");
  CHECK(both("EXEC") == "nil[]");
  CHECK(here("EXEC") == "nil[]");
  CHECK(there("EXEC") == "nil[]");
  CHECK(neither("EXEC") == "[]");
}

TEST_CASE("Swapping in a key past its deadline where there was none is no change",
          "[transactions][watch]") {
  expiring_fixture db;
  db("SELECT 1");
  db("WATCH a");
  db.wait();
  db.node.swap_databases(0, 1);
  db("GET a");
  db("MULTI");
  CHECK(db("EXEC") == "[]");
}

TEST_CASE("The protocol may change within EXEC", "[transactions]") {
  engine_fixture db;
  for (const auto line : {"MULTI", "GET a", "HELLO 3", "GET a"}) db(line);
  db.own_client().send("EXEC");
  const auto bytes = db.own_client().state().out.str();
  CHECK(bytes.starts_with("*3\r\n$-1\r\n%7\r\n"));
  CHECK(bytes.ends_with("_\r\n"));
}

TEST_CASE("UNDO takes the newest commands back", "[transactions][undo]") {
  engine_fixture db;
  db("MULTI");
  db("SET a 1");
  db("SET b 'two words'");
  db("incr c");
  CHECK(db("UNDO") == "[\"Removed 1 commands:\" \"incr c\" \"2 commands remaining in queue\"]");
  db("GET a");
  CHECK(
      db("UNDO 2") ==
      "[\"Removed 2 commands:\" \"SET b two words\" \"GET a\" \"1 commands remaining in queue\"]");
  CHECK(db("EXEC") == "[OK]");
}

TEST_CASE("UNDO with nothing queued removes nothing", "[transactions][undo]") {
  engine_fixture db;
  db("MULTI");
  CHECK(db("UNDO") == "[]");
  CHECK(db("UNDO 3") == "[]");
  CHECK(db("EXEC") == "[]");
}

TEST_CASE("UNDO says why it cannot, and leaves the queue as it is", "[transactions][undo]") {
  engine_fixture db;
  CHECK(db("UNDO") == "!ERR UNDO without MULTI");
  db("MULTI");
  db("SET a 1");
  for (const auto count : {"0", "-1", "x", "1.5", "99999999999999999999"})
    CHECK(db(std::string("UNDO ") + count) == "!ERR invalid undo count");
  CHECK(db("UNDO 2") == "!ERR cannot undo 2 commands, only 1 queued");
  CHECK(db("EXEC") == "[OK]");
  CHECK(db("UNDO 1 2") == "!ERR wrong number of arguments for 'undo' command");
}

TEST_CASE("UNDO does not mend a spoiled transaction", "[transactions][undo]") {
  engine_fixture db;
  db("MULTI");
  db("SET a 1");
  db("NOSUCH");
  db("UNDO");
  CHECK(db("EXEC") == aborted);
}
