#include "catch.hpp"
#include "command_line.hpp"
#include "engine_fixture.hpp"

#include <set>
#include <string>
#include <string_view>

using hawser::test::engine_fixture;

namespace {

/// Words of the reply "[cursor [key key ...]]".
struct page {
  std::string cursor;
  std::vector<std::string> keys;
};

page scan(engine_fixture& db, const std::string& cursor, const std::string& options) {
  auto reply = db("SCAN " + cursor + " " + options);
  for (char& c : reply)
    if (c == '[' || c == ']') c = ' ';
  auto words = hawser::test::split_command(reply);
  return {words.front(), {words.begin() + 1, words.end()}};
}

std::multiset<std::string> scan_all(engine_fixture& db, const std::string& options) {
  std::multiset<std::string> keys;
  std::string cursor = "0";
  do {
    auto next = scan(db, cursor, options);
    keys.insert(next.keys.begin(), next.keys.end());
    cursor = next.cursor;
  } while (cursor != "0");
  return keys;
}

void fill(engine_fixture& db, int keys, const std::string& prefix, const std::string& options) {
  for (int i = 0; i < keys; ++i)
    CHECK(db("SET " + prefix + std::to_string(i) + " v " + options) == "OK");
}

}  // namespace

TEST_CASE("SCAN finds each key once when nothing changes", "[keys][scan]") {
  engine_fixture db;
  fill(db, 500, "k", "");
  const std::string options = GENERATE("", "COUNT 1", "COUNT 7", "COUNT 9223372036854775807");
  const auto keys = scan_all(db, options);
  CHECK(keys.size() == 500);
  CHECK(std::set<std::string>(keys.begin(), keys.end()).size() == 500);
}

TEST_CASE("SCAN finds what stays while the table grows and shrinks", "[keys][scan]") {
  engine_fixture db;
  fill(db, 200, "stays", "");
  fill(db, 2000, "goes", "");
  std::set<std::string> found;
  std::string cursor = "0";
  int step = 0;
  do {
    const auto next = scan(db, cursor, "COUNT 5");
    found.insert(next.keys.begin(), next.keys.end());
    cursor = next.cursor;
    for (int i = 0; i < 30; ++i, ++step)
      db((step / 1500 % 2 == 0 ? "DEL goes" : "SET more") + std::to_string(step % 2000) +
         (step / 1500 % 2 == 0 ? "" : " v"));
  } while (cursor != "0");
  for (int i = 0; i < 200; ++i) CHECK(found.count("stays" + std::to_string(i)) == 1);
}

TEST_CASE("SCAN replies about as many keys as COUNT asks for", "[keys][scan]") {
  engine_fixture db;
  fill(db, 1000, "k", "");
  const auto some = scan(db, "0", "COUNT 100");
  CHECK(some.keys.size() >= 100);
  CHECK(some.keys.size() < 200);
  CHECK(some.cursor != "0");
}

TEST_CASE("SCAN selects by pattern and by type", "[keys][scan]") {
  engine_fixture db;
  db("MSET one 1 two 2 three 3");
  CHECK(scan_all(db, "MATCH t*") == std::multiset<std::string>{"three", "two"});
  CHECK(scan_all(db, "TYPE String MATCH one") == std::multiset<std::string>{"one"});
  CHECK(scan_all(db, "TYPE list").empty());
  CHECK(scan_all(db, "TYPE nosuch").empty());
}

TEST_CASE("An asterisk alone finds the empty key too", "[keys][scan]") {
  engine_fixture db;
  db("SET \"\" v");
  CHECK(db("KEYS *") == "[\"\"]");
  CHECK(db("KEYS **") == "[]");
  CHECK(db("SCAN 0 MATCH *") == "[0 [\"\"]]");
}

TEST_CASE("Keys past their deadline are not listed", "[keys][scan]") {
  engine_fixture db;
  fill(db, 100, "k", "PX 10");
  db("SET stays v");
  db.clock.advance_ms(10);
  CHECK(db("KEYS *") == "[stays]");
  CHECK(db("DBSIZE") == "101");
  CHECK(scan_all(db, "COUNT 3") == std::multiset<std::string>{"stays"});
  CHECK(db("DBSIZE") == "1");
  CHECK(db.node.stats.expired_keys == 100);
}

TEST_CASE("RANDOMKEY passes over keys past their deadline", "[keys][scan]") {
  engine_fixture db;
  CHECK(db("RANDOMKEY") == "nil");
  fill(db, 100, "k", "PX 10");
  db("SET stays v");
  db.clock.advance_ms(10);
  CHECK(db("RANDOMKEY") == "stays");
  db("DEL stays");
  CHECK(db("RANDOMKEY") == "nil");
  CHECK(db("DBSIZE") == "0");
}

TEST_CASE("While writes are paused nothing is removed and dead keys stay hidden", "[keys][scan]") {
  engine_fixture db;
  fill(db, 20, "k", "PX 10");
  db.clock.advance_ms(10);
  db.node.paused.begin(hawser::engine::pause::scope::writes, db.clock.ms() + 1000, db.clock.ms());
  CHECK(db("RANDOMKEY") == "nil");
  CHECK(scan_all(db, "").empty());
  CHECK(db("KEYS *") == "[]");
  CHECK(db("GET k1") == "nil");
  CHECK(db("DBSIZE") == "20");
}

TEST_CASE("SCAN reads cursors as clients have learnt to send them", "[keys][scan]") {
  engine_fixture db;
  const auto refused = "!ERR invalid cursor";
  for (const auto* cursor : {"abc", "1.5", "\" 0\"", "\"0 \"", "-", "+", "99999999999999999999"})
    CHECK(db(std::string("SCAN ") + cursor) == refused);
  for (const auto* cursor : {"0", "\"\"", "-1", "+1", "007", "\"5\\x00x\"", "18446744073709551615"})
    CHECK(db(std::string("SCAN ") + cursor) == "[0 []]");
}
