#include "catch.hpp"
#include "engine_fixture.hpp"

using namespace hawser::test;

TEST_CASE("XREAD waits for what comes behind the last entry", "[streams][blocking]") {
  engine_fixture db;
  auto reader = db.connect();
  db("XADD s 1-0 a 1");
  reader.send("XREAD BLOCK 0 STREAMS none s $ $");
  CHECK(reader.blocked());
  db("XDEL s 1-0");
  CHECK(reader.blocked());
  db("XADD s 2-0 a 2");
  CHECK(reader.reply() == "[[s [[2-0 [a 2]]]]]");
  CHECK(db.node.waits.empty());
}

TEST_CASE("An entry of a group goes to the consumer that has waited longest", "[streams]") {
  engine_fixture db;
  auto first = db.connect(), second = db.connect();
  db("XGROUP CREATE s g $ MKSTREAM");
  first.send("XREADGROUP GROUP g one BLOCK 0 STREAMS s >");
  second.send("XREADGROUP GROUP g two BLOCK 0 STREAMS s >");
  db("XADD s 1-0 a 1");
  CHECK(first.reply() == "[[s [[1-0 [a 1]]]]]");
  CHECK(second.blocked());
  db("XADD s 2-0 a 2");
  CHECK(second.reply() == "[[s [[2-0 [a 2]]]]]");
  CHECK(db("XPENDING s g") == "[2 1-0 2-0 [[one 1] [two 1]]]");
}

TEST_CASE("Who waits with a group is told when group or stream are gone", "[streams]") {
  engine_fixture db;
  auto reader = db.connect(), other = db.connect();
  const auto wait = [&] {
    db("DEL s");
    db("XGROUP CREATE s g $ MKSTREAM");
    reader.send("XREADGROUP GROUP g one BLOCK 0 STREAMS s >");
    CHECK(reader.blocked());
  };
  const std::string gone = "!UNBLOCKED the stream key no longer exists";
  for (const auto* end : {"DEL s", "SET s x", "RENAME s t", "FLUSHALL", "SWAPDB 0 1"}) {
    wait();
    db(end);
    CHECK(reader.reply() == gone);
  }
  wait();
  other.send("XREAD BLOCK 0 STREAMS s $");
  db("XGROUP DESTROY s g");
  CHECK(reader.reply() ==
        "!NOGROUP the consumer group this client was blocked on no longer exists");
  CHECK(other.blocked());
}

TEST_CASE("A wait for a stream ends by time and by CLIENT UNBLOCK", "[streams][blocking]") {
  engine_fixture db;
  auto reader = db.connect();
  const auto id = std::to_string(reader.state().id);
  reader.send("XREAD BLOCK 100 STREAMS s $");
  db.advance_ms(99);
  CHECK(reader.blocked());
  db.advance_ms(1);
  CHECK(reader.reply() == "nil[]");
  reader.send("XREAD BLOCK 0 STREAMS s $");
  CHECK(db("CLIENT UNBLOCK " + id + " ERROR") == "1");
  CHECK(reader.reply() == "!UNBLOCKED client unblocked via CLIENT UNBLOCK");
}

TEST_CASE("XREADGROUP CLAIM takes over what has been pending for long, then new entries",
          "[streams]") {
  engine_fixture db;
  for (const auto* id : {"1-0", "2-0", "3-0"}) db(std::string("XADD s ") + id + " f v");
  db("XGROUP CREATE s g 0");
  db("XREADGROUP GROUP g one COUNT 1 STREAMS s >");
  db.advance_ms(500);
  CHECK(db("XREADGROUP GROUP g two COUNT 2 CLAIM 501 STREAMS s 0") == "[[s []]]");
  CHECK(db("XREADGROUP GROUP g two COUNT 2 CLAIM 500 STREAMS s >") ==
        "[[s [[1-0 [f v] 500 1] [2-0 [f v] 0 0]]]]");
  CHECK(db("XPENDING s g - + 9") == "[[1-0 two 0 2] [2-0 two 0 1]]");
}

TEST_CASE("Who waits with CLAIM is served when an entry has been pending long enough",
          "[streams]") {
  engine_fixture db;
  db("XADD s 1-0 f v");
  db("XGROUP CREATE s g 0");
  auto claimer = db.connect(), second = db.connect();
  const std::string claim = "XREADGROUP GROUP g two BLOCK 0 CLAIM 500 STREAMS s >";
  db("XREADGROUP GROUP g one STREAMS s >");
  db.advance_ms(100);
  claimer.send(claim);
  second.send("XREADGROUP GROUP g three BLOCK 1000 CLAIM 900 STREAMS s >");
  db.advance_ms(399);
  CHECK(claimer.blocked());
  db.advance_ms(1);
  CHECK(claimer.reply() == "[[s [[1-0 [f v] 500 1]]]]");
  CHECK(second.blocked());
  db.advance_ms(599);
  CHECK(second.blocked());
  db.advance_ms(1);
  CHECK(second.reply() == "nil[]");

  db("XACK s g 1-0");
  claimer.send(claim);
  CHECK(!db.alarm_ms().has_value());
  db("XADD s 2-0 f v");
  CHECK(claimer.reply() == "[[s [[2-0 [f v] 0 0]]]]");
  db("XACK s g 2-0");
  second.send("XREADGROUP GROUP g one BLOCK 0 STREAMS s >");
  claimer.send(claim);
  db("XADD s 3-0 f v");
  CHECK(second.reply() == "[[s [[3-0 [f v]]]]]");
  CHECK(claimer.blocked());
  db.advance_ms(500);
  CHECK(claimer.reply() == "[[s [[3-0 [f v] 500 1]]]]");
}
