#include "catch.hpp"
#include <resp/request_parser.hpp>

#include <string>
#include <vector>

namespace {

using hawser::resp::request_batch;
using hawser::resp::request_limits;
using hawser::resp::request_parser;

using words = std::vector<std::string>;

/// Feeds a parser as a session does: whole requests are taken, the rest stays in the buffer.
struct feeder {
  void feed(std::string_view bytes) {
    buffer += bytes;
    while (!failed) {
      request_batch batch;
      // A copy that moves every time, as a growing buffer does.
      const std::string moved = buffer;
      failed = parser.parse(moved, batch, limits) == request_parser::state::failed;
      for (std::size_t i = 0; i < batch.size(); ++i) {
        const auto args = batch.args(i);
        requests.emplace_back(args.begin(), args.end());
      }
      if (parser.consumed() == 0) break;
      buffer.erase(0, parser.consumed());
    }
  }

  request_limits limits;
  request_parser parser;
  std::string buffer;
  std::vector<words> requests;
  bool failed = false;
};

std::string error_of(std::string_view input, const request_limits& limits = {}) {
  feeder peer;
  peer.limits = limits;
  peer.feed(input);
  return peer.failed ? peer.parser.error() : "none";
}

}  // namespace

TEST_CASE("Requests are the same wherever their bytes are cut", "[resp][parser]") {
  const std::string input =
      "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n"
      "PING\r\n"
      "*0\r\n"
      "\r\n"
      "set  \"a b\" 'c\\'d'\n"
      "*3\r\n$3\r\nSET\r\n$0\r\n\r\n$6\r\na\r\nb\r\n\r\n"
      "*-1\r\n"
      "*1\r\n$4\r\nQUIT\r\n";
  const std::vector<words> expected = {
      {"GET", "k"}, {"PING"}, {"set", "a b", "c'd"}, {"SET", "", "a\r\nb\r\n"}, {"QUIT"}};
  for (std::size_t first = 0; first <= input.size(); ++first)
    for (std::size_t second = first; second <= input.size(); ++second) {
      feeder peer;
      peer.feed(std::string_view(input).substr(0, first));
      peer.feed(std::string_view(input).substr(first, second - first));
      peer.feed(std::string_view(input).substr(second));
      REQUIRE_FALSE(peer.failed);
      REQUIRE(peer.requests == expected);
      REQUIRE(peer.buffer.empty());
    }
}

TEST_CASE("Requests of every size are the same in one piece and byte by byte", "[resp][parser]") {
  std::string input;
  std::vector<words> expected;
  for (const std::size_t count : {1, 2, 8, 9, 10, 11, 99, 100})
    for (const std::size_t size : {0, 1, 9, 10, 99, 100, 999, 1000, 9999, 10'000, 100'000}) {
      if (count * size > 1'000'000) continue;
      expected.emplace_back(count, std::string(size, 'x'));
      expected.back().front() = "SET";
      input += "*" + std::to_string(count) + "\r\n";
      for (const auto& word : expected.back())
        input += "$" + std::to_string(word.size()) + "\r\n" + word + "\r\n";
    }
  request_parser whole;
  request_batch batch;
  REQUIRE(whole.parse(input, batch, {}) == request_parser::state::ready);
  REQUIRE(batch.size() == expected.size());
  request_parser careful;  // never sees a whole request
  request_batch one;
  std::size_t begin = 0, taken = 0;
  for (std::size_t end = 1; end <= input.size(); ++end) {
    // Between two bytes of a text nothing can change.
    if (input[end - 1] == 'x' && end < input.size() && input[end] == 'x') continue;
    const auto part = std::string_view(input).substr(begin, end - begin);
    REQUIRE(careful.parse(part, one, {}) == request_parser::state::ready);
    begin += careful.consumed();
    if (one.empty()) continue;
    REQUIRE(one.size() == 1);
    const auto as_whole = batch.args(taken), by_byte = one.args(0);
    REQUIRE(words(as_whole.begin(), as_whole.end()) == expected[taken]);
    REQUIRE(words(by_byte.begin(), by_byte.end()) == expected[taken]);
    REQUIRE(batch.bytes(taken) == one.bytes(0));
    ++taken;
    one.clear();
  }
  CHECK(taken == expected.size());
  CHECK(whole.consumed() == input.size());
}

