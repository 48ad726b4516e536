#include "catch.hpp"
#include "command_line.hpp"
#include "open_files.hpp"
#include "tcp_client.hpp"

#include <memory>
#include <string>
#include <system_error>
#include <vector>

using namespace hawser::test;

namespace {

bool has_clients(tcp_client& observer, int count) {
  const auto wanted = "connected_clients:" + std::to_string(count) + "\\r";
  return observer("INFO clients").find(wanted) != std::string::npos;
}

bool ends(tcp_client& client) {
  try {
    client.read_until_closed();
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

// Asks for far more than the kernel's buffers hold and reads nothing.
void ask_for_too_much(tcp_client& client) {
  std::string requests;
  for (int i = 0; i < 200; ++i) requests += encode_command({"GET", "big"});
  client.send_raw(requests);
}

}  // namespace

TEST_CASE("A client whose output grows beyond the hard limit is disconnected", "[limits]") {
  server_process server({"--client-output-buffer-limit", "normal 2mb 0 0"});
  tcp_client observer(server), slow(server);
  observer("SET big " + std::string(1'000'000, 'x'));
  ask_for_too_much(slow);
  CHECK(wait_until([&] { return has_clients(observer, 1); }));
  CHECK(ends(slow));
  CHECK(server.log().find("output buffer limits") != std::string::npos);
}

TEST_CASE("A client whose output stays above the soft limit too long is disconnected", "[limits]") {
  server_process server({"--client-output-buffer-limit", "normal 0 1mb 1"});
  tcp_client observer(server), slow(server);
  observer("SET big " + std::string(1'000'000, 'x'));
  ask_for_too_much(slow);
  CHECK(has_clients(observer, 2));
  CHECK(wait_until([&] { return has_clients(observer, 1); }));
}

TEST_CASE("A subscriber that does not read is disconnected at its own limit", "[limits]") {
  server_process server({"--client-output-buffer-limit", "pubsub 1mb 0 0"});
  tcp_client publisher(server), slow(server);
  slow("SUBSCRIBE news");
  const auto message = "PUBLISH news " + std::string(100'000, 'x');
  CHECK(wait_until([&] { return publisher(message) == "0"; }));
  CHECK(ends(slow));
}

TEST_CASE("A request larger than the query buffer limit ends its client", "[limits]") {
  server_process server({"--client-query-buffer-limit", "1mb"});
  tcp_client observer(server), greedy(server);
  // The server may be gone before everything is sent.
  try {
    greedy.send_raw("*2\r\n$4\r\nECHO\r\n$9000000\r\n" + std::string(9'000'000, 'x'));
  } catch (const std::system_error&) {
  }
  CHECK(wait_until([&] { return has_clients(observer, 1); }));
  CHECK(observer("PING") == "PONG");
}

TEST_CASE("One client more than maxclients is told so and sent away", "[limits]") {
  server_process server({"--maxclients", "3"});
  tcp_client first(server), second(server);
  REQUIRE(wait_until([&] { return has_clients(first, 2); }));
  auto third = std::make_unique<tcp_client>(server);
  CHECK((*third)("PING") == "PONG");
  tcp_client fourth(server);
  CHECK(fourth.reply() == "!ERR max number of clients reached");
  CHECK(fourth.closed());
  third.reset();
  CHECK(wait_until([&] { return has_clients(first, 2); }));
  tcp_client fifth(server);
  CHECK(fifth("PING") == "PONG");
  CHECK(first("CONFIG SET maxclients 100") == "OK");
  tcp_client sixth(server);
  CHECK(sixth("PING") == "PONG");
  CHECK(first("INFO stats").find("rejected_connections:1\\r") != std::string::npos);
}

TEST_CASE("An idle client is disconnected after the timeout, a subscriber is not", "[limits]") {
  server_process server({"--timeout", "1"});
  tcp_client idle(server), subscriber(server);
  CHECK(idle("PING") == "PONG");
  subscriber("SUBSCRIBE news");
  CHECK(idle.closed());
  CHECK(subscriber("PING") == "[pong \"\"]");
}

TEST_CASE("10,000 idle clients are kept and served", "[limits]") {
  constexpr int count = 10'000;
  if (!can_open_files(count + 1'000)) return;
  server_process server({"--maxclients", std::to_string(count + 100)});
  std::vector<std::unique_ptr<tcp_client>> clients;
  for (int i = 0; i < count; ++i) {
    clients.push_back(std::make_unique<tcp_client>(server));
    if (i % 100 == 0) REQUIRE((*clients.back())("PING") == "PONG");
  }
  CHECK(wait_until([&] { return has_clients(*clients[0], count); }));
  for (int i = 0; i < count; i += 7)
    REQUIRE((*clients[static_cast<std::size_t>(i)])("INCR n") == std::to_string(i / 7 + 1));
  clients.resize(10);
  CHECK(wait_until([&] { return has_clients(*clients[0], 10); }));
}
