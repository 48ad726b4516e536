#include "catch.hpp"
#include "engine_fixture.hpp"

#include <string>

using hawser::test::engine_fixture;

TEST_CASE("A key lives up to its deadline", "[keys][expiry]") {
  engine_fixture db;
  db("SET k v");
  CHECK(db("PEXPIRE k 1000") == "1");
  db.clock.advance_ms(999);
  CHECK(db("PTTL k") == "1");
  db.clock.advance_ms(1);
  CHECK(db("PTTL k") == "-2");
  CHECK(db("TTL k") == "-2");
  CHECK(db("EXPIRETIME k") == "-2");
}

TEST_CASE("TTL and EXPIRETIME round to the nearest second", "[keys][expiry]") {
  engine_fixture db;
  db("SET k v PX 1499");
  CHECK(db("TTL k") == "1");
  db("PEXPIRE k 1500");
  CHECK(db("TTL k") == "2");
  db("PEXPIREAT k 4102444800499");
  CHECK(db("EXPIRETIME k") == "4102444800");
  db("PEXPIREAT k 4102444800500");
  CHECK(db("EXPIRETIME k") == "4102444801");
  CHECK(db("PEXPIRETIME k") == "4102444800500");
}

TEST_CASE("EXPIRE's conditions compare with the deadline there is", "[keys][expiry]") {
  engine_fixture db;
  db("SET k v");
  // A key without a deadline goes later than any other.
  CHECK(db("EXPIRE k 100 XX") == "0");
  CHECK(db("EXPIRE k 100 GT") == "0");
  CHECK(db("EXPIRE k 100 XX LT") == "0");
  CHECK(db("EXPIRE k 100 LT") == "1");
  CHECK(db("EXPIRE k 200 NX") == "0");
  CHECK(db("EXPIRE k 100 GT") == "0");
  CHECK(db("EXPIRE k 100 LT") == "0");
  CHECK(db("EXPIRE k 101 GT XX") == "1");
  CHECK(db("EXPIRE k 99 LT") == "1");
  CHECK(db("EXPIRE k 300 XX") == "1");
  CHECK(db("TTL k") == "300");
  db("PERSIST k");
  CHECK(db("EXPIRE k 50 NX") == "1");
  CHECK(db("TTL k") == "50");
}

TEST_CASE("EXPIRE names the options it does not know or cannot combine", "[keys][expiry]") {
  engine_fixture db;
  CHECK(db("EXPIRE k 1 what") == "!ERR Unsupported option what");
  CHECK(db("EXPIRE k 1 \"\\r\\n\"") == "!ERR Unsupported option ");
  CHECK(db("EXPIRE k 1 NX GT") ==
        "!ERR NX and XX, GT or LT options at the same time are not compatible");
  CHECK(db("EXPIRE k 1 GT LT") == "!ERR GT and LT options at the same time are not compatible");
  CHECK(db("EXPIRE k soon NX XX") ==
        "!ERR NX and XX, GT or LT options at the same time are not compatible");
  CHECK(db("EXPIRE k soon") == "!ERR value is not an integer or out of range");
}

TEST_CASE("EXPIRE with a time that is over removes the key", "[keys][expiry]") {
  engine_fixture db;
  const std::string command = GENERATE("EXPIRE k 0", "EXPIRE k -1", "PEXPIRE k 0", "EXPIREAT k 1",
                                       "PEXPIREAT k -9223372036854775808", "EXPIRE k -1 LT");
  db("SET k v");
  CHECK(db(command) == "1");
  CHECK(db("DBSIZE") == "0");
}

TEST_CASE("Times that do not fit are refused even for a missing key", "[keys][expiry]") {
  engine_fixture db;
  CHECK(db("EXPIRE k 9223372036854775807") == "!ERR invalid expire time in 'expire' command");
  CHECK(db("EXPIREAT k -9223372036854775808") == "!ERR invalid expire time in 'expireat' command");
  CHECK(db("PEXPIRE k 9223372036854775807") == "!ERR invalid expire time in 'pexpire' command");
  CHECK(db("PEXPIREAT k 9223372036854775807") == "0");
}

TEST_CASE("PERSIST takes a deadline away once", "[keys][expiry]") {
  engine_fixture db;
  db("SET k v EX 10");
  CHECK(db("PERSIST k") == "1");
  CHECK(db("PERSIST k") == "0");
  CHECK(db("PERSIST none") == "0");
  db.clock.advance_ms(20'000);
  CHECK(db("GET k") == "v");
  CHECK_FALSE(db.node.background_slice());
  CHECK(db("GET k") == "v");
}
