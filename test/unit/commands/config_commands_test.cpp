#include "catch.hpp"
#include "engine_fixture.hpp"

using hawser::test::engine_fixture;

TEST_CASE("CONFIG GET takes several names and patterns", "[config]") {
  engine_fixture db;
  CHECK(db("CONFIG GET timeout tcp-keepalive") == "[timeout 0 tcp-keepalive 300]");
  CHECK(db("CONFIG GET nosuch") == "[]");
  CHECK(db("CONFIG GET slowlog-max-le?") == "[slowlog-max-len 128]");
}

TEST_CASE("CONFIG SET sets all or nothing", "[config]") {
  engine_fixture db;
  CHECK(db("CONFIG SET timeout 10 tcp-keepalive 20") == "OK");
  CHECK(db("CONFIG GET timeout") == "[timeout 10]");
  CHECK(db("CONFIG SET timeout 30 nosuch 1") ==
        "!ERR Unknown option or number of arguments for CONFIG SET - 'nosuch'");
  CHECK(db("CONFIG SET timeout 30 tcp-keepalive") == "!ERR syntax error");
  CHECK(db("CONFIG SET timeout") == "!ERR wrong number of arguments for 'config|set' command");
  CHECK(db("CONFIG GET timeout") == "[timeout 10]");
}

TEST_CASE("Secrets of CONFIG SET are kept out of the slow log", "[config]") {
  engine_fixture db;
  db.set("slowlog-log-slower-than", "0");
  CHECK(db("CONFIG SET timeout 1 requirepass secret masterauth other") == "OK");
  CHECK(db("SLOWLOG GET 1")
            .find("[CONFIG SET timeout 1 requirepass (redacted) masterauth "
                  "(redacted)]") != std::string::npos);
}

TEST_CASE("CONFIG RESETSTAT forgets what was counted", "[config]") {
  engine_fixture db;
  db("SET a 1");
  db("GET a");
  db("NOSUCH");
  CHECK(db("CONFIG RESETSTAT") == "OK");
  const auto info = db("INFO everything");
  CHECK(info.find("cmdstat_get") == std::string::npos);
  CHECK(info.find("errorstat_ERR") == std::string::npos);
  CHECK(info.find("keyspace_hits:0") != std::string::npos);
}

TEST_CASE("CONFIG REWRITE needs a configuration file", "[config]") {
  engine_fixture db;
  CHECK(db("CONFIG REWRITE") == "!ERR The server is running without a config file");
  CHECK(db.log_lines().size() == 1);
}
