#include "catch.hpp"
#include <resp/reply_writer.hpp>

#include <limits>
#include <string>

namespace {

using hawser::base::chunked_buffer;
using hawser::resp::protocol;
using hawser::resp::reply_writer;

template <class Write>
std::string written(protocol version, Write write) {
  chunked_buffer out;
  reply_writer reply(out, version);
  write(reply);
  return out.str();
}

template <class Write>
void check(Write write, const std::string& resp2, const std::string& resp3) {
  CHECK(written(protocol::resp2, write) == resp2);
  CHECK(written(protocol::resp3, write) == resp3);
}

}  // namespace

TEST_CASE("Replies have the form of the client's protocol", "[resp][writer]") {
  check([](reply_writer& r) { r.ok(); }, "+OK\r\n", "+OK\r\n");
  check([](reply_writer& r) { r.integer(std::numeric_limits<std::int64_t>::min()); },
        ":-9223372036854775808\r\n", ":-9223372036854775808\r\n");
  check([](reply_writer& r) { r.null(); }, "$-1\r\n", "_\r\n");
  check([](reply_writer& r) { r.null_array(); }, "*-1\r\n", "_\r\n");
  check([](reply_writer& r) { r.map(2); }, "*4\r\n", "%2\r\n");
  check([](reply_writer& r) { r.set(3); }, "*3\r\n", "~3\r\n");
  check([](reply_writer& r) { r.push(3); }, "*3\r\n", ">3\r\n");
  check([](reply_writer& r) { r.number(1.5); }, "$3\r\n1.5\r\n", ",1.5\r\n");
  check([](reply_writer& r) { r.boolean(true); }, ":1\r\n", "#t\r\n");
  check([](reply_writer& r) { r.verbatim("ab"); }, "$2\r\nab\r\n", "=6\r\ntxt:ab\r\n");
  check([](reply_writer& r) { r.bulk_integer(-12); }, "$3\r\n-12\r\n", "$3\r\n-12\r\n");
}

TEST_CASE("Line breaks in an error do not break the protocol", "[resp][writer]") {
  check([](reply_writer& r) { r.error("ERR a\r\nb"); }, "-ERR a  b\r\n", "-ERR a  b\r\n");
  check([](reply_writer& r) { r.error("ERR a \n\r\n"); }, "-ERR a \r\n", "-ERR a \r\n");
}

TEST_CASE("Bulk strings of every length are framed by it", "[resp][writer]") {
  for (std::size_t size = 0; size < 70'000; size = size * 2 + 1) {
    const std::string text(size, 'x');
    CHECK(written(protocol::resp2, [&](reply_writer& r) { r.bulk(text); }) ==
          "$" + std::to_string(size) + "\r\n" + text + "\r\n");
  }
}
