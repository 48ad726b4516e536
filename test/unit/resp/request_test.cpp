#include "catch.hpp"
#include <resp/request.hpp>

#include <string>

using namespace hawser::resp;

TEST_CASE("A request is written as its words with their sizes", "[resp][request]") {
  CHECK(request({"PING"}) == "*1\r\n$4\r\nPING\r\n");
  CHECK(request({"SET", "", "\r\n"}) == "*3\r\n$3\r\nSET\r\n$0\r\n\r\n$2\r\n\r\n\r\n");
  std::string text = "before";
  begin_request(text, 1);
  append_word(text, std::string(12, 'x'));
  CHECK(text == "before*1\r\n$12\r\nxxxxxxxxxxxx\r\n");
}
