#include "catch.hpp"
#include "replication_nodes.hpp"
#include "tcp_client.hpp"
#include "wait_until.hpp"

#include <random>
#include <string>
#include <vector>

using namespace hawser::test;

namespace {

constexpr auto refused = "!OOM command not allowed when used memory > 'maxmemory'.";

std::string key(int number) { return "key:" + std::to_string(number); }

/// Sends them all and returns how many replies were not OK.
int write(tcp_client& client, int from, int to, std::size_t size) {
  const std::string value(size, 'x');
  constexpr int pipelined = 100;
  int failed = 0;
  for (int i = from; i < to; i += pipelined) {
    const int end = std::min(to, i + pipelined);
    for (int j = i; j < end; ++j) client.send("SET " + key(j) + " " + value);
    for (int j = i; j < end; ++j) failed += client.reply() != "OK";
  }
  return failed;
}

long number(const server_process& of, const std::string& field) {
  return std::stol(info(of, field));
}

}  // namespace

TEST_CASE("Memory stays bounded under allkeys-lru, whatever size values have", "[eviction]") {
  // Values in records of the store, and values that the allocator has.
  const std::size_t size = GENERATE(std::size_t{100}, std::size_t{20'000});
  constexpr long limit = 20'000'000;
  server_process server(
      {"--maxmemory", std::to_string(limit), "--maxmemory-policy", "allkeys-lru"});
  tcp_client client(server);
  const int count = static_cast<int>(4 * static_cast<std::size_t>(limit) / size);
  int failed = 0;
  for (int part = 0; part < 10; ++part) {
    failed += write(client, count / 10 * part, count / 10 * (part + 1), size);
    CHECK(number(server, "used_memory") < limit + limit / 10);
  }
  CHECK(failed == 0);
  CHECK(number(server, "evicted_keys") > 0);
  // What is left is no less than what there was room for.
  CHECK(std::stol(client("DBSIZE")) * static_cast<long>(size) > limit / 3);
  CHECK(client("EXISTS " + key(count / 10 * 10 - 1)) == "1");
}

TEST_CASE("Memory is bounded while a snapshot and the append-only file are written", "[eviction]") {
  constexpr long limit = 30'000'000;
  server_process server({"--maxmemory", std::to_string(limit), "--maxmemory-policy", "allkeys-lru",
                         "--appendonly", "yes"});
  tcp_client client(server);
  write(client, 0, 200'000, 100);
  const auto before = std::stol(client("DBSIZE"));
  client("BGSAVE");
  CHECK(write(client, 200'000, 400'000, 100) == 0);
  CHECK(wait_until([&] { return info(server, "rdb_bgsave_in_progress") == "0"; }));
  write(client, 400'000, 410'000, 100);
  CHECK(number(server, "used_memory") < limit + limit / 4);
  CHECK(std::stol(client("DBSIZE")) > before / 2);
}

TEST_CASE("Without keys to remove writes are refused, and nothing else", "[eviction]") {
  server_process server({"--maxmemory", "10mb", "--maxmemory-policy", "volatile-lru"});
  tcp_client client(server);
  CHECK(write(client, 0, 200'000, 200) > 0);
  CHECK(client("SET one more") == refused);
  CHECK(client("RPUSH list 1") == refused);
  CHECK(client("EXISTS key:0") == "1");
  CHECK(info(server, "evicted_keys") == "0");
  for (int i = 0; i < 2'000; ++i) client.send("DEL " + key(i));
  for (int i = 0; i < 2'000; ++i) client.reply();
  CHECK(client("SET one more") == "OK");
  client("CONFIG SET maxmemory 0");
  CHECK(write(client, 0, 1'000, 200) == 0);
}

TEST_CASE("Large values that are removed leave the others alone", "[eviction]") {
  server_process server({"--maxmemory-policy", "volatile-ttl"});
  tcp_client client(server);
  write(client, 0, 1'000, 100);
  std::string members;
  for (int i = 0; i < 1'000; ++i) members += " " + std::string(20, 'm') + "{}" + std::to_string(i);
  for (int i = 0; i < 300; ++i) {
    auto some = members;
    for (auto at = some.find("{}"); at != std::string::npos; at = some.find("{}", at + 1))
      some.replace(at, 2, std::to_string(i));
    client.send("SADD large" + some);
  }
  for (int i = 0; i < 300; ++i) client.reply();
  // Of all keys this one alone may go.
  client("EXPIRE large 1000");
  client("CONFIG SET maxmemory 8mb");
  CHECK(wait_until([&] { return number(server, "used_memory") < 8 * 1024 * 1024; }));
  CHECK(client("SET a 1") == "OK");
  CHECK(client("DBSIZE") == "1001");
  CHECK(info(server, "evicted_keys") == "1");
}

TEST_CASE("A replica holds what its primary has not evicted", "[eviction]") {
  const auto kind = GENERATE(node_kind::hawser, node_kind::oracle);
  const auto primary =
      make_node(node_kind::hawser, {"--maxmemory", "10mb", "--maxmemory-policy", "allkeys-lru"});
  // The limit is no concern of a replica's.
  const auto replica =
      make_node(kind, {"--maxmemory", "1mb", "--maxmemory-policy", "allkeys-random"});
  follow(*replica, primary->port());
  REQUIRE(is_up(*replica));
  tcp_client client(*primary);
  CHECK(write(client, 0, 150'000, 100) == 0);
  client("CONFIG SET lazyfree-lazy-eviction yes");
  CHECK(write(client, 150'000, 200'000, 100) == 0);
  CHECK(number(*primary, "evicted_keys") > 10'000);
  CHECK(info(*replica, "evicted_keys") == "0");
  REQUIRE(in_step(*primary, *replica));
}

TEST_CASE("Clients that take too much memory together are ended, the largest first", "[eviction]") {
  server_process server({"--maxmemory-clients", "20mb"});
  tcp_client client(server), small(server), large(server), spared(server);
  client("SET big " + std::string(1'000'000, 'x'));
  CHECK(spared("CLIENT NO-EVICT on") == "OK");
  CHECK(small("PING") == "PONG");
  const auto send = [&](const std::string& line, int times) {
    try {
      for (int i = 0; i < times; ++i) large.send(line);
    } catch (const std::exception&) {
      // It has been ended.
    }
  };
  SECTION("what they are to be sent") { send("GET big", 60); }
  SECTION("what they have queued") {
    large.send("MULTI");
    send("SET k " + std::string(1'000'000, 'y'), 40);
  }
  CHECK(wait_until([&] { return info(server, "evicted_clients") == "1"; }));
  CHECK(small("PING") == "PONG");
  CHECK(spared("PING") == "PONG");
  CHECK(client("PING") == "PONG");
}
