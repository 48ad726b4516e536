#include "catch.hpp"
#include <resp/reply_reader.hpp>

#include <string>
#include <vector>

using namespace hawser::resp;

namespace {

std::vector<reply_item> read_all(std::string_view input) {
  std::vector<reply_item> items;
  reply_reader from(input);
  for (reply_item item; from.next(item);) items.push_back(item);
  return items;
}

constexpr std::string_view every_kind =
    "+OK\r\n-ERR "
    "no\r\n:-12\r\n$3\r\na\r\n\r\n$-1\r\n*2\r\n:1\r\n:2\r\n*-1\r\n%1\r\n+k\r\n+v\r\n~0\r\n"
    "_\r\n#t\r\n,1.5\r\n(123\r\n=5\r\ntxt:a\r\n>1\r\n+m\r\n";

}  // namespace

TEST_CASE("Replies are taken apart item by item", "[reply_reader]") {
  const auto items =
      read_all("+OK\r\n:-12\r\n$3\r\na\r\n\r\n$-1\r\n%1\r\n+k\r\n#f\r\n=5\r\ntxt:a\r\n");
  REQUIRE(items.size() == 8);
  CHECK(items[0].text == "OK");
  CHECK(items[1].count == -12);
  CHECK(items[2].text == "a\r\n");
  CHECK(items[3].count == -1);
  CHECK(items[4].kind == reply_kind::map);
  CHECK(items[6].text == "f");
  CHECK(items[7].text == "txt:a");
}

TEST_CASE("A reply that is cut off anywhere ends the reading", "[reply_reader]") {
  const auto whole = read_all(every_kind).size();
  for (std::size_t cut = 0; cut < every_kind.size(); ++cut) {
    const std::string part(every_kind.substr(0, cut));
    CHECK(read_all(part).size() < whole);
  }
}

TEST_CASE("What is no reply is not read", "[reply_reader]") {
  for (const auto* bytes : {"x\r\n", ":\r\n", ":1a\r\n", "$-2\r\n", "$99999999999999999999\r\n",
                            "$5\r\nab\r\n", "*x\r\n", "*-5\r\n", "+a\rb\n"})
    CHECK(read_all(bytes).empty());
}
