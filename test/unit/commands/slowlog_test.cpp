#include "catch.hpp"
#include "engine_fixture.hpp"

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
