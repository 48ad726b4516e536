#include "catch.hpp"
#include "file_text.hpp"
#include "replication_nodes.hpp"
#include "sentinel_process.hpp"
#include "temp_directory.hpp"

#include <memory>
#include <string>
#include <vector>

using namespace hawser::test;
using namespace std::chrono_literals;

namespace {

std::string address_of(const server_process& server) {
  return "[127.0.0.1 " + std::to_string(server.port()) + "]";
}

std::unique_ptr<server_process> make_configured_node(const temp_directory& of,
                                                     const std::string& primary) {
  const auto file = of.path() / "hawser.conf";
  write_file(file, "save \"\"\nrepl-diskless-sync-delay 0\nenable-debug-command yes\n" + primary);
  return std::make_unique<server_process>(std::vector<std::string>{file.string()});
}

}  // namespace

TEST_CASE(
    "Sentinels find replicas, promote one when the primary dies, and bring that back as a replica",
    "[sentinel]") {
  temp_directory places[3];
  auto first = make_configured_node(places[0], "");
  const auto follow_first = "replicaof 127.0.0.1 " + std::to_string(first->port()) + "\n";
  const auto second = make_configured_node(places[1], follow_first);
  const auto third = make_configured_node(places[2], follow_first);
  REQUIRE(is_up(*second));
  REQUIRE(is_up(*third));
  std::vector<std::unique_ptr<sentinel_process>> watch;
  for (int i = 0; i < 3; ++i) watch.push_back(std::make_unique<sentinel_process>(first->port(), 2));
  const auto all_say = [&](const std::string& line, const std::string& part) {
    return wait_until(
        [&] {
          for (const auto& each : watch)
            if (each->ask(line).find(part) == std::string::npos) return false;
          return true;
        },
        30s);
  };
  REQUIRE(all_say("SENTINEL MASTER fleet", "num-slaves 2"));
  REQUIRE(all_say("SENTINEL MASTER fleet", "num-other-sentinels 2"));
  tcp_client{*first}("SET key before");
  REQUIRE(in_step(*first, *second));
  REQUIRE(in_step(*first, *third));

  first->kill9();
  REQUIRE(wait_until([&] { return watch[0]->primary() != address_of(*first); }, 30s));
  const bool is_second = watch[0]->primary() == address_of(*second);
  const auto& promoted = is_second ? *second : *third;
  const auto& other = is_second ? *third : *second;
  CHECK(watch[0]->primary() == address_of(promoted));
  REQUIRE(wait_until([&] { return info(other, "master_port") == std::to_string(promoted.port()); },
                     30s));
  CHECK(tcp_client(promoted)("GET key") == "before");
  CHECK(tcp_client{promoted}("SET key after") == "OK");
  REQUIRE(in_step(promoted, other));
  // Those that were there have gone on from where they were.
  CHECK(info(promoted, "sync_full") == "0");

  first->start();
  REQUIRE(wait_until([&] { return info(*first, "master_port") == std::to_string(promoted.port()); },
                     30s));
  REQUIRE(in_step(promoted, *first));
  CHECK(tcp_client{*first}("GET key") == "after");
  // It stays one when it is started again: its configuration has been rewritten.
  CHECK(file_text(places[0].path() / "hawser.conf")
            .find("replicaof 127.0.0.1 " + std::to_string(promoted.port())) != std::string::npos);
}
