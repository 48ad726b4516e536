#include "catch.hpp"
#include "replication_nodes.hpp"
#include "tcp_client.hpp"
#include "tcp_proxy.hpp"

#include <string>

using namespace hawser::test;

namespace {

std::string migrate(const server_process& to, const std::string& rest) {
  return "MIGRATE 127.0.0.1 " + std::to_string(to.port()) + " " + rest;
}

}  // namespace

TEST_CASE("MIGRATE takes keys of all types to another server", "[migrate]") {
  const auto from_kind = GENERATE(node_kind::hawser, node_kind::oracle);
  const auto to_kind = GENERATE(node_kind::hawser, node_kind::oracle);
  CAPTURE(names_of({from_kind, to_kind}));
  const auto from = make_node(from_kind);
  const auto to = make_node(to_kind, {"--requirepass", "secret"});
  tcp_client here(*from), there(*to);
  CHECK(there("AUTH secret") == "OK");
  here("SET s text EX 1000");
  here("RPUSH l a b c");
  here("SADD set 1 2 3");
  here("ZADD z 1 a 2 b");
  here("HSET h f v");
  here("XADD x 1-1 f v");
  const auto keys = std::string(" KEYS s l set z h x missing");
  CHECK(here(migrate(*to, "\"\" 0 5000" + keys)) ==
        "!ERR Target instance replied with error: NOAUTH Authentication required.");
  CHECK(here(migrate(*to, "\"\" 0 5000 AUTH wrong" + keys)) ==
        "!ERR Target instance replied with error: WRONGPASS invalid username-password pair or user "
        "is disabled.");
  CHECK(here(migrate(*to, "s 77 5000 AUTH secret")) ==
        "!ERR Target instance replied with error: ERR DB index is out of range");
  CHECK(here("DBSIZE") == "6");
  CHECK(here(migrate(*to, "\"\" 3 5000 COPY AUTH secret" + keys)) == "OK");
  CHECK(here("DBSIZE") == "6");
  CHECK(here(migrate(*to, "s 3 5000 AUTH2 default secret")) ==
        "!ERR Target instance replied with error: BUSYKEY Target key name already exists.");
  CHECK(here(migrate(*to, "\"\" 3 5000 REPLACE AUTH2 default secret" + keys)) == "OK");
  CHECK(here("DBSIZE") == "0");
  CHECK(here(migrate(*to, "\"\" 3 5000" + keys)) == "NOKEY");
  there("SELECT 3");
  CHECK(there("GET s") == "text");
  CHECK(there("TTL s") != "-1");
  CHECK(there("LRANGE l 0 -1") == "[a b c]");
  CHECK(there("ZRANGE z 0 -1 WITHSCORES") == "[a 1 b 2]");
  CHECK(there("HGETALL h") == "[f v]");
  CHECK(there("XLEN x") == "1");
  CHECK(there("SCARD set") == "3");
}

TEST_CASE("Others are served while MIGRATE waits, and a change keeps the key", "[migrate]") {
  if (testing_the_oracle()) return;  // which stops until the target has replied
  server_process from, to;
  tcp_proxy between(to.port());
  between.stall(true);
  tcp_client waiting(from), other(from);
  waiting("MSET a 1 b 2");
  waiting.send("MIGRATE 127.0.0.1 " + std::to_string(between.port()) + " \"\" 0 60000 KEYS a b");
  CHECK(wait_until(
      [&] { return other("INFO clients").find("blocked_clients:1") != std::string::npos; }));
  CHECK(other("APPEND a x") == "2");
  between.stall(false);
  CHECK(waiting.reply() ==
        "!ERR A key has been changed while it was migrated: it stays here, and the target has what "
        "it was");
  CHECK(other("GET a") == "1x");
  CHECK(other("EXISTS b") == "0");
  CHECK(tcp_client(to)("MGET a b") == "[1 2]");
}

TEST_CASE("MIGRATE gives up a target that does not answer", "[migrate]") {
  server_process from, to;
  tcp_proxy between(to.port());
  between.stall(true);
  tcp_client client(from);
  client("SET a 1");
  const auto there = "MIGRATE 127.0.0.1 " + std::to_string(between.port());
  CHECK(client(there + " a 0 100") == "!IOERR error or timeout reading to target instance");
  CHECK(client("GET a") == "1");
  between.stall(false);
  // What the target was sent may have got there all the same.
  CHECK(client(there + " a 0 0 REPLACE") == "OK");
  CHECK(client("EXISTS a") == "0");
  client("SET a 1");
  CHECK(client("MIGRATE 127.0.0.1 1 a 0 1000") ==
        "!IOERR error or timeout writing to target instance");
  CHECK(client("MIGRATE 127.0.0.1 1 b 0 1000") == "NOKEY");
}

TEST_CASE("A pause of writes holds MIGRATE back", "[migrate]") {
  const auto kind = GENERATE(node_kind::hawser, node_kind::oracle);
  CAPTURE(names_of({kind}));
  const auto from = make_node(kind), to = make_node(node_kind::hawser);
  tcp_client waiting(*from), other(*from), there(*to);
  const auto* rest = GENERATE("a 0 5000", "a 0 5000 COPY");
  other("SET a 1");
  CHECK(other("CLIENT PAUSE 1000000 WRITE") == "OK");
  waiting.send(migrate(*to, rest));
  CHECK(
      wait_until([&] { return other("CLIENT LIST").find(" cmd=migrate ") != std::string::npos; }));
  CHECK(other("GET a") == "1");
  CHECK(there("GET a") == "nil");
  CHECK(other("CLIENT UNPAUSE") == "OK");
  CHECK(waiting.reply() == "OK");
  CHECK(there("GET a") == "1");
}

TEST_CASE("MIGRATE that is under way when writes are paused removes its key afterwards",
          "[migrate]") {
  if (testing_the_oracle()) return;  // nothing can be paused while it migrates
  server_process from, to;
  tcp_proxy between(to.port());
  between.stall(true);
  tcp_client waiting(from), other(from), there(to);
  other("SET a 1");
  waiting.send("MIGRATE 127.0.0.1 " + std::to_string(between.port()) + " a 0 60000");
  CHECK(wait_until(
      [&] { return other("INFO clients").find("blocked_clients:1") != std::string::npos; }));
  CHECK(other("CLIENT PAUSE 1000000 WRITE") == "OK");
  between.stall(false);
  CHECK(wait_until([&] { return there("GET a") == "1"; }));
  // Long enough for the target's reply to be seen, as a rule.
  for (int i = 0; i < 200; ++i) CHECK(other("GET a") == "1");
  CHECK(other("CLIENT UNPAUSE") == "OK");
  CHECK(waiting.reply() == "OK");
  CHECK(other("GET a") == "nil");
}
