#include "catch.hpp"
#include "engine_fixture.hpp"

using hawser::test::engine_fixture;

TEST_CASE("TIME, LASTSAVE, ROLE and WAIT speak of a server that stands alone", "[server]") {
  engine_fixture db;
  CHECK(db("TIME") == "[1700000000 0]");
  CHECK(db("LASTSAVE") == "1700000000");
  db.clock.advance_ms(1'500);
  CHECK(db("TIME") == "[1700000001 500000]");
  CHECK(db("LASTSAVE") == "1700000000");
  CHECK(db("ROLE") == "[master 0 []]");
  auto waiting = db.connect();
  waiting.send("WAIT 1 10");
  CHECK(waiting.blocked());
  db.advance_ms(11);
  CHECK(waiting.reply() == "0");
  CHECK(db("WAIT x 10") == "!ERR value is not an integer or out of range");
  CHECK(db("WAIT 0 x") == "!ERR timeout is not an integer or out of range");
  CHECK(db("WAIT 0 -1") == "!ERR timeout is negative");
}

TEST_CASE("SHUTDOWN asks the process to end and replies nothing", "[server]") {
  engine_fixture db;
  for (const auto* bad : {"x", "SAVE NOSAVE", "ABORT NOW", "ABORT SAVE", "NOSAVE ABORT"})
    CHECK(db("SHUTDOWN " + std::string(bad)) == "!ERR syntax error");
  CHECK(db("SHUTDOWN ABORT") == "!ERR No shutdown in progress.");
  CHECK_FALSE(db.asked_to_shut_down());
  db.own_client().send("SHUTDOWN nosave NOW force");
  CHECK(db.asked_to_shut_down());
  CHECK_FALSE(db.own_client().has_reply());
}

TEST_CASE("MONITOR shows commands with time, database, address and words", "[server]") {
  engine_fixture db;
  auto monitor = db.connect();
  CHECK(monitor("MONITOR") == "OK");
  db("SELECT 3");
  db("SET a \"b c\"");
  const auto from = " [3 " + db.own_client().state().address + "] ";
  CHECK(monitor.raw_reply() == "+1700000000.000000" + from + "\"SELECT\" \"3\"\r\n");
  CHECK(monitor.raw_reply() == "+1700000000.000000" + from + "\"SET\" \"a\" \"b c\"\r\n");
  db("CONFIG GET x");
  CHECK_FALSE(monitor.has_reply());
}

TEST_CASE("A monitor may not use the data and does not begin twice", "[server]") {
  engine_fixture db;
  auto monitor = db.connect();
  monitor("MONITOR");
  monitor.send("MONITOR");
  CHECK_FALSE(monitor.has_reply());
  CHECK(monitor("GET a") == "!ERR Replica can't interact with the keyspace");
  CHECK(monitor("PUBLISH a b") == "!ERR Replica can't interact with the keyspace");
  monitor.send("PING");
  CHECK(monitor.reply() == "PONG");
  CHECK(monitor.reply().ends_with("\\\"PING\\\"\""));
  monitor.send("QUIT");
  CHECK(monitor.reply() == "OK");
  CHECK_FALSE(monitor.has_reply());
}

TEST_CASE("MONITOR in a transaction is refused", "[server]") {
  engine_fixture db;
  db("MULTI");
  db("MONITOR");
  CHECK(db("EXEC") == "[!ERR MONITOR isn't allowed for DENY BLOCKING client]");
  CHECK(db.node.monitors.empty());
}

TEST_CASE("The monitor's line of a client on a Unix socket names the socket", "[server]") {
  engine_fixture db;
  db.node.config.change([](auto& all) { all.unixsocket = "/tmp/s"; });
  auto monitor = db.connect(), local = db.connect();
  local.state().unix_socket = true;
  local.state().address = "/tmp/s:0";
  monitor("MONITOR");
  local("PING");
  CHECK(monitor.raw_reply() == "+1700000000.000000 [0 unix:/tmp/s] \"PING\"\r\n");
}

TEST_CASE("LOLWUT draws as wide as it is asked to and names the version", "[server]") {
  engine_fixture db;
  const auto picture = db("LOLWUT");
  CHECK(picture.ends_with("Hawser ver. 0.1.0\\n\""));
  CHECK(db("LOLWUT VERSION 5 20 1 1").size() < picture.size());
  CHECK(db("LOLWUT VERSION") == picture);
  CHECK(db("LOLWUT x") == picture);
  CHECK(db("LOLWUT VERSION x") == "!ERR value is not an integer or out of range");
  CHECK(db("LOLWUT VERSION 5 x") == "!ERR value is not an integer or out of range");
  CHECK(db("LOLWUT VERSION 6 1 x") == "!ERR value is not an integer or out of range");
}

TEST_CASE("Commands of clusters say that there is none", "[server]") {
  engine_fixture db;
  for (const auto* command : {"ASKING", "READONLY", "READWRITE", "CLUSTER INFO", "CLUSTER HELP"})
    CHECK(db(command) == "!ERR This instance has cluster support disabled");
  CHECK(db("CLUSTER MEET") == "!ERR wrong number of arguments for 'cluster|meet' command");
  CHECK(db("CLUSTER NOSUCH") == "!ERR unknown subcommand 'NOSUCH'. Try CLUSTER HELP.");
}

TEST_CASE("There are no modules, and loading one has to be allowed", "[server]") {
  engine_fixture db;
  CHECK(db("MODULE LIST") == "[]");
  CHECK(db("MODULE LOAD /x")
            .starts_with("!ERR MODULE command not allowed. If the "
                         "enable-module-command option"));
  db.node.config.change([](auto& all) { all.enable_module_command = hawser::engine::access::yes; });
  CHECK(db("MODULE LOAD /x") == "!ERR Error loading the extension. Please check the server logs.");
  CHECK(db("MODULE LOADEX /x CONFIG a b") ==
        "!ERR Error loading the extension. Please check the server logs.");
  CHECK(db("MODULE UNLOAD x") == "!ERR Error unloading module: no such module with that name");
}
