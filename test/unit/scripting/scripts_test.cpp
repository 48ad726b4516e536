#include "catch.hpp"
#include "engine_fixture.hpp"

using namespace hawser::test;

namespace {

/// Stops the clock for so many milliseconds, which a script may do.
void pass_time(hawser::engine::context& cx) {
  cx.server.process.sleep(cx.args.integer() * 1000);
  cx.reply.ok();
}

constexpr hawser::engine::command_spec time_table[] = {
    {"passtime",
     hawser::engine::arity::exactly(2),
     {},
     hawser::engine::key_range::none(),
     pass_time},
};

constexpr auto busy =
    "!BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.";

}  // namespace

TEST_CASE("What a script returns is its reply", "[scripting]") {
  engine_fixture db;
  CHECK(db("EVAL 'return {1.9, \"a\", true, false, {ok=\"fine\"}, {err=\"MY err\"}}' 0") ==
        "[1 a 1 nil fine !MY err]");
  CHECK(db("EVAL 'return {KEYS[1], ARGV[1], ARGV[2]}' 1 k a b") == "[k a b]");
  CHECK(db("EVAL 'return redis.call(\"SET\", KEYS[1], ARGV[1])' 1 k v") == "OK");
  CHECK(db("GET k") == "v");
}

TEST_CASE("All effects of a script are one unit of the journal", "[scripting][journal]") {
  engine_fixture db;
  db.journalled();
  db("EVAL 'redis.call(\"SET\",\"a\",1) redis.call(\"INCR\",\"a\") redis.call(\"GET\",\"a\")' 0");
  CHECK(db.journalled() ==
        std::vector<std::string>{"SELECT 0", "MULTI", "SET a 1", "INCR a", "EXEC"});
  db("EVAL 'return redis.call(\"GET\",\"a\")' 0");
  CHECK(db.journalled().empty());
  db("EVAL 'redis.set_repl(redis.REPL_NONE) redis.call(\"SET\",\"b\",1) "
     "redis.set_repl(redis.REPL_ALL) redis.call(\"SET\",\"c\",1)' 0");
  CHECK(db.journalled() == std::vector<std::string>{"SET c 1"});
  db("SET d 1");
  CHECK(db.journalled() == std::vector<std::string>{"SET d 1"});
}

TEST_CASE("What a script did before it failed stays and is journalled", "[scripting][journal]") {
  engine_fixture db;
  db.journalled();
  CHECK(db("EVAL 'redis.call(\"SET\",\"a\",1) return redis.call(\"LPUSH\",\"a\",1)' 0")
            .starts_with("!WRONGTYPE"));
  CHECK(db.journalled() == std::vector<std::string>{"SELECT 0", "SET a 1"});
}

TEST_CASE("Time stands still for a script", "[scripting]") {
  engine_fixture db({}, time_table);
  CHECK(db("EVAL 'local a=redis.call(\"TIME\")[1] redis.call(\"SET\",\"k\",1,\"PX\",1000) "
           "redis.call(\"PASSTIME\",5000) return redis.call(\"EXISTS\",\"k\")' 0") == "1");
  CHECK(db("EXISTS k") == "0");
}

TEST_CASE("Who waits for keys is served when the script is over", "[scripting][blocking]") {
  engine_fixture db;
  auto waiter = db.connect();
  waiter.send("BLPOP q 0");
  CHECK(db("EVAL 'redis.call(\"RPUSH\",\"q\",\"a\") return redis.call(\"LLEN\",\"q\")' 0") == "1");
  CHECK(waiter.reply() == "[q a]");
}

TEST_CASE("Other clients are told BUSY while a script takes long, and may end it",
          "[scripting][busy]") {
  engine_fixture db({{"busy-reply-threshold", "100"}}, time_table);
  auto other = db.connect();
  std::vector<std::string> told;
  db.on_busy = [&] {
    if (!told.empty()) return;
    for (const auto* line : {"GET a", "FUNCTION KILL", "SCRIPT KILL", "PING"})
      told.push_back(other(line));
  };
  const auto reply =
      db("EVAL 'redis.call(\"PASSTIME\",200) while true do pcall(function() while "
         "true do end end) end' 0");
  CHECK(reply.starts_with("!ERR Script killed by user with SCRIPT KILL. script: "));
  CHECK(told == std::vector<std::string>{busy, busy, "OK", busy});
  CHECK(other("PING") == "PONG");
  CHECK(other("SCRIPT KILL") == "!NOTBUSY No scripts in execution right now.");
}

