#include "catch.hpp"
#include "engine_fixture.hpp"

using namespace hawser::test;

TEST_CASE("PUBLISH reaches subscribers and counts them", "[pubsub]") {
  engine_fixture db;
  auto first = db.connect(), second = db.connect();
  CHECK(first("SUBSCRIBE news") == "[subscribe news 1]");
  CHECK(second("PSUBSCRIBE n* x") == "[psubscribe n* 1]");
  CHECK(second.reply() == "[psubscribe x 2]");
  CHECK(db("PUBLISH news hello") == "2");
  CHECK(first.reply() == "[message news hello]");
  CHECK(second.reply() == "[pmessage n* news hello]");
  CHECK(db("PUBLISH other hello") == "0");
  CHECK_FALSE(first.has_reply());
}

TEST_CASE("Shard channels are a world of their own", "[pubsub]") {
  engine_fixture db;
  auto listener = db.connect();
  CHECK(listener("SUBSCRIBE a") == "[subscribe a 1]");
  CHECK(listener("SSUBSCRIBE s") == "[ssubscribe s 1]");
  CHECK(db("PUBLISH s x") == "0");
  CHECK(db("SPUBLISH a x") == "0");
  CHECK(db("SPUBLISH s x") == "1");
  CHECK(listener.reply() == "[smessage s x]");
  CHECK(db("PUBSUB CHANNELS") == "[a]");
  CHECK(db("PUBSUB SHARDCHANNELS") == "[s]");
}

TEST_CASE("Giving up nothing is confirmed too", "[pubsub]") {
  engine_fixture db;
  CHECK(db("UNSUBSCRIBE") == "[unsubscribe nil 0]");
  CHECK(db("PUNSUBSCRIBE x") == "[punsubscribe x 0]");
  CHECK(db("SUNSUBSCRIBE") == "[sunsubscribe nil 0]");
}

TEST_CASE("Without names everything of a kind is given up", "[pubsub]") {
  engine_fixture db;
  db("SUBSCRIBE a");
  db("PSUBSCRIBE a");
  db("SUBSCRIBE b");
  auto& own = db.own_client();
  own.send("UNSUBSCRIBE");
  own.reply();
  CHECK(own.reply().ends_with(" 1]"));
  CHECK_FALSE(own.has_reply());
  CHECK(db("GET a") ==
        "!ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET "
        "are allowed in this context");
  CHECK(db("PUNSUBSCRIBE") == "[punsubscribe a 0]");
  CHECK(db("GET a") == "nil");
}

TEST_CASE("Under RESP3 subscribers go on with other commands and messages are pushed", "[pubsub]") {
  engine_fixture db;
  db("HELLO 3");
  CHECK(db("SUBSCRIBE a") == ">[subscribe a 1]");
  CHECK(db("PUBLISH a own") == ">[message a own]");
  CHECK(db.own_client().reply() == "1");
  CHECK(db("PING") == "PONG");
}

TEST_CASE("A RESP2 subscriber's PING has the form of a message", "[pubsub]") {
  engine_fixture db;
  db("SUBSCRIBE a");
  CHECK(db("PING") == "[pong \"\"]");
  CHECK(db("PING hi") == "[pong hi]");
}

TEST_CASE("PUBSUB tells who listens to what", "[pubsub]") {
  engine_fixture db;
  auto first = db.connect(), second = db.connect();
  first("SUBSCRIBE a");
  first("PSUBSCRIBE p*");
  second("SUBSCRIBE a");
  second("PSUBSCRIBE p*");
  CHECK(db("PUBSUB NUMSUB a nobody") == "[a 2 nobody 0]");
  CHECK(db("PUBSUB NUMPAT") == "1");
  CHECK(db("PUBSUB CHANNELS a*") == "[a]");
  CHECK(db("PUBSUB CHANNELS \"\"") == "[]");
  CHECK(db("PUBSUB CHANNELS a b") ==
        "!ERR unknown subcommand or wrong number of arguments for 'CHANNELS'. Try PUBSUB HELP.");
}

TEST_CASE("Subscribing may be queued, and the rest of EXEC still runs", "[pubsub]") {
  engine_fixture db;
  for (const auto line : {"MULTI", "SUBSCRIBE a", "PUBLISH a x", "GET k"}) db(line);
  auto& own = db.own_client();
  own.send("EXEC");
  CHECK(own.state().out.str().starts_with("*3\r\n*3\r\n$9\r\nsubscribe\r\n"));
  CHECK(own.state().out.str().ends_with(":1\r\n$-1\r\n"));
}

TEST_CASE("Keyspace events are published as configured", "[pubsub][notify]") {
  engine_fixture db{{{"notify-keyspace-events", "KEA"}}};
  auto listener = db.connect();
  listener("PSUBSCRIBE __key*");
  db("SELECT 3");
  db("SET a 1");
  CHECK(listener.reply() == "[pmessage __key* __keyspace@3__:a set]");
  CHECK(listener.reply() == "[pmessage __key* __keyevent@3__:set a]");
  db("GET missing");
  CHECK_FALSE(listener.has_reply());
  db.set("notify-keyspace-events", "Em");
  db("GET missing");
  CHECK(listener.reply() == "[pmessage __key* __keyevent@3__:keymiss missing]");
}
