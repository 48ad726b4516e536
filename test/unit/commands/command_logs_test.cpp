#include "catch.hpp"
#include "engine_fixture.hpp"

using hawser::engine::logged_cost;
using hawser::test::engine_fixture;

namespace {

// A server where every command is slow, and one that has been.
struct slow_server : engine_fixture {
  slow_server() : engine_fixture({{"slowlog-log-slower-than", "5000"}}) {
    node.config.change([](auto& all) { all.enable_debug_command = hawser::engine::access::yes; });
  }
};

}  // namespace

TEST_CASE("SLOWLOG GET shows the newest records first", "[slowlog]") {
  slow_server db;
  db("CLIENT SETNAME me");
  db("DEBUG SLEEP 0.005");
  db("DEBUG SLEEP 0.004");
  db("DEBUG SLEEP 0.006");
  CHECK(db("SLOWLOG LEN") == "2");
  const auto address = db.own_client().state().address;
  const auto record = [&](std::string id, std::string took, std::string seconds) {
    return "[" + id + " 1700000000 " + took + " [DEBUG SLEEP " + seconds + "] " + address + " me]";
  };
  CHECK(db("SLOWLOG GET") ==
        "[" + record("1", "6000", "0.006") + " " + record("0", "5000", "0.005") + "]");
  CHECK(db("SLOWLOG GET 1") == "[" + record("1", "6000", "0.006") + "]");
  CHECK(db("SLOWLOG GET 0") == "[]");
  CHECK(db("SLOWLOG RESET") == "OK");
  CHECK(db("SLOWLOG GET -1") == "[]");
}

TEST_CASE("SLOWLOG GET replies ten records unless it is asked for more", "[slowlog]") {
  slow_server db;
  for (int i = 0; i < 12; ++i) db("DEBUG SLEEP 0.005");
  const auto records = [&](const std::string& command) {
    const auto reply = db(command);
    std::size_t found = 0;
    for (auto at = reply.find("SLEEP"); at != reply.npos; at = reply.find("SLEEP", at + 1)) ++found;
    return found;
  };
  CHECK(records("SLOWLOG GET") == 10);
  CHECK(records("SLOWLOG GET -1") == 12);
  CHECK(records("SLOWLOG GET 11") == 11);
}

TEST_CASE("SLOWLOG GET takes one count of at least -1", "[slowlog]") {
  engine_fixture db;
  CHECK(db("SLOWLOG GET -2") == "!ERR count should be greater than or equal to -1");
  CHECK(db("SLOWLOG GET abc") == "!ERR count should be greater than or equal to -1");
  CHECK(db("SLOWLOG GET 1 2") ==
        "!ERR unknown subcommand or wrong number of arguments for 'GET'. Try SLOWLOG HELP.");
}

TEST_CASE("COMMANDLOG shows the same slow commands as SLOWLOG", "[commandlog]") {
  slow_server db;
  db("DEBUG SLEEP 0.006");
  CHECK(db("COMMANDLOG LEN slow") == "1");
  CHECK(db("COMMANDLOG GET -1 SLOW") == db("SLOWLOG GET"));
  CHECK(db("COMMANDLOG RESET slow") == "OK");
  CHECK(db("SLOWLOG LEN") == "0");
}

TEST_CASE("COMMANDLOG keeps requests and replies that are as large as it is told", "[commandlog]") {
  engine_fixture db({{"slowlog-log-slower-than", "-1"}});
  auto& logs = db.node.command_logs;
  db.set("commandlog-request-larger-than", "32");
  db.set("commandlog-reply-larger-than", "11");
  db("SET key 1234");  // 32 bytes
  db("SET key 123");
  db("GET key");  // $3 and 123 with their ends are nine bytes
  db("SET key 12345");
  db("GET key");  // eleven
  REQUIRE(logs[logged_cost::request].records().size() == 2);
  CHECK(logs[logged_cost::request].records()[1].cost == 32);
  REQUIRE(logs[logged_cost::reply].records().size() == 1);
  CHECK(logs[logged_cost::reply].records()[0].cost == 11);
  db.set("commandlog-request-larger-than", "-1");
  db.set("commandlog-reply-larger-than", "-1");
  CHECK(db("COMMANDLOG LEN large-reply") == "1");
  const auto from = db.own_client().state().address;
  CHECK(db("COMMANDLOG GET 1 large-request") ==
        "[[1 1700000000 33 [SET key 12345] " + from + " \"\"]]");
  CHECK(db("COMMANDLOG GET 1 large-reply") == "[[0 1700000000 11 [GET key] " + from + " \"\"]]");
  CHECK(logs[logged_cost::time].records().empty());
}

