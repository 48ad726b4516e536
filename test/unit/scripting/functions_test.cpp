#include "catch.hpp"
#include "engine_fixture.hpp"
#include <commands/data_file.hpp>

using namespace hawser::test;

namespace {

constexpr auto counter =
    "FUNCTION LOAD \"#!lua name=counter\\nlocal n=0 redis.register_function('count', "
    "function(keys, "
    "args) n=n+1 redis.call('SET', keys[1], args[1]) return n end)\"";

}  // namespace

TEST_CASE("A function keeps what its library holds", "[functions]") {
  engine_fixture db;
  CHECK(db(counter) == "counter");
  CHECK(db("FCALL count 1 k v") == "1");
  CHECK(db("FCALL count 1 k w") == "2");
  CHECK(db("GET k") == "w");
  CHECK(db("FCALL_RO count 1 k w") ==
        "!ERR Can not execute a script with write flag using *_ro command.");
}

TEST_CASE("Libraries and effects of functions are journalled", "[functions][journal]") {
  engine_fixture db;
  db.journalled();
  db(counter);
  auto words = db.journalled_words();
  REQUIRE(words.size() == 2);
  CHECK(words[1][1] == "LOAD");
  db("FCALL count 1 k v");
  CHECK(db.journalled() == std::vector<std::string>{"SET k v"});
  db("FUNCTION DELETE counter");
  CHECK(db.journalled() == std::vector<std::string>{"FUNCTION DELETE counter"});
}

TEST_CASE("Libraries are kept in the data file", "[functions][rdb]") {
  engine_fixture db;
  db(counter);
  CHECK(db("SAVE") == "OK");
  db("FUNCTION FLUSH");
  CHECK(db("FCALL count 1 k v") == "!ERR Function not found");
  CHECK(hawser::commands::load_data(db.node).what ==
        hawser::commands::load_result::outcome::loaded);
  CHECK(db("FCALL count 1 k v") == "1");
}

TEST_CASE("A library that cannot be loaded leaves the one with its name", "[functions]") {
  engine_fixture db;
  db(counter);
  CHECK(db("FUNCTION LOAD REPLACE \"#!lua name=counter\\nx=1\"").starts_with("!ERR Error"));
  CHECK(db("FCALL count 1 k v") == "1");
  db("FUNCTION LOAD \"#!lua name=other\\nredis.register_function('f', function() end)\"");
  CHECK(db("FUNCTION LOAD REPLACE \"#!lua name=other\\nredis.register_function('count', function() "
           "end)\"") == "!ERR Function count already exists");
  CHECK(db("FCALL f 0") == "nil");
}

TEST_CASE("FUNCTION RESTORE takes all libraries of a dump or none", "[functions]") {
  engine_fixture db;
  db(counter);
  db.own_client().send("FUNCTION DUMP");
  auto raw = db.own_client().raw_reply();
  const auto start = raw.find("\r\n") + 2;
  const auto payload = raw.substr(start, raw.size() - start - 2);
  const auto restore = [&](std::string bytes, const char* how) {
    const std::vector<std::string> argv{"FUNCTION", "RESTORE", std::move(bytes), how};
    db.own_client().send_argv(argv);
    return db.own_client().reply();
  };
  CHECK(restore(payload, "APPEND") == "!ERR Library counter already exists");
  CHECK(restore(payload, "REPLACE") == "OK");
  CHECK(restore(payload, "FLUSH") == "OK");
  db("FUNCTION FLUSH");
  CHECK(restore(payload, "APPEND") == "OK");
  CHECK(db("FCALL count 1 k v") == "1");
  for (std::size_t cut = 0; cut < payload.size(); ++cut)
    CHECK(restore(payload.substr(0, cut), "FLUSH").starts_with("!ERR"));
  CHECK(db("FCALL count 1 k v") == "2");
}

TEST_CASE("While it is loaded a library sees what it needs to register functions", "[functions]") {
  engine_fixture db;
  for (const auto* code : {"error('x')", "redis.call('PING')", "local t=string", "x=1", "redis.x=1",
                           "local t=_G", "redis.register_function=nil"}) {
    INFO(code);
    CHECK(db(std::string("FUNCTION LOAD \"#!lua name=x\\n") + code + "\"")
              .starts_with("!ERR Error registering functions: "));
  }
}

TEST_CASE("Names and descriptions of functions survive collections of garbage", "[functions]") {
  engine_fixture db;
  CHECK(db("FUNCTION LOAD \"#!lua name=n\\nfor i=1,300 do redis.register_function{function_name=i, "
           "description=i*1000, callback=function() return i end} end\"") == "n");
  CHECK(db("FCALL 299 0") == "299");
  CHECK(db("FUNCTION STATS") ==
        "[running_script nil engines [LUA [libraries_count 1 "
        "functions_count 300]]]");
}
