#include "catch.hpp"
#include "engine_fixture.hpp"

#include <string>

using hawser::test::engine_fixture;

TEST_CASE("INCR counts from zero", "[strings]") {
  engine_fixture db;
  CHECK(db("INCR n") == "1");
  CHECK(db("INCR n") == "2");
  CHECK(db("GET n") == "2");
}

TEST_CASE("Counting goes to the ends of 64 bits and not beyond", "[strings]") {
  engine_fixture db;
  db("SET n 9223372036854775806");
  CHECK(db("INCR n") == "9223372036854775807");
  CHECK(db("INCR n") == "!ERR increment or decrement would overflow");
  db("SET n -9223372036854775807");
  CHECK(db("DECR n") == "-9223372036854775808");
  CHECK(db("DECRBY n 1") == "!ERR increment or decrement would overflow");
  CHECK(db("DECRBY n -9223372036854775808") == "!ERR decrement would overflow");
  CHECK(db("GET n") == "-9223372036854775808");
}

TEST_CASE("A number that outgrows its record keeps its deadline", "[strings]") {
  engine_fixture db;
  db("SET n 2147483647 EX 100");
  CHECK(db("INCR n") == "2147483648");
  CHECK(db("TTL n") == "100");
  CHECK(db("DECR n") == "2147483647");
  CHECK(db("TTL n") == "100");
}

TEST_CASE("Text that is a number becomes one when it is counted", "[strings]") {
  engine_fixture db;
  db("SET n 1");
  db("APPEND n 0");
  CHECK(db("OBJECT ENCODING n") == "raw");
  CHECK(db("INCRBY n 5") == "15");
  CHECK(db("OBJECT ENCODING n") == "int");
  db("SET n abc");
  CHECK(db("INCR n") == "!ERR value is not an integer or out of range");
  CHECK(db("INCRBY n 1.5") == "!ERR value is not an integer or out of range");
}

TEST_CASE("INCRBYFLOAT stores text without an exponent and without an end of zeros", "[strings]") {
  engine_fixture db;
  CHECK(db("INCRBYFLOAT f 10.50") == "10.5");
  CHECK(db("INCRBYFLOAT f 5.0e3") == "5010.5");
  CHECK(db("INCRBYFLOAT f -0.5") == "5010");
  CHECK(db("OBJECT ENCODING f") == "embstr");
  CHECK(db("EXPIRE f 100") == "1");
  const std::string power(
      "1606938044258990275541962092341162602522202993782792835301376");  // 2^200
  CHECK(db("INCRBYFLOAT f " + power) == power);
  CHECK(db("OBJECT ENCODING f") == "raw");
  CHECK(db("TTL f") == "100");
}

TEST_CASE("INCRBYFLOAT refuses what is no finite number", "[strings]") {
  engine_fixture db;
  CHECK(db("INCRBYFLOAT f abc") == "!ERR value is not a valid float");
  CHECK(db("INCRBYFLOAT f inf") == "!ERR increment would produce NaN or Infinity");
  db("SET f abc");
  CHECK(db("INCRBYFLOAT f 1") == "!ERR value is not a valid float");
  CHECK(db("GET f") == "abc");
}