TEST_CASE("Commands of a transaction are logged by their own requests and replies",
          "[commandlog][transactions]") {
  engine_fixture db;
  auto& logs = db.node.command_logs;
  db("SET key 1234567890");
  db.set("commandlog-request-larger-than", "40");
  db.set("commandlog-reply-larger-than", "15");
  for (const auto line : {"MULTI", "SET other 1234567890", "GET key", "EXEC"}) db(line);
  REQUIRE(logs[logged_cost::request].records().size() == 1);
  CHECK(logs[logged_cost::request].records()[0].words[1] == "other");
  REQUIRE(logs[logged_cost::reply].records().size() == 1);
  CHECK(logs[logged_cost::reply].records()[0].words[0] == "GET");
}

TEST_CASE("A command that waited is logged by the request that it came in", "[commandlog]") {
  engine_fixture db;
  auto& logs = db.node.command_logs;
  auto waiting = db.connect();
  db.set("commandlog-request-larger-than", "40");
  waiting.send("BLPOP a-key-with-a-long-name 0");
  db.set("commandlog-reply-larger-than", "30");
  CHECK(logs[logged_cost::request].records().empty());
  db("LPUSH a-key-with-a-long-name 1");
  const auto& requests = logs[logged_cost::request].records();
  REQUIRE(requests.size() == 2);
  CHECK(requests[0].words[0] == "BLPOP");
  CHECK(requests[1].words[0] == "LPUSH");
  REQUIRE(logs[logged_cost::reply].records().size() == 1);
  CHECK(logs[logged_cost::reply].records()[0].words[0] == "BLPOP");
}

TEST_CASE("What is not sent and what a script asks for is not logged as large", "[commandlog]") {
  engine_fixture db({{"slowlog-log-slower-than", "-1"}});
  auto& logs = db.node.command_logs;
  auto quiet = db.connect();
  quiet.send("CLIENT REPLY OFF");
  db.set("commandlog-reply-larger-than", "0");
  db.set("commandlog-request-larger-than", "0");
  quiet.send("PING");
  CHECK(logs[logged_cost::reply].records().empty());
  CHECK(logs[logged_cost::request].records().size() == 1);
  db("EVAL \"return redis.call('GET','k')\" 0");
  CHECK(logs[logged_cost::request].records().size() == 2);
  CHECK(logs[logged_cost::request].records()[0].words[0] == "EVAL");
}

TEST_CASE("Passwords in large requests are hidden, and logs that are turned off stay",
          "[commandlog]") {
  engine_fixture db({{"commandlog-request-larger-than", "0"}});
  db("AUTH default secret");
  auto& log = db.node.command_logs[logged_cost::request];
  CHECK(log.records()[0].words == std::vector<std::string>{"AUTH", "(redacted)", "(redacted)"});
  db("CONFIG SET commandlog-request-larger-than -1 commandlog-large-request-max-len 0");
  CHECK(db("COMMANDLOG LEN large-request") == "1");
  db("CONFIG SET commandlog-request-larger-than 100");
  CHECK(db("COMMANDLOG LEN large-request") == "0");
}

TEST_CASE("COMMANDLOG refuses types and counts that there are not", "[commandlog]") {
  engine_fixture db;
  const std::string types =
      "!ERR type should be one of the following: slow, large-request, large-reply";
  CHECK(db("COMMANDLOG GET 1 fast") == types);
  CHECK(db("COMMANDLOG LEN x") == types);
  CHECK(db("COMMANDLOG RESET x") == types);
  CHECK(db("COMMANDLOG GET -2 slow") == "!ERR count should be greater than or equal to -1");
  CHECK(db("COMMANDLOG GET 1") == "!ERR wrong number of arguments for 'commandlog|get' command");
}

TEST_CASE("The directives of the slow log have COMMANDLOG's names too", "[commandlog][config]") {
  engine_fixture db;
  CHECK(db("CONFIG SET commandlog-execution-slower-than 7") == "OK");
  CHECK(db("CONFIG GET slowlog-log-slower-than") == "[slowlog-log-slower-than 7]");
  CHECK(db("CONFIG GET commandlog-slow-execution-max-len") ==
        "[commandlog-slow-execution-max-len 128]");
  CHECK(db("CONFIG GET commandlog-request-larger-than") ==
        "[commandlog-request-larger-than 1048576]");
}