TEST_CASE("A script that has written is not ended", "[scripting][busy]") {
  engine_fixture db({{"busy-reply-threshold", "100"}}, time_table);
  auto other = db.connect();
  std::string told;
  db.on_busy = [&] { told = other("SCRIPT KILL"); };
  CHECK(db("EVAL 'redis.call(\"SET\",\"a\",1) redis.call(\"PASSTIME\",200) for i=1,300000 do end "
           "return 5' 0") == "5");
  CHECK(told.starts_with("!UNKILLABLE Sorry the script already executed write commands"));
}

TEST_CASE("SHUTDOWN NOSAVE ends a script that has written", "[scripting][busy]") {
  engine_fixture db({{"busy-reply-threshold", "100"}}, time_table);
  auto other = db.connect();
  db.on_busy = [&] {
    if (db.asked_to_shut_down()) return;
    CHECK(other("SHUTDOWN") == busy);
    other.send("SHUTDOWN NOSAVE");
  };
  CHECK(db("EVAL 'redis.call(\"SET\",\"a\",1) redis.call(\"PASSTIME\",200) while true do end' 0")
            .starts_with("!ERR Script killed"));
  CHECK(db.asked_to_shut_down());
}

TEST_CASE("A transaction of a client is not executed while a script is busy", "[scripting][busy]") {
  engine_fixture db({{"busy-reply-threshold", "100"}}, time_table);
  auto other = db.connect();
  std::vector<std::string> told;
  db.on_busy = [&] {
    if (told.empty())
      for (const auto* line : {"MULTI", "SET a 1", "EXEC"}) told.push_back(other(line));
  };
  db("EVAL 'redis.call(\"PASSTIME\",200) for i=1,300000 do end' 0");
  REQUIRE(told.size() == 3);
  CHECK(told[0] == "OK");
  CHECK(told[1] == busy);
  CHECK(told[2].starts_with("!EXECABORT"));
}

TEST_CASE("CLIENT PAUSE WRITE holds scripts back, but for those that say they do not write",
          "[scripting]") {
  engine_fixture db;
  auto other = db.connect();
  db("CLIENT PAUSE 10000 WRITE");
  CHECK(other("EVAL '#!lua flags=no-writes\nreturn 1' 0") == "1");
  CHECK(other("EVAL_RO 'return 1' 0") == "1");
  other.send("EVAL 'return 1' 0");
  CHECK(other.postponed());
  db("CLIENT UNPAUSE");
  CHECK(other.reply() == "1");
}

TEST_CASE("Memory of scripts is told and given back", "[scripting][memory]") {
  engine_fixture db;
  db("EVAL 'return 1' 0");
  const auto before = db.node.scripts->facts();
  CHECK(before.scripts == 1);
  CHECK(before.scripts_vm_memory > 10'000);
  db("EVAL 'local t={} for i=1,100000 do t[i]=tostring(i) end return #t' 0");
  CHECK(db.node.scripts->facts().scripts == 2);
  db("SCRIPT FLUSH SYNC");
  CHECK(db.node.scripts->facts().scripts == 0);
  CHECK(db.node.scripts->facts().scripts_vm_memory == 0);
}

TEST_CASE("MONITOR and the slow log tell of a script and of its commands", "[scripting]") {
  engine_fixture db({{"slowlog-log-slower-than", "0"}});
  auto monitor = db.connect();
  monitor("MONITOR");
  db("EVAL 'return redis.call(\"GET\",\"a\")' 0");
  CHECK(monitor.reply().find("\\\"EVAL\\\"") != std::string::npos);
  CHECK(monitor.reply().find("[0 lua] \\\"GET\\\" \\\"a\\\"") != std::string::npos);
  CHECK(db("SLOWLOG GET").find("?:0") != std::string::npos);
}
