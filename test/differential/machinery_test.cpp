#include "catch.hpp"
#include "command_line.hpp"
#include "comparison.hpp"
#include "data_set.hpp"
#include "reply_decoder.hpp"

using namespace hawser::test;

namespace {

reply_value decoded(std::string_view bytes) { return decode_reply(bytes).value().value; }

received_reply received(std::string_view bytes) { return {decoded(bytes), std::string(bytes)}; }

}  // namespace

TEST_CASE("Replies of both protocols are shown in one notation", "[machinery]") {
  CHECK(to_string(decoded("+OK\r\n")) == "OK");
  CHECK(to_string(decoded("$3\r\na b\r\n")) == "\"a b\"");
  CHECK(to_string(decoded("$2\r\n\r\n\r\n")) == "\"\\r\\n\"");
  CHECK(to_string(decoded(":-3\r\n")) == "-3");
  CHECK(to_string(decoded("-ERR no\r\n")) == "!ERR no");
  CHECK(to_string(decoded("$-1\r\n")) == "nil");
  CHECK(to_string(decoded("_\r\n")) == "nil");
  CHECK(to_string(decoded("*-1\r\n")) == "nil[]");
  CHECK(to_string(decoded("*2\r\n$1\r\na\r\n*0\r\n")) == "[a []]");
  CHECK(to_string(decoded("%1\r\n+k\r\n:1\r\n")) == "{k: 1}");
  CHECK(to_string(decoded("~1\r\n+k\r\n")) == "~[k]");
  CHECK(to_string(decoded(">1\r\n+k\r\n")) == ">[k]");
  CHECK(to_string(decoded(",1.5\r\n")) == ",1.5");
  CHECK(to_string(decoded("#t\r\n")) == "#t");
  CHECK(to_string(decoded("(12345678901234567890\r\n")) == "(12345678901234567890");
  CHECK(to_string(decoded("=7\r\ntxt:abc\r\n")) == "=txt:abc");
  CHECK(to_string(decoded("|1\r\n+k\r\n+v\r\n+after\r\n")) == "after");
}

TEST_CASE("A reply that is cut anywhere is not decoded yet", "[machinery]") {
  const std::string_view whole = "%2\r\n$3\r\nabc\r\n*2\r\n:1\r\n_\r\n+x\r\n=5\r\ntxt:y\r\n";
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    INFO("cut at " << cut);
    CHECK_FALSE(decode_reply(whole.substr(0, cut)));
  }
  CHECK(decode_reply(whole)->size == whole.size());
}

TEST_CASE("Bytes that are no reply are refused", "[machinery]") {
  for (const auto* bytes : {"\r\n", "x\r\n", ":a\r\n", "$-2\r\n", "$1\r\nabc\r\n", "*-2\r\n",
                            "#x\r\n", "$99999999999\r\n", "*99999999999999999999\r\n"}) {
    INFO(bytes);
    CHECK_THROWS_AS(decode_reply(bytes), malformed_reply);
  }
}

TEST_CASE("A quoted command is split into the words it was made of", "[machinery]") {
  const std::vector<std::string> words{"SET", "", "a b", "\r\n\t\"'\\", std::string("\0\xff", 2)};
  CHECK(split_command(to_line(words)) == words);
  CHECK(split_command("a 'b c' d\"e f\"\tg") == std::vector<std::string>{"a", "b c", "de f", "g"});
  CHECK_THROWS(split_command("a \"b"));
}

TEST_CASE("A comparison sees every byte unless it is told to overlook something", "[machinery]") {
  const auto left = received("*2\r\n:1\r\n:2\r\n");
  const auto right = received("*2\r\n:2\r\n:1\r\n");
  CHECK_FALSE(same(left, right, {}));
  CHECK(same(left, right, {compare_mode::unordered, 0, {}}));
  CHECK(same(left, right, {compare_mode::shape, 0, {}}));
  CHECK(same(left, right, {compare_mode::bytes, 1, {}}));
  CHECK_FALSE(same(received("+OK\r\n"), received("$2\r\nOK\r\n"), {}));
  CHECK_FALSE(same(received("+OK\r\n"), received("$2\r\nOK\r\n"), {compare_mode::shape, 0, {}}));
  CHECK_FALSE(same(received(":-1\r\n"), received(":0\r\n"), {compare_mode::bytes, 5, {}}));
  CHECK(same(received("+at 17\r\n"), received("+at 18\r\n"), {compare_mode::bytes, 0, "\\d+"}));
  CHECK_FALSE(
      same(received("+at 17\r\n"), received("+on 17\r\n"), {compare_mode::bytes, 0, "\\d+"}));
}

TEST_CASE("Pairs are compared in any order but kept together", "[machinery]") {
  const comparison pairs{compare_mode::pairs, 0, {}};
  const auto left = received("*4\r\n+a\r\n+1\r\n+b\r\n+2\r\n");
  CHECK(same(left, received("*4\r\n+b\r\n+2\r\n+a\r\n+1\r\n"), pairs));
  CHECK_FALSE(same(left, received("*4\r\n+a\r\n+2\r\n+b\r\n+1\r\n"), pairs));
}

TEST_CASE("Data sets differ by keys, values, encodings and times to live", "[machinery]") {
  const std::map<std::string, key_facts> expected{{"0/a", {"string", "int", "1", -1}}};
  auto actual = expected;
  CHECK(difference(expected, actual).empty());
  actual["0/b"] = {};
  CHECK_FALSE(difference(expected, actual).empty());
  CHECK_FALSE(difference(actual, expected).empty());
  actual = {{"0/a", {"string", "embstr", "1", -1}}};
  CHECK_FALSE(difference(expected, actual).empty());
  actual = {{"0/a", {"string", "int", "1", 1000}}};
  CHECK_FALSE(difference(expected, actual).empty());
}
