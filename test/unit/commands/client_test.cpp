#include "catch.hpp"
#include "engine_fixture.hpp"

#include <algorithm>
#include <deque>

using namespace hawser::test;

TEST_CASE("CLIENT LIST has one line for each connection", "[client]") {
  engine_fixture db;
  auto other = db.connect();
  other("CLIENT SETINFO LIB-NAME lib");
  other("CLIENT SETINFO LIB-VER 1.2");
  other("CLIENT SETNAME other");
  other("SUBSCRIBE news");
  db.clock.advance_ms(2500);
  CHECK(db("CLIENT LIST ID 2") ==
        "\"id=2 addr=127.0.0.1:10002 laddr=127.0.0.1:6379 fd=-1 name=other age=2 idle=2 flags=P "
        "db=0 sub=1 psub=0 ssub=0 multi=-1 watch=0 qbuf=0 qbuf-free=0 argv-mem=0 multi-mem=0 "
        "rbs=" +
            std::to_string(other.state().out.memory()) +
            " rbp=0 obl=0 oll=0 omem=0 tot-mem=" + std::to_string(other.state().memory()) +
            " events=r cmd=subscribe user=default redir=-1 resp=2 lib-name=lib lib-ver=1.2\\n\"");
}

TEST_CASE("CLIENT LIST chooses by type and number", "[client]") {
  engine_fixture db;
  auto listener = db.connect();
  listener("SSUBSCRIBE news");
  CHECK(db("CLIENT LIST TYPE pubsub").find("id=2 ") != std::string::npos);
  CHECK(db("CLIENT LIST TYPE pubsub").find("id=1 ") == std::string::npos);
  CHECK(db("CLIENT LIST TYPE normal").find("id=2 ") == std::string::npos);
  CHECK(db("CLIENT LIST TYPE replica") == "\"\"");
  CHECK(db("CLIENT LIST TYPE nosuch") == "!ERR Unknown client type 'nosuch'");
  CHECK(db("CLIENT LIST ID 7 8") == "\"\"");
  CHECK(db("CLIENT LIST ID 1 x") == "!ERR Invalid client ID");
  CHECK(db("CLIENT LIST ID") == "!ERR syntax error");
}

TEST_CASE("CLIENT INFO shows the state of the connection in letters", "[client]") {
  engine_fixture db;
  const auto flags = [&] {
    const auto line = db("CLIENT INFO");
    const auto at = line.find("flags=") + 6;
    return line.substr(at, line.find(' ', at) - at);
  };
  CHECK(flags() == "N");
  db("CLIENT NO-EVICT on");
  db("CLIENT NO-TOUCH on");
  CHECK(flags() == "eT");
  db("WATCH a");
  db("SET a 1");
  CHECK(flags() == "deT");
}

TEST_CASE("The last command is shown, none when nobody knows it", "[client]") {
  engine_fixture db;
  auto other = db.connect();
  other("MULTI");
  other("GET a");
  CHECK(db("CLIENT LIST ID 2").find(" cmd=get ") != std::string::npos);
  other("NOSUCH");
  CHECK(db("CLIENT LIST ID 2").find(" cmd=NULL ") != std::string::npos);
}

TEST_CASE("Names are printable and without spaces", "[client]") {
  engine_fixture db;
  CHECK(db("CLIENT GETNAME") == "nil");
  CHECK(db("CLIENT SETNAME fred") == "OK");
  CHECK(db("CLIENT SETNAME 'a b'") ==
        "!ERR Client names cannot contain spaces, newlines or special characters.");
  CHECK(db("CLIENT SETINFO lib-ver 'a b'") ==
        "!ERR lib-ver cannot contain spaces, newlines or special characters.");
  CHECK(db("CLIENT GETNAME") == "fred");
  CHECK(db("CLIENT SETNAME ''") == "OK");
  CHECK(db("CLIENT GETNAME") == "nil");
}

