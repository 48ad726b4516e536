#include "catch.hpp"
#include "engine_fixture.hpp"

using namespace hawser::test;

TEST_CASE("PING answers, or says what it was given", "[connection]") {
  engine_fixture db;
  CHECK(db("PING") == "PONG");
  CHECK(db("PING hello") == "hello");
  CHECK(db("PING a b") == "!ERR wrong number of arguments for 'ping' command");
}

TEST_CASE("A PING with too many words is refused by EXEC, not when it is queued", "[connection]") {
  engine_fixture db;
  db("MULTI");
  CHECK(db("PING a b") == "QUEUED");
  CHECK(db("EXEC") == "[!ERR wrong number of arguments for 'ping' command]");
}

TEST_CASE("SELECT takes the number of a database that exists", "[connection]") {
  engine_fixture db;
  CHECK(db("SELECT 15") == "OK");
  CHECK(db.own_client().state().db == 15);
  CHECK(db("SELECT 16") == "!ERR DB index is out of range");
  CHECK(db("SELECT -1") == "!ERR DB index is out of range");
  CHECK(db("SELECT x") == "!ERR value is not an integer or out of range");
  CHECK(db.own_client().state().db == 15);
}

TEST_CASE("QUIT is served without a password and within MULTI", "[connection]") {
  engine_fixture db{{{"requirepass", "secret"}}};
  auto stranger = db.connect();
  CHECK(stranger("QUIT now") == "OK");
  CHECK(stranger.closed());
  db("AUTH secret");
  db("MULTI");
  CHECK(db("QUIT") == "OK");
  CHECK(db.own_client().closed());
}

TEST_CASE("QUIT ends a connection that gets no replies", "[connection]") {
  engine_fixture db;
  db.own_client().send("CLIENT REPLY OFF");
  db.own_client().send("QUIT");
  CHECK_FALSE(db.own_client().has_reply());
  CHECK(db.own_client().closed());
}

TEST_CASE("A web browser is sent away before it executes anything", "[connection]") {
  engine_fixture db;
  for (const auto line : {"POST / HTTP/1.1", "host: example.com"}) {
    auto browser = db.connect();
    browser.send(line);
    CHECK(browser.closed());
    CHECK_FALSE(browser.has_reply());
  }
  CHECK(db.log_lines().size() == 2);
}

TEST_CASE("QUIT does not wait for the end of a pause", "[connection]") {
  engine_fixture db;
  auto other = db.connect();
  db("CLIENT PAUSE 1000");
  CHECK(other("QUIT") == "OK");
}

TEST_CASE("Without the password nothing but logging in is allowed", "[connection][auth]") {
  engine_fixture db{{{"requirepass", "secret"}}};
  CHECK(db("GET a") == "!NOAUTH Authentication required.");
  CHECK(db("AUTH wrong") == "!WRONGPASS invalid username-password pair or user is disabled.");
  CHECK(db("AUTH secretsecret") ==
        "!WRONGPASS invalid username-password pair or user is disabled.");
  CHECK(db("AUTH \"\"") == "!WRONGPASS invalid username-password pair or user is disabled.");
  CHECK(db("AUTH nobody secret") ==
        "!WRONGPASS invalid username-password pair or user is disabled.");
  CHECK(db.node.stats.denied[3] == 4);
  CHECK(db("AUTH secret") == "OK");
  CHECK(db("GET a") == "nil");
}

TEST_CASE("AUTH with a password alone needs one to be configured", "[connection][auth]") {
  engine_fixture db;
  CHECK(db("AUTH x") ==
        "!ERR AUTH <password> called without any password configured for the default user. Are you "
        "sure your configuration is correct?");
  CHECK(db("AUTH default x") == "OK");
  CHECK(db("AUTH a b c") == "!ERR syntax error");
}

TEST_CASE("A client that came before the password was taken away may go on", "[connection][auth]") {
  engine_fixture db{{{"requirepass", "secret"}}};
  CHECK(db("PING") == "!NOAUTH Authentication required.");
  db.set("requirepass", "");
  CHECK(db("PING") == "PONG");
}

TEST_CASE("HELLO switches the protocol and describes the server", "[connection]") {
  engine_fixture db;
  CHECK(db("HELLO 3") ==
        "{server: redis, version: 7.4.0, proto: 3, id: 1, mode: standalone, role: master, "
        "modules: []}");
  CHECK(db.own_client().state().resp3());
  CHECK(db("HELLO 2 SETNAME me") ==
        "[server redis version 7.4.0 proto 2 id 1 mode standalone role master modules []]");
  CHECK(db("CLIENT GETNAME") == "me");
}

TEST_CASE("HELLO refuses what it does not know and stays with the old protocol", "[connection]") {
  engine_fixture db;
  CHECK(db("HELLO 4") == "!NOPROTO unsupported protocol version");
  CHECK(db("HELLO x") == "!ERR Protocol version is not an integer or out of range");
  CHECK(db("HELLO 3 AUTH default") == "!ERR Syntax error in HELLO option 'AUTH'");
  CHECK(db("HELLO 3 SETNAME first AUTH nobody x") ==
        "!WRONGPASS invalid username-password pair or user is disabled.");
  CHECK(db("CLIENT GETNAME") == "first");
  CHECK_FALSE(db.own_client().state().resp3());
}

TEST_CASE("RESET makes a connection what it was at first", "[connection]") {
  engine_fixture db{{{"requirepass", "secret"}}};
  auto& who = db.own_client().state();
  db("HELLO 3 AUTH default secret SETNAME me");
  db("SELECT 2");
  db("WATCH a");
  db("SUBSCRIBE news");
  db("MULTI");
  CHECK(db("RESET") == "RESET");
  CHECK_FALSE(who.authenticated);
  CHECK_FALSE(who.resp3());
  CHECK_FALSE(who.subscribed());
  CHECK_FALSE(who.transaction.active());
  CHECK(who.watched.empty());
  CHECK(who.name.empty());
  CHECK(who.db == 0);
  CHECK(db("GET a") == "!NOAUTH Authentication required.");
}

TEST_CASE("What MONITOR and the slow log see of passwords is hidden", "[connection][auth]") {
  engine_fixture db{{{"slowlog-log-slower-than", "0"}}};
  db("AUTH default hunter2");
  db("HELLO 2 SETNAME me AUTH default hunter2");
  const auto& records = db.node.command_logs[hawser::engine::logged_cost::time].records();
  REQUIRE(records.size() == 2);
  CHECK(records[1].words == std::vector<std::string>{"AUTH", "(redacted)", "(redacted)"});
  CHECK(records[0].words == std::vector<std::string>{"HELLO", "2", "SETNAME", "me", "AUTH",
                                                     "(redacted)", "(redacted)"});
}
