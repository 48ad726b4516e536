#include "catch.hpp"
#include "engine_fixture.hpp"
#include "event_recorder.hpp"

#include <bitset>
#include <optional>
#include <random>
#include <string>

using hawser::test::engine_fixture;
using hawser::test::event_recorder;

namespace {

constexpr std::size_t bits = 48;
using model = std::bitset<bits>;

// Six bytes at random, stored under a key.
model store_random(engine_fixture& db, const std::string& key, std::mt19937& random) {
  model made;
  std::string text;
  for (std::size_t i = 0; i < bits; ++i) made[i] = random() % 3 == 0;
  for (std::size_t i = 0; i < bits; i += 8) {
    unsigned byte = 0;
    for (std::size_t bit = 0; bit < 8; ++bit) byte = byte << 1 | (made[i + bit] ? 1U : 0U);
    char hex[8];
    std::snprintf(hex, sizeof hex, "\\x%02x", byte);
    text += hex;
  }
  db("SET " + key + " \"" + text + "\"");
  return made;
}

model stored(engine_fixture& db, const std::string& key) {
  model found;
  for (std::size_t i = 0; i < bits; ++i)
    found[i] = db("GETBIT " + key + " " + std::to_string(i)) == "1";
  return found;
}

}  // namespace

TEST_CASE("BITCOUNT and BITPOS agree with a model on every range of bits", "[bitmaps]") {
  engine_fixture db;
  std::mt19937 random(3);
  const auto map = store_random(db, "k", random);
  for (std::size_t first = 0; first < bits; ++first)
    for (std::size_t last = first; last < bits; ++last) {
      const auto range = std::to_string(first) + " " + std::to_string(last) + " BIT";
      INFO(range);
      std::size_t count = 0;
      std::optional<std::size_t> at[2];
      for (auto i = first; i <= last; ++i) {
        count += map[i];
        if (!at[map[i]]) at[map[i]] = i;
      }
      CHECK(db("BITCOUNT k " + range) == std::to_string(count));
      for (const int bit : {0, 1})
        CHECK(db("BITPOS k " + std::to_string(bit) + " " + range) ==
              (at[bit] ? std::to_string(*at[bit]) : "-1"));
    }
}

TEST_CASE("BITOP combines strings bit by bit", "[bitmaps]") {
  engine_fixture db;
  std::mt19937 random(4);
  const auto x = store_random(db, "x", random);
  const auto y = store_random(db, "y", random);
  const auto z = store_random(db, "z", random);
  const auto result = [&](const std::string& what, const std::string& keys) {
    CHECK(db("BITOP " + what + " to " + keys) == "6");
    return stored(db, "to");
  };
  CHECK(result("AND", "x y z") == (x & y & z));
  CHECK(result("OR", "x y z") == (x | y | z));
  CHECK(result("XOR", "x y z") == (x ^ y ^ z));
  CHECK(result("NOT", "x") == ~x);
  CHECK(result("DIFF", "x y z") == (x & ~(y | z)));
  CHECK(result("DIFF1", "x y z") == (~x & (y | z)));
  CHECK(result("ANDOR", "x y z") == (x & (y | z)));
  CHECK(result("ONE", "x y z") == ((x & ~y & ~z) | (~x & y & ~z) | (~x & ~y & z)));
}

TEST_CASE("BITOP takes long strings in blocks and may store over a source", "[bitmaps]") {
  engine_fixture db;
  db("SETBIT a 100000 1");
  db("SETBIT b 70000 1");
  db("SETBIT b 1 1");
  CHECK(db("BITOP OR b a b") == "12501");
  CHECK(db("BITCOUNT b") == "3");
  CHECK(db("BITOP NOT b b") == "12501");
  CHECK(db("BITCOUNT b") == std::to_string(12501 * 8 - 3));
  CHECK(db("BITOP XOR b b b") == "12501");
  CHECK(db("BITCOUNT b") == "0");
}

TEST_CASE("Fields that do not fit wrap, saturate or fail", "[bitmaps]") {
  engine_fixture db;
  CHECK(db("BITFIELD k SET i8 0 127 INCRBY i8 0 1") == "[0 -128]");
  CHECK(db("BITFIELD k OVERFLOW SAT INCRBY i8 0 -1 INCRBY i8 0 1000") == "[-128 127]");
  CHECK(db("BITFIELD k OVERFLOW FAIL INCRBY i8 0 1 GET i8 0") == "[nil 127]");
  CHECK(db("BITFIELD k OVERFLOW SAT SET u8 8 -1 GET u8 8") == "[0 255]");
  CHECK(db("BITFIELD k OVERFLOW SAT INCRBY i64 64 9223372036854775807 INCRBY i64 64 1") ==
        "[9223372036854775807 9223372036854775807]");
}

TEST_CASE("Bitmaps tell of changes and of nothing else", "[bitmaps][events]") {
  engine_fixture db;
  event_recorder events(db);
  CHECK(events.of("SETBIT a 1 0") == "new a, setbit a");
  CHECK(events.of("SETBIT a 1 0") == "");
  CHECK(events.of("SETBIT a 1 1") == "setbit a");
  CHECK(events.of("BITFIELD a SET u8 0 64") == "");
  CHECK(events.of("BITFIELD b OVERFLOW FAIL SET u1 0 7") == "new b");
  CHECK(events.of("BITOP NOT c a") == "new c, set c");
  CHECK(events.of("BITOP AND c none none") == "keymiss none, keymiss none, del c");
}

TEST_CASE("No bitmap grows beyond proto-max-bulk-len", "[bitmaps]") {
  engine_fixture db({{"proto-max-bulk-len", "1mb"}});
  CHECK(db("SETBIT k 8388607 1") == "0");
  CHECK(db("SETBIT k 8388608 1") == "!ERR bit offset is not an integer or out of range");
  CHECK(db("BITFIELD k GET u8 #1048576") == "!ERR bit offset is not an integer or out of range");
}
