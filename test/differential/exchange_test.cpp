#include "catch.hpp"
#include "file_text.hpp"
#include "oracle.hpp"
#include "random_values.hpp"
#include "tcp_client.hpp"

#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

using namespace hawser::test;

namespace {

constexpr int keys_of_a_type = 60;

std::uint64_t chosen_seed() {
  const char* text = std::getenv("HAWSER_SEED");
  return text && *text ? std::stoull(text) : std::random_device{}();
}

std::string ask(tcp_client& client, const std::vector<std::string>& argv) {
  client.send_argv(argv);
  const auto reply = client.receive().value;
  return reply.kind == reply_kind::bulk ? reply.text : to_string(reply);
}

/// Makes keys of each type; returns their names.
std::vector<std::string> fill(tcp_client& client, std::uint64_t seed) {
  random_values values(seed);
  std::vector<std::string> keys;
  for (const auto& type : random_values::types()) {
    for (int i = 0; i < keys_of_a_type; ++i) {
      const auto key = type + ":" + std::to_string(i);
      for (const auto& each : values.make(type, key)) ask(client, each);
      if (ask(client, {"EXISTS", key}) == "1") keys.push_back(key);
    }
  }
  return keys;
}

/// What the same value looks like on any server.
struct facts {
  std::string type, encoding, digest, dump;
};

facts look_at(tcp_client& client, const std::string& key) {
  facts seen{ask(client, {"TYPE", key}), ask(client, {"OBJECT", "ENCODING", key}),
             ask(client, {"DEBUG", "DIGEST-VALUE", key}), ask(client, {"DUMP", key})};
  // Members and fields of a table come in any order; the nodes of a list are made anew.
  if (seen.encoding == "hashtable" || seen.type == "list") seen.dump.clear();
  return seen;
}

/// Elements that made it large may have gone since.
bool became_compact(const facts& before, const facts& after) {
  return (before.encoding == "hashtable" || before.encoding == "skiplist") &&
         (after.encoding == "listpack" || after.encoding == "intset");
}

void check_same(tcp_client& one, tcp_client& other, const std::string& key) {
  const auto expected = look_at(one, key), actual = look_at(other, key);
  INFO(key << " of " << expected.encoding);
  CHECK(actual.type == expected.type);
  CHECK(actual.digest == expected.digest);
  if (became_compact(expected, actual)) return;
  CHECK(actual.encoding == expected.encoding);
  CHECK(actual.dump == expected.dump);
}

void send_values(const server_process& from, const server_process& to, std::uint64_t seed) {
  tcp_client source(from), target(to);
  for (const auto& key : fill(source, seed)) {
    INFO(key);
    REQUIRE(ask(target, {"RESTORE", key, "0", ask(source, {"DUMP", key})}) == "OK");
    check_same(source, target, key);
  }
}

/// Has one server save its data set and the other one start with that file.
void send_file(server_process& from, server_process& to, std::uint64_t seed) {
  const auto digest = [&] {
    tcp_client source(from);
    fill(source, seed);
    ask(source, {"EXPIRE", "hash:1", "1000"});
    ask(source, {"SELECT", "3"});
    ask(source, {"SET", "other", "database", "PX", "2000000000000"});
    REQUIRE(ask(source, {"SAVE"}) == "OK");
    return ask(source, {"DEBUG", "DIGEST"});
  }();
  const auto checked =
      run_program({"redis-check-rdb", (from.directory() / "dump.rdb").string()}).output;
  CHECK(checked.find("RDB looks OK") != std::string::npos);

  to.kill9();
  std::filesystem::copy_file(from.directory() / "dump.rdb", to.directory() / "dump.rdb");
  to.start();
  tcp_client source(from), target(to);
  CHECK(ask(target, {"DEBUG", "DIGEST"}) == digest);
  for (const auto& key : {"hash:1", "list:6", "zset:2", "stream:3", "set:4", "string:5"})
    check_same(source, target, key);
  ask(source, {"SELECT", "3"});
  ask(target, {"SELECT", "3"});
  CHECK(ask(target, {"PEXPIRETIME", "other"}) == ask(source, {"PEXPIRETIME", "other"}));
}

}  // namespace

TEST_CASE("Values go between the servers by DUMP and RESTORE", "[exchange]") {
  const auto seed = chosen_seed();
  INFO("HAWSER_SEED=" << seed);
  oracle expected;
  server_process tested(tested_options());
  SECTION("from the oracle") { send_values(expected, tested, seed); }
  SECTION("to the oracle") { send_values(tested, expected, seed); }
}

TEST_CASE("Each server loads the file that the other one saved", "[exchange]") {
  const auto seed = chosen_seed();
  INFO("HAWSER_SEED=" << seed);
  oracle expected;
  server_process tested(tested_options());
  SECTION("from the oracle") { send_file(expected, tested, seed); }
  SECTION("to the oracle") { send_file(tested, expected, seed); }
}
