#include "catch.hpp"
#include "tcp_client.hpp"

#include <string>

using namespace hawser::test;

namespace {

std::string id_of(tcp_client& client) { return client("CLIENT ID"); }

bool listed(tcp_client& observer, const std::string& text) {
  return observer("CLIENT LIST").find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("Writes wait while clients are paused for writing, reads do not", "[clients]") {
  server_process server;
  tcp_client admin(server), writer(server), reader(server);
  CHECK(admin("SET a before") == "OK");
  CHECK(admin("CLIENT PAUSE 100000 WRITE") == "OK");
  writer.send("SET a after");
  REQUIRE(wait_until([&] { return listed(admin, "cmd=set"); }));
  CHECK(reader("GET a") == "before");
  CHECK(admin("CLIENT UNPAUSE") == "OK");
  CHECK(writer.reply() == "OK");
  CHECK(reader("GET a") == "after");
}

TEST_CASE("A pause ends by itself and the waiting are served in order", "[clients]") {
  server_process server;
  tcp_client admin(server), waiting(server);
  CHECK(admin("CLIENT PAUSE 200 ALL") == "OK");
  waiting.send("INCR a");
  waiting.send("INCR a");
  CHECK(waiting.reply() == "1");
  CHECK(waiting.reply() == "2");
}

TEST_CASE("A paused client that leaves is forgotten", "[clients]") {
  server_process server;
  tcp_client admin(server);
  CHECK(admin("CLIENT PAUSE 100000 WRITE") == "OK");
  {
    tcp_client leaving(server);
    leaving.send("SET a 1");
    REQUIRE(wait_until([&] { return listed(admin, "cmd=set"); }));
  }
  CHECK(wait_until([&] { return !listed(admin, "cmd=set"); }));
  CHECK(admin("CLIENT UNPAUSE") == "OK");
  CHECK(admin("EXISTS a") == "0");
}

TEST_CASE("A transaction with writes waits as a whole while writing is paused", "[clients]") {
  server_process server;
  tcp_client admin(server), writer(server);
  CHECK(writer("MULTI") == "OK");
  CHECK(writer("SET a 1") == "QUEUED");
  CHECK(admin("CLIENT PAUSE 100000 WRITE") == "OK");
  writer.send("EXEC");
  REQUIRE(wait_until([&] { return listed(admin, "cmd=exec"); }));
  CHECK(admin("EXISTS a") == "0");
  CHECK(admin("CLIENT UNPAUSE") == "OK");
  CHECK(writer.reply() == "[OK]");
}

TEST_CASE("CLIENT KILL ends clients by id, address, type and user", "[clients]") {
  server_process server;
  tcp_client admin(server);
  tcp_client by_id(server);
  CHECK(admin("CLIENT KILL ID " + id_of(by_id)) == "1");
  CHECK(by_id.closed());
  tcp_client subscriber(server);
  subscriber("SUBSCRIBE news");
  CHECK(admin("CLIENT KILL TYPE pubsub") == "1");
  CHECK(subscriber.closed());
  tcp_client by_address(server);
  const auto info = by_address("CLIENT INFO");
  const auto start = info.find(" addr=") + 6;
  const auto address = info.substr(start, info.find(' ', start) - start);
  CHECK(admin("CLIENT KILL " + address) == "OK");
  CHECK(by_address.closed());
  tcp_client one(server), two(server);
  one("PING");
  two("PING");
  CHECK(admin("CLIENT KILL USER default") == "2");
  CHECK(one.closed());
  CHECK(two.closed());
  CHECK(admin("PING") == "PONG");
}

TEST_CASE("A client that kills itself gets its reply first", "[clients]") {
  server_process server;
  tcp_client client(server);
  CHECK(client("CLIENT KILL ID " + id_of(client) + " SKIPME no") == "1");
  CHECK(client.closed());
}

TEST_CASE("CLIENT REPLY OFF and SKIP keep replies back", "[clients]") {
  server_process server;
  tcp_client client(server);
  client.send("CLIENT REPLY OFF");
  client.send("SET a 1");
  client.send("NOSUCH");
  CHECK(client("CLIENT REPLY ON") == "OK");
  client.send("CLIENT REPLY SKIP");
  client.send("INCR a");
  CHECK(client("GET a") == "2");
}

TEST_CASE("MONITOR shows what other clients do", "[clients]") {
  for (const auto* threads : {"1", "2"}) {
    server_process server({"--io-threads", threads});
    tcp_client watching(server), working(server);
    CHECK(watching("MONITOR") == "OK");
    for (int i = 0; i < 100; ++i) working.send("SET key" + std::to_string(i) + " \"a b\"");
    for (int i = 0; i < 100; ++i) {
      const auto line = watching.receive().value.text;
      INFO(line);
      REQUIRE(line.ends_with("\"SET\" \"key" + std::to_string(i) + "\" \"a b\""));
    }
  }
}

TEST_CASE("What a client subscribed to and watched goes with it", "[clients]") {
  server_process server;
  tcp_client observer(server);
  {
    tcp_client leaving(server);
    leaving("WATCH a");
    leaving("SUBSCRIBE news");
    CHECK(observer("PUBSUB NUMSUB news") == "[news 1]");
  }
  CHECK(wait_until([&] { return observer("PUBSUB NUMSUB news") == "[news 0]"; }));
  CHECK(observer("SET a 1") == "OK");
}
