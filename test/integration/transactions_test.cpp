#include "catch.hpp"
#include "tcp_client.hpp"

#include <memory>
#include <string>
#include <vector>

using namespace hawser::test;

TEST_CASE("No other client's command comes between those of a transaction", "[transactions]") {
  for (const auto* threads : {"1", "2"}) {
    INFO(threads << " I/O threads");
    server_process server({"--io-threads", threads});
    std::vector<std::unique_ptr<tcp_client>> clients;
    for (int i = 0; i < 8; ++i) clients.push_back(std::make_unique<tcp_client>(server));
    std::string batch;
    for (int i = 0; i < 200; ++i) batch += "MULTI\r\nINCR n\r\nINCR n\r\nINCR n\r\nEXEC\r\n";
    for (auto& client : clients) client->send_raw(batch);
    for (auto& client : clients)
      for (int i = 0; i < 200; ++i) {
        for (int queued = 0; queued < 4; ++queued) client->receive();
        const auto result = client->receive().value;
        REQUIRE(result.items.size() == 3);
        REQUIRE(result.items[1].number == result.items[0].number + 1);
        REQUIRE(result.items[2].number == result.items[0].number + 2);
      }
    CHECK((*clients[0])("GET n") == "4800");
  }
}

TEST_CASE("Optimistic increments of many clients with WATCH lose none", "[transactions]") {
  server_process server({"--io-threads", "2"});
  std::vector<std::unique_ptr<tcp_client>> clients;
  for (int i = 0; i < 4; ++i) clients.push_back(std::make_unique<tcp_client>(server));
  (*clients[0])("SET n 0");
  int done = 0, refused = 0;
  for (int round = 0; round < 100; ++round) {
    for (auto& client : clients) client->send("WATCH n");
    for (auto& client : clients) client->reply();
    std::vector<int> seen;
    for (auto& client : clients) seen.push_back(std::stoi((*client)("GET n")));
    for (std::size_t i = 0; i < clients.size(); ++i)
      clients[i]->send_raw("MULTI\r\nSET n " + std::to_string(seen[i] + 1) + "\r\nEXEC\r\n");
    for (auto& client : clients) {
      client->reply();
      client->reply();
      const bool applied = client->reply() == "[OK]";
      done += applied;
      refused += !applied;
    }
  }
  CHECK(refused > 0);
  CHECK((*clients[0])("GET n") == std::to_string(done));
}

TEST_CASE("UNDO takes back the last commands of a transaction", "[transactions]") {
  if (testing_the_oracle()) return;
  server_process server;
  tcp_client client(server);
  CHECK(client("UNDO") == "!ERR UNDO without MULTI");
  client("MULTI");
  CHECK(client("UNDO") == "[]");
  client("SET a 1");
  client("SET b \"two words\"");
  client("INCR c");
  CHECK(client("UNDO") == "[\"Removed 1 commands:\" \"INCR c\" \"2 commands remaining in queue\"]");
  CHECK(client("UNDO 3") == "!ERR cannot undo 3 commands, only 2 queued");
  CHECK(client("UNDO 0") == "!ERR invalid undo count");
  CHECK(client("UNDO x") == "!ERR invalid undo count");
  CHECK(client("UNDO 1") ==
        "[\"Removed 1 commands:\" \"SET b two words\" \"1 commands remaining in queue\"]");
  CHECK(client("EXEC") == "[OK]");
  CHECK(client("MGET a b c") == "[1 nil nil]");
}

TEST_CASE("UNDO leaves WATCH as it was", "[transactions]") {
  if (testing_the_oracle()) return;
  server_process server;
  tcp_client client(server), other(server);
  client("WATCH a");
  client("MULTI");
  client("SET a mine");
  client("UNDO");
  client("SET b mine");
  CHECK(other("SET a theirs") == "OK");
  CHECK(client("EXEC") == "nil[]");
  CHECK(client("GET b") == "nil");
}
