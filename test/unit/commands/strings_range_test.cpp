#include "catch.hpp"
#include "engine_fixture.hpp"
#include "event_recorder.hpp"

#include <string>

using hawser::test::engine_fixture;
using hawser::test::event_recorder;

TEST_CASE("GETRANGE agrees with a model for all ends around a short string", "[strings]") {
  engine_fixture db;
  const std::string text = "abcde";
  const int size = static_cast<int>(text.size());
  db("SET s " + text);
  for (int first = -8; first <= 8; ++first)
    for (int last = -8; last <= 8; ++last) {
      const int from = std::max(first < 0 ? first + size : first, 0);
      const int to = std::min(std::max(last < 0 ? last + size : last, 0), size - 1);
      const bool backwards = from > to || (first < 0 && last < 0 && first > last);
      const auto expected = backwards ? std::string("\"\"") : text.substr(from, to - from + 1);
      INFO(first << " to " << last);
      CHECK(db("GETRANGE s " + std::to_string(first) + " " + std::to_string(last)) == expected);
    }
}

TEST_CASE("Ranges and lengths see the digits of a number", "[strings]") {
  engine_fixture db;
  db("SET n -12345");
  CHECK(db("STRLEN n") == "6");
  CHECK(db("GETRANGE n 0 2") == "-12");
  CHECK(db("SUBSTR n -2 -1") == "45");
  CHECK(db("SETRANGE n 1 9") == "6");
  CHECK(db("GET n") == "-92345");
  CHECK(db("APPEND n 6") == "7");
  CHECK(db("GET n") == "-923456");
}

TEST_CASE("APPEND stores a new key as SET does and makes an old one raw", "[strings]") {
  engine_fixture db;
  CHECK(db("APPEND k 12") == "2");
  CHECK(db("OBJECT ENCODING k") == "int");
  CHECK(db("APPEND k \"\"") == "2");
  CHECK(db("OBJECT ENCODING k") == "raw");
  CHECK(db("APPEND k xyz") == "5");
  CHECK(db("GET k") == "12xyz");
}

TEST_CASE("A string that grows by APPEND keeps its bytes and its deadline", "[strings]") {
  engine_fixture db;
  db("SET k \"\" EX 100");
  std::string expected;
  for (int i = 0; i < 300; ++i) {
    const auto piece = std::to_string(i);
    expected += piece;
    CHECK(db("APPEND k " + piece) == std::to_string(expected.size()));
  }
  CHECK(db("GET k") == expected);
  CHECK(db("TTL k") == "100");
}

TEST_CASE("SETRANGE fills a gap with zeros", "[strings]") {
  engine_fixture db;
  CHECK(db("SETRANGE k 3 ab") == "5");
  CHECK(db("GET k") == R"("\x00\x00\x00ab")");
  CHECK(db("OBJECT ENCODING k") == "raw");
  CHECK(db("SETRANGE k 1 x") == "5");
  CHECK(db("SETRANGE k 6 y") == "7");
  CHECK(db("GET k") == R"("\x00x\x00ab\x00y")");
}

TEST_CASE("SETRANGE of nothing changes nothing", "[strings]") {
  engine_fixture db;
  event_recorder events(db);
  CHECK(db("SETRANGE k 10 \"\"") == "0");
  CHECK(db("EXISTS k") == "0");
  db("SET k v");
  events.heard();
  CHECK(db("SETRANGE k 10 \"\"") == "1");
  CHECK(events.heard().empty());
  CHECK(db("OBJECT ENCODING k") == "embstr");
}

TEST_CASE("No string grows beyond proto-max-bulk-len", "[strings]") {
  engine_fixture db({{"proto-max-bulk-len", "1mb"}});
  const std::string refused = "!ERR string exceeds maximum allowed size (proto-max-bulk-len)";
  CHECK(db("SETRANGE k 1048575 x") == "1048576");
  CHECK(db("APPEND k x") == refused);
  CHECK(db("SETRANGE k 1048576 x") == refused);
  CHECK(db("SETRANGE k 9223372036854775807 x") == refused);
  CHECK(db("SETRANGE none 1048576 x") == refused);
  CHECK(db("EXISTS none") == "0");
  CHECK(db("SETRANGE k -1 x") == "!ERR offset is out of range");
  CHECK(db("STRLEN k") == "1048576");
}

TEST_CASE("APPEND and SETRANGE tell of new keys", "[strings][events]") {
  engine_fixture db;
  event_recorder events(db);
  CHECK(events.of("APPEND a x") == "new a, append a");
  CHECK(events.of("APPEND a \"\"") == "append a");
  CHECK(events.of("SETRANGE b 1 x") == "new b, setrange b");
  CHECK(events.of("SETRANGE b 1 y") == "setrange b");
}
