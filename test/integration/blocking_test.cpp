#include "catch.hpp"
#include "open_files.hpp"
#include "tcp_client.hpp"

#include <memory>
#include <string>
#include <vector>

using namespace hawser::test;

namespace {

bool has_blocked(tcp_client& observer, std::size_t count) {
  const auto wanted = "blocked_clients:" + std::to_string(count) + "\\r";
  return observer("INFO clients").find(wanted) != std::string::npos;
}

/// The client waits for a key when this returns: what is sent in one piece is done in one.
void wait_for(tcp_client& client, const std::string& key) {
  client.send_raw("PING\r\nBLPOP " + key + " 0\r\n");
  client.receive();
}

void push_all(tcp_client& client, const std::vector<std::string>& keys) {
  std::string commands;
  for (std::size_t i = 0; i < keys.size(); ++i)
    commands += "RPUSH " + keys[i] + " " + std::to_string(i) + "\r\n";
  client.send_raw(commands);
  for (std::size_t i = 0; i < keys.size(); ++i) REQUIRE(client.reply() == "1");
}

}  // namespace

TEST_CASE("Commands pipelined after BLPOP run once it is served", "[blocking]") {
  server_process server;
  tcp_client waiter(server), pusher(server);
  waiter.send_raw("BLPOP jobs 0\r\nLLEN jobs\r\n");
  REQUIRE(wait_until([&] { return has_blocked(pusher, 1); }));
  CHECK(pusher("RPUSH jobs a b") == "2");
  CHECK(waiter.reply() == "[jobs a]");
  CHECK(waiter.reply() == "1");
}

TEST_CASE("Ten thousand clients wait for one key, then for one each, and are served in order",
          "[blocking]") {
  constexpr std::size_t count = 10'000;
  if (!can_open_files(count + 1'000)) return;
  server_process server({"--maxclients", std::to_string(count + 100)});
  tcp_client pusher(server);
  std::vector<std::unique_ptr<tcp_client>> waiters(count);
  for (auto& waiter : waiters) waiter = std::make_unique<tcp_client>(server);

  for (const bool shared : {true, false}) {
    std::vector<std::string> keys;
    for (std::size_t i = 0; i < count; ++i)
      keys.push_back(shared ? "jobs" : "job:" + std::to_string(i));
    for (std::size_t i = 0; i < count; ++i) wait_for(*waiters[i], keys[i]);
    CHECK(has_blocked(pusher, count));
    push_all(pusher, keys);
    for (std::size_t i = 0; i < count; ++i)
      REQUIRE(waiters[i]->reply() == "[" + keys[i] + " " + std::to_string(i) + "]");
    CHECK(has_blocked(pusher, 0));
  }
  CHECK(pusher("DBSIZE") == "0");

  for (auto& waiter : waiters) wait_for(*waiter, "jobs");
  waiters.clear();
  CHECK(wait_until([&] { return has_blocked(pusher, 0); }));
  CHECK(pusher("RPUSH jobs a") == "1");
  CHECK(pusher("LPOP jobs") == "a");
}
