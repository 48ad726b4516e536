#include "catch.hpp"
#include "engine_fixture.hpp"

using hawser::test::engine_fixture;

TEST_CASE("INCR counts from zero", "[strings]") {
  engine_fixture db;
  CHECK(db("INCR n") == "1");
  CHECK(db("INCR n") == "2");
  CHECK(db("GET n") == "2");
}

TEST_CASE("Each client has its own output", "[strings]") {
  engine_fixture db;
  auto other = db.connect();
  other.send("SET a 1");
  CHECK(db("GET a") == "1");
  CHECK(other.reply() == "OK");
  CHECK_FALSE(other.has_reply());
}
