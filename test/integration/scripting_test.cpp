#include "catch.hpp"
#include "tcp_client.hpp"

#include <string>
#include <vector>

using namespace hawser::test;

namespace {

constexpr auto busy =
    "!BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.";

std::string eval(tcp_client& client, const std::string& script, std::vector<std::string> rest) {
  std::vector<std::string> argv{"EVAL", script};
  argv.insert(argv.end(), rest.begin(), rest.end());
  client.send_argv(argv);
  return client.reply();
}

}  // namespace

TEST_CASE("An endless script lets others be told BUSY and end it", "[scripting]") {
  for (const auto* threads : {"1", "2"}) {
    INFO(threads << " I/O threads");
    server_process server({"--io-threads", threads, "--busy-reply-threshold", "50"});
    std::vector<tcp_client> others;
    for (int i = 0; i < 5; ++i) others.emplace_back(server);
    tcp_client script(server);
    script.send("EVAL 'while true do end' 0");
    // Some of these are sent before the script is busy and have to wait for it.
    for (auto& each : others) CHECK(wait_until([&] { return each("GET a") == busy; }));
    tcp_client late(server);
    CHECK(late("GET a") == busy);
    CHECK(late("SCRIPT KILL") == "OK");
    CHECK(script.reply().starts_with("!ERR Script killed by user with SCRIPT KILL. script: "));
    for (auto& each : others) CHECK(wait_until([&] { return each("GET a") == "nil"; }));
    CHECK(script("PING") == "PONG");
  }
}

TEST_CASE("Clients come and go while a script is busy", "[scripting]") {
  for (const auto* threads : {"1", "2"}) {
    INFO(threads << " I/O threads");
    server_process server({"--io-threads", threads, "--busy-reply-threshold", "20"});
    tcp_client script(server), steady(server);
    script.send("EVAL 'while true do end' 0");
    CHECK(wait_until([&] { return steady("GET a") == busy; }));
    for (int i = 0; i < 20; ++i) {
      tcp_client passing(server);
      CHECK(passing("PING") == busy);
    }
    // Whoever runs the script may go as well.
    script.half_close();
    CHECK(steady("SCRIPT KILL") == "OK");
    CHECK(wait_until([&] { return steady("PING") == "PONG"; }));
  }
}

TEST_CASE("SHUTDOWN NOSAVE ends a server whose script never ends", "[scripting]") {
  for (const auto* threads : {"1", "2"}) {
    INFO(threads << " I/O threads");
    server_process server({"--io-threads", threads, "--busy-reply-threshold", "20"});
    tcp_client script(server), other(server);
    script.send("EVAL 'redis.call(\"SET\",\"a\",1) while true do end' 0");
    CHECK(wait_until([&] { return other("GET a") == busy; }));
    CHECK(other("SCRIPT KILL").starts_with("!UNKILLABLE"));
    CHECK(other("SHUTDOWN") == busy);
    other.send("SHUTDOWN NOSAVE");
    CHECK(other.closed());
  }
}

TEST_CASE("A lock is released by who holds it alone", "[scripting]") {
  server_process server;
  tcp_client client(server);
  const std::string unlock =
      "if redis.call('get',KEYS[1]) == ARGV[1] then return redis.call('del',KEYS[1]) else return 0 "
      "end";
  CHECK(client("SET lock mine NX PX 30000") == "OK");
  CHECK(eval(client, unlock, {"1", "lock", "other"}) == "0");
  CHECK(eval(client, unlock, {"1", "lock", "mine"}) == "1");
  CHECK(client("EXISTS lock") == "0");
}

TEST_CASE("A rate limiter with a sliding window counts", "[scripting]") {
  server_process server;
  tcp_client client(server);
  const std::string limiter =
      "local now=tonumber(ARGV[1]) local window=tonumber(ARGV[2]) local limit=tonumber(ARGV[3]) "
      "redis.call('ZREMRANGEBYSCORE',KEYS[1],0,now-window) local used=redis.call('ZCARD',KEYS[1]) "
      "if used<limit then redis.call('ZADD',KEYS[1],now,now..'-'..used) "
      "redis.call('PEXPIRE',KEYS[1],window) return {1,limit-used-1} end return {0,0}";
  CHECK(eval(client, limiter, {"1", "rate", "1000", "100", "2"}) == "[1 1]");
  CHECK(eval(client, limiter, {"1", "rate", "1010", "100", "2"}) == "[1 0]");
  CHECK(eval(client, limiter, {"1", "rate", "1020", "100", "2"}) == "[0 0]");
  CHECK(eval(client, limiter, {"1", "rate", "1105", "100", "2"}) == "[1 0]");
}

TEST_CASE("Scripts of a job queue add, move and finish jobs", "[scripting]") {
  server_process server;
  tcp_client client(server);
  const std::string add =
      "local id=redis.call('INCR',KEYS[2]) local args=cmsgpack.unpack(ARGV[1]) local "
      "key=KEYS[1]..':'..id redis.call('HMSET',key,'name',args[1],'data',ARGV[2],'opts',"
      "cjson.encode(cjson.decode(ARGV[3]))) if args[2] then "
      "redis.call('ZADD',KEYS[4],args[2]*0x1000+bit.band(id,0xfff),id) else "
      "redis.call('LPUSH',KEYS[3],id) end "
      "redis.call('XADD',KEYS[5],'*','event','added','jobId',id) "
      "return id..''";
  const std::string move =
      "local id=redis.call('RPOPLPUSH',KEYS[1],KEYS[2]) if not id then return {false,0} end local "
      "key=KEYS[3]..':'..id redis.call('HINCRBY',key,'attemptsMade',1) return "
      "{redis.call('HGETALL',key),id}";
  const std::string finish =
      "if redis.call('LREM',KEYS[1],-1,ARGV[1])<1 then return redis.error_reply('ERR job is not "
      "active') end redis.call('ZADD',KEYS[2],ARGV[2],ARGV[1]) return "
      "redis.status_reply('finished')";
  const std::string packed("\x92\xa4mail\xc0", 7);
  CHECK(eval(client, add,
             {"5", "job", "ids", "wait", "delayed", "events", packed, "{}", "{\"a\":1}"}) == "1");
  CHECK(eval(client, move, {"3", "wait", "active", "job"}) ==
        R"([[name mail data "{}" opts "{\"a\":1}" attemptsMade 1] 1])");
  CHECK(eval(client, finish, {"2", "active", "done", "1", "5"}) == "finished");
  CHECK(eval(client, finish, {"2", "active", "done", "1", "5"}) == "!ERR job is not active");
  CHECK(eval(client, move, {"3", "wait", "active", "job"}) == "[nil 0]");
  CHECK(client("XLEN events") == "1");
}