TEST_CASE("CLIENT KILL ends those whom every filter meets", "[client]") {
  engine_fixture db;
  auto normal = db.connect();
  auto listener = db.connect();
  listener("SUBSCRIBE news");
  CHECK(db("CLIENT KILL TYPE pubsub ID 2") == "0");
  CHECK(db("CLIENT KILL TYPE pubsub ADDR 127.0.0.1:10003 USER default") == "1");
  CHECK(listener.closed());
  CHECK_FALSE(normal.closed());
  CHECK(db("PUBLISH news x") == "0");
  CHECK(db("CLIENT LIST ID 3") == "\"\"");
  CHECK(db("CLIENT KILL LADDR 127.0.0.1:6379") == "1");
  CHECK(normal.closed());
  CHECK_FALSE(db.own_client().closed());
}

TEST_CASE("CLIENT KILL in its old form may end the one who asks", "[client]") {
  engine_fixture db;
  CHECK(db("CLIENT KILL 1.2.3.4:5") == "!ERR No such client");
  CHECK(db("CLIENT KILL 127.0.0.1:10001") == "OK");
  CHECK(db.own_client().closed());
}

TEST_CASE("CLIENT KILL MAXAGE ends connections that are old enough", "[client]") {
  engine_fixture db;
  auto old = db.connect();
  db.clock.advance_ms(10'000);
  db("PING");  // the engine sees the time
  auto young = db.connect();
  CHECK(db("CLIENT KILL MAXAGE 11") == "0");
  CHECK(db("CLIENT KILL MAXAGE 10") == "1");
  CHECK(old.closed());
  CHECK_FALSE(young.closed());
  CHECK(db("CLIENT KILL MAXAGE 0") == "!ERR maxage should be greater than 0");
}

TEST_CASE("A client that kills itself inside EXEC gets no further replies", "[client]") {
  engine_fixture db;
  db("MULTI");
  db("CLIENT KILL ID 1 SKIPME no");
  db("SET a 1");
  db.own_client().send("EXEC");
  CHECK(db.own_client().state().out.str() == "*2\r\n:1\r\n");
  auto other = db.connect();
  CHECK(other("GET a") == "1");
}

TEST_CASE("CLIENT PAUSE holds everybody back until UNPAUSE or its end", "[client][pause]") {
  engine_fixture db;
  auto other = db.connect();
  CHECK(db("CLIENT PAUSE 100 WRITE") == "OK");
  other.send("SET a 1");
  CHECK(other.postponed());
  CHECK(db("CLIENT LIST ID 2").find(" flags=b ") != std::string::npos);
  CHECK(db("GET a") == "nil");
  CHECK(db("CLIENT UNPAUSE") == "OK");
  CHECK(other.reply() == "OK");

  db("CLIENT PAUSE 100 ALL");
  other.send("GET a");
  CHECK(other.postponed());
  db.advance_ms(99);
  CHECK(other.postponed());
  db.advance_ms(1);
  CHECK(other.reply() == "1");

  db("CLIENT PAUSE 100 WRITE");
  db.advance_ms(50);
  db("CLIENT PAUSE 100 ALL");
  other.send("GET a");
  db.advance_ms(99);
  CHECK(other.postponed());
  db.advance_ms(1);
  CHECK(other.reply() == "1");
}

TEST_CASE("A pause of writes holds back what others hear or store", "[client][pause]") {
  engine_fixture db;
  auto publisher = db.connect();
  auto transaction = db.connect();
  auto reader = db.connect();
  for (const auto line : {"MULTI", "GET a", "SET a 1"}) transaction(line);
  for (const auto line : {"MULTI", "GET a"}) reader(line);
  db("CLIENT PAUSE 100 WRITE");
  publisher.send("PUBLISH news x");
  transaction.send("EXEC");
  CHECK(publisher.postponed());
  CHECK(transaction.postponed());
  CHECK(reader("EXEC") == "[nil]");
  db("CLIENT UNPAUSE");
  CHECK(publisher.reply() == "0");
  CHECK(transaction.reply() == "[nil OK]");
}

TEST_CASE("CLIENT PAUSE checks its mode before its time", "[client][pause]") {
  engine_fixture db;
  CHECK(db("CLIENT PAUSE x maybe") == "!ERR CLIENT PAUSE mode must be WRITE or ALL");
  CHECK(db("CLIENT PAUSE x") == "!ERR timeout is not an integer or out of range");
  CHECK(db("CLIENT PAUSE -1") == "!ERR timeout is negative");
  CHECK(db("CLIENT PAUSE 9223372036854775807") == "!ERR timeout is out of range");
  CHECK(db("CLIENT PAUSE 1 WRITE x") ==
        "!ERR unknown subcommand or wrong number of arguments for 'PAUSE'. Try CLIENT HELP.");
  CHECK(db("PING") == "PONG");
}

TEST_CASE("CLIENT REPLY holds replies back but not messages", "[client]") {
  engine_fixture db;
  auto& own = db.own_client();
  own.send("CLIENT REPLY SKIP");
  own.send("PING");
  CHECK_FALSE(own.has_reply());
  CHECK(db("PING") == "PONG");
  own.send("CLIENT REPLY SKIP");
  CHECK(db("CLIENT REPLY ON") == "OK");
  db("HELLO 3");
  own.send("CLIENT REPLY OFF");
  own.send("NOSUCH");
  CHECK_FALSE(own.has_reply());
  CHECK(db("SUBSCRIBE news") == ">[subscribe news 1]");
  CHECK(db("PUBLISH news x") == ">[message news x]");
  CHECK_FALSE(own.has_reply());
  CHECK(db("CLIENT REPLY ON") == "OK");
  CHECK(db("CLIENT REPLY maybe") == "!ERR syntax error");
}

TEST_CASE("CLIENT REPLY inside EXEC takes effect within its reply", "[client]") {
  engine_fixture db;
  auto& own = db.own_client();
  for (const auto line : {"MULTI", "PING", "CLIENT REPLY OFF", "PING"}) db(line);
  own.send("EXEC");
  CHECK(own.state().out.str() == "*3\r\n+PONG\r\n");
  own.state().out.clear();
  for (const auto line : {"MULTI", "PING", "CLIENT REPLY ON", "PING"}) own.send(line);
  CHECK(db("EXEC") == "OK");
  CHECK(own.reply() == "PONG");
  CHECK_FALSE(own.has_reply());
}

TEST_CASE("CLIENT UNBLOCK finds nobody who is blocked", "[client]") {
  engine_fixture db;
  CHECK(db("CLIENT UNBLOCK 1") == "0");
  CHECK(db("CLIENT UNBLOCK x maybe") == "!ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR");
  CHECK(db("CLIENT UNBLOCK x error") == "!ERR value is not an integer or out of range");
}

TEST_CASE("HELP of a container begins with its name", "[client]") {
  engine_fixture db;
  CHECK(db("CLIENT HELP").find("CLIENT <subcommand>") != std::string::npos);
  CHECK(db("PUBSUB HELP").find("PUBSUB <subcommand>") != std::string::npos);
}

TEST_CASE("However many clients there are, the idle ones are closed within a second", "[client]") {
  engine_fixture db{{"timeout", "10"}};
  std::deque<hawser::test::engine_client> others;
  for (int i = 0; i < 1'500; ++i) db.connect_to(others);
  const auto closed = [&] {
    return std::count_if(others.begin(), others.end(), [](auto& each) { return each.closed(); });
  };
  db.advance_ms(10'000);
  db.node.tick();
  CHECK(closed() == 0);
  db.advance_ms(1);
  for (int tick = 0; tick < 11; ++tick) db.node.tick();
  CHECK(closed() == 1'500);
}