TEST_CASE("What follows a NUL in an inline request is dropped with its line", "[resp][parser]") {
  using namespace std::string_view_literals;
  feeder peer;
  peer.feed("PING\0x y\r\nQUIT\r\n"sv);
  CHECK_FALSE(peer.failed);
  CHECK(peer.requests == std::vector<std::vector<std::string>>{{"PING"}, {"QUIT"}});
}

TEST_CASE("Bytes that are no request are refused with the oracle's texts", "[resp][parser]") {
  CHECK(error_of("*1\r\n:1\r\n") == "Protocol error: expected '$', got ':'");
  CHECK(error_of("*1\r\n\r\n") == "Protocol error: expected '$', got ' '");
  CHECK(error_of("*x\r\n") == "Protocol error: invalid multibulk length");
  CHECK(error_of("*2147483648\r\n") == "Protocol error: invalid multibulk length");
  CHECK(error_of("*01\r\n") == "Protocol error: invalid multibulk length");
  CHECK(error_of("*1\r\n$-1\r\n") == "Protocol error: invalid bulk length");
  CHECK(error_of("*1\r\n$536870913\r\n") == "Protocol error: invalid bulk length");
  CHECK(error_of("*1\r\n$ 1\r\n") == "Protocol error: invalid bulk length");
  for (const auto* length : {"00", "03", "", "-0", "+1", "1 ", "12345678901234567890", "0x1"}) {
    INFO(length);
    const auto request = [&](std::string_view kind) {
      return std::string(kind) + length + "\r\nabcdefghijklmnopqrstuvwxyz\r\n";
    };
    CHECK(error_of(request("*1\r\n$")) == "Protocol error: invalid bulk length");
    CHECK(error_of(request("*2\r\n$3\r\nGET\r\n$")) == "Protocol error: invalid bulk length");
    CHECK(error_of(request("*")) == "Protocol error: invalid multibulk length");
  }
  CHECK(error_of("set \"a\r\n") == "Protocol error: unbalanced quotes in request");
  CHECK(error_of(std::string(65'537, 'a')) == "Protocol error: too big inline request");
  CHECK(error_of("*" + std::string(65'537, '1')) == "Protocol error: too big mbulk count string");
  CHECK(error_of("*1\r\n$" + std::string(65'537, '1')) ==
        "Protocol error: too big bulk count string");
}

TEST_CASE("Who has not authenticated may send small requests only", "[resp][parser]") {
  const request_limits limits{512 * 1024 * 1024, false};
  CHECK(error_of("*10\r\n", limits) == "none");
  CHECK(error_of("*11\r\n", limits) == "Protocol error: unauthenticated multibulk length");
  CHECK(error_of("*1\r\n$16384\r\n", limits) == "none");
  CHECK(error_of("*1\r\n$16385\r\n", limits) == "Protocol error: unauthenticated bulk length");
}

TEST_CASE("Requests before a bad one are still delivered", "[resp][parser]") {
  feeder peer;
  peer.feed("PING\r\n*1\r\n$4\r\nECHO\r\n*1\r\n!");
  peer.feed("\r\n");
  CHECK(peer.failed);
  CHECK(peer.requests == std::vector<words>{{"PING"}, {"ECHO"}});
}

TEST_CASE("The parser says how much of a long argument is still to come", "[resp][parser]") {
  request_parser parser;
  request_batch batch;
  const std::string head = "*2\r\n$3\r\nGET\r\n$1000000\r\nabc";
  parser.parse(head, batch, {});
  CHECK(parser.consumed() == 0);
  CHECK(parser.wanted() == head.size() - 3 + 1'000'000 + 2);
}

TEST_CASE("An unauthenticated peer's input is parsed one request at a time", "[resp][parser]") {
  request_parser parser;
  request_batch batch;
  parser.parse("PING\r\nPING\r\n", batch, {1024, false});
  CHECK(batch.size() == 1);
  CHECK(parser.consumed() == 6);
}
