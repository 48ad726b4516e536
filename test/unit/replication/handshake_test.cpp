#include "catch.hpp"
#include <resp/request.hpp>

#include <replication/handshake.hpp>
#include <string>
#include <vector>

using namespace hawser::replication;
using hawser::resp::request;

namespace {

const std::string id(40, 'a');

introduction with_everything() {
  introduction own;
  own.user = "replica";
  own.password = "secret";
  own.port = 6380;
  own.address = "10.0.0.1";
  own.id = id;
  own.next = 101;
  return own;
}

// All requests, when every reply is a good one.
std::vector<std::string> requests(const introduction& own) {
  handshake talk(own);
  std::vector<std::string> all;
  while (const auto next = talk.next()) {
    all.push_back(*next);
    talk.take(talk.asks_for_data() ? "+CONTINUE" : "+OK");
  }
  return all;
}

// What is said of a reply to the request at this place.
std::optional<handshake::remark> remark_on(std::size_t place, std::string_view line) {
  handshake talk(with_everything());
  for (std::size_t i = 0; i < place; ++i) {
    talk.next();
    talk.take("+OK");
  }
  talk.next();
  return talk.take(line);
}

}  // namespace

TEST_CASE("A replica introduces itself step by step", "[replication]") {
  CHECK(requests(with_everything()) ==
        std::vector{request({"PING"}), request({"AUTH", "replica", "secret"}),
                    request({"REPLCONF", "listening-port", "6380"}),
                    request({"REPLCONF", "ip-address", "10.0.0.1"}),
                    request({"REPLCONF", "capa", "eof", "capa", "psync2"}),
                    request({"PSYNC", id, "101"})});
}

TEST_CASE("A replica says no more of itself than there is", "[replication]") {
  introduction own;
  own.port = 1;
  CHECK(requests(own) == std::vector{request({"PING"}),
                                     request({"REPLCONF", "listening-port", "1"}),
                                     request({"REPLCONF", "capa", "eof", "capa", "psync2"}),
                                     request({"PSYNC", "?", "-1"})});
  own.password = "p";
  CHECK(requests(own).at(1) == request({"AUTH", "p"}));
}

TEST_CASE("A primary that asks for a password has replied to PING", "[replication]") {
  for (const auto* line :
       {"+PONG", "-NOAUTH Authentication required.", "-NOPERM no", "-ERR operation not permitted"})
    CHECK_FALSE(remark_on(0, line).value().fatal);
  CHECK(remark_on(0, "-LOADING").value().fatal);
}

TEST_CASE("A wrong password ends the introduction, an unknown option does not", "[replication]") {
  CHECK(remark_on(1, "-WRONGPASS no").value().fatal);
  for (const std::size_t place : {2, 3, 4}) {
    CHECK_FALSE(remark_on(place, "-ERR what").value().fatal);
    CHECK_FALSE(remark_on(place, "+OK").has_value());
  }
}

TEST_CASE("The answer to PSYNC tells how to go on", "[replication]") {
  using kind = sync_answer::kind;
  const auto full = read_sync_answer("+FULLRESYNC " + id + " 1234");
  CHECK(full.what == kind::full);
  CHECK(full.id == id);
  CHECK(full.offset == 1234);
  CHECK(read_sync_answer("+CONTINUE").what == kind::go_on);
  CHECK(read_sync_answer("+CONTINUE").id.empty());
  CHECK(read_sync_answer("+CONTINUE " + id).id == id);
  CHECK(read_sync_answer("-NOMASTERLINK Can't SYNC").what == kind::later);
  CHECK(read_sync_answer("-LOADING Redis").what == kind::later);
  for (const auto* wrong : {"", "+", "+FULLRESYNC", "+FULLRESYNC abc 1", "-ERR unknown", "+OK"})
    CHECK(read_sync_answer(wrong).what == kind::refused);
  CHECK(read_sync_answer("+FULLRESYNC " + id + " -1").what == kind::refused);
  CHECK(read_sync_answer("+FULLRESYNC " + id + " x").what == kind::refused);
}
