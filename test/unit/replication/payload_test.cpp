#include "catch.hpp"

#include <replication/payload.hpp>
#include <string>

using hawser::replication::payload;
using state = payload::state;

namespace {

struct cut_out {
  std::string content;
  std::string rest;
  state where;
};

// Cuts the content out of what comes in two pieces, as a caller does who keeps what is not taken.
cut_out in_two(const std::string& all, std::size_t cut) {
  payload reader;
  cut_out result;
  std::string input;
  for (const auto& part : {all.substr(0, cut), all.substr(cut)}) {
    input += part;
    input.erase(0, reader.take(input, result.content));
  }
  result.rest = input;
  result.where = reader.where();
  return result;
}

cut_out byte_by_byte(const std::string& all) {
  payload reader;
  cut_out result;
  for (const char each : all) {
    result.rest += each;
    if (reader.where() == state::done) continue;
    result.rest.erase(0, reader.take(result.rest, result.content));
  }
  result.where = reader.where();
  return result;
}

void check_at_every_cut(const std::string& all, const std::string& content,
                        const std::string& rest) {
  for (std::size_t cut = 0; cut <= all.size(); ++cut) {
    INFO("cut at " << cut);
    const auto result = in_two(all, cut);
    CHECK(result.where == state::done);
    CHECK(result.content == content);
    CHECK(result.rest == rest);
  }
  const auto result = byte_by_byte(all);
  CHECK(result.content == content);
  CHECK(result.rest == rest);
}

const std::string mark(payload::mark_size, 'm');

}  // namespace

TEST_CASE("A data set of a known size is cut out of the stream at every cut", "[replication]") {
  check_at_every_cut("\n\n$11\r\nREDIS\r\n$EOF*1\r\n", "REDIS\r\n$EOF", "*1\r\n");
  check_at_every_cut("$0\r\n*1\r\n", "", "*1\r\n");
}

TEST_CASE("A data set that ends with a mark is cut out of the stream at every cut",
          "[replication]") {
  check_at_every_cut("\r\n$EOF:" + mark + "\r\nREDIS0010" + mark + "*1\r\n", "REDIS0010", "*1\r\n");
  check_at_every_cut("$EOF:" + mark + "\r\n" + mark, "", "");
  // Beginnings of the mark within the content are content.
  const auto near = mark.substr(1) + "x" + mark.substr(20) + "y";
  check_at_every_cut("$EOF:" + mark + "\r\n" + near + mark, near, "");
}

TEST_CASE("Anything else in the place of a data set is a failure", "[replication]") {
  for (const std::string wrong :
       {"-ERR no\r\n", "$x\r\n", "$-1\r\n", "$EOF:short\r\n", "+OK\r\n"}) {
    INFO(wrong);
    CHECK(in_two(wrong, 1).where == state::failed);
  }
  CHECK(in_two(std::string(5000, 'x'), 2500).where == state::failed);
}
