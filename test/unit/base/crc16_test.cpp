#include "catch.hpp"
#include <base/crc16.hpp>

using namespace hawser::base;
using namespace std::string_view_literals;

TEST_CASE("CRC-16 has the check value of XMODEM", "[base][crc16]") {
  CHECK(crc16("123456789") == 0x31c3);
  CHECK(crc16("") == 0);
}

TEST_CASE("A slot is the checksum of the key within the number of slots", "[base][crc16]") {
  CHECK(key_slot("") == 0);
  CHECK(key_slot("foo") == 12182);
  CHECK(key_slot("123456789") == 12739);
  CHECK(key_slot("\xff\0"sv) == 1023);
}

TEST_CASE("Keys with the same tag share a slot", "[base][crc16]") {
  CHECK(key_slot("user1000") == 3443);
  CHECK(key_slot("{user1000}.following") == 3443);
  CHECK(key_slot("{user1000}.followers") == 3443);
  CHECK(key_slot("foo{{bar}}zap") == key_slot("{bar"));
  CHECK(key_slot("foo{bar}{zap}") == key_slot("bar"));
  CHECK(key_slot("a}b{c}") == key_slot("c"));
}

TEST_CASE("A tag that is empty or left open does not count", "[base][crc16]") {
  CHECK(key_slot("foo{}{bar}") == 8363);
  CHECK(key_slot("{}") == 15257);
  CHECK(key_slot("{") == 4092);
  CHECK(key_slot("}") == 12090);
  CHECK(key_slot("foo{bar") == 15278);
  CHECK(key_slot("{a") == 10276);
}
