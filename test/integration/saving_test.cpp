#include "catch.hpp"
#include "file_text.hpp"
#include "tcp_client.hpp"

#include <filesystem>
#include <signal.h>
#include <string>

using namespace hawser::test;

namespace {

const std::string misconf = "!MISCONF Redis is configured to save RDB snapshots";

bool contains(const std::string& text, const std::string& part) {
  INFO("looking for: " << part << "\nin: " << text);
  const bool found = text.find(part) != std::string::npos;
  CHECK(found);
  return found;
}

std::filesystem::path file_of(const server_process& server) {
  return server.directory() / "dump.rdb";
}

}  // namespace

TEST_CASE("What was written is there after SIGTERM and a new start", "[saving]") {
  server_process server;
  {
    tcp_client client(server);
    client("SET a 1");
    client("HSET h f v");
    client("EXPIRE h 1000");
  }
  CHECK(server.terminate() == exit_status{0, 0});
  CHECK(std::filesystem::exists(file_of(server)));
  server.start();
  tcp_client client(server);
  CHECK(client("GET a") == "1");
  CHECK(client("HGETALL h") == "[f v]");
  CHECK(client("TTL h") != "-1");
  client.send("SHUTDOWN");
  client.read_until_closed();
  CHECK(server.process().wait() == exit_status{0, 0});
  CHECK(run_program({"redis-check-rdb", file_of(server).string()}).status == exit_status{0, 0});
}

TEST_CASE("Without save points nothing is saved unless it is asked for", "[saving]") {
  server_process server({"--save", ""});
  tcp_client{server}("SET a 1");
  CHECK(server.terminate() == exit_status{0, 0});
  CHECK_FALSE(std::filesystem::exists(file_of(server)));
  server.start();
  {
    tcp_client client(server);
    CHECK(client("SET a 2") == "OK");
    CHECK(client("SAVE") == "OK");
  }
  server.kill9();
  server.start();
  CHECK(tcp_client(server)("GET a") == "2");
}

TEST_CASE("A damaged file ends the start with its place and the reason", "[saving]") {
  server_process server({"--save", ""});
  tcp_client{server}("SET word:1 value");
  CHECK(tcp_client(server)("SAVE") == "OK");
  server.kill9();
  auto bytes = file_text(file_of(server));
  bytes.resize(bytes.size() - 12);
  write_file(file_of(server), bytes);
  const auto run = run_program({server_binary(), "--port", std::to_string(server.port()), "--dir",
                                server.directory().string()});
  CHECK(run.status == exit_status{1, 0});
  contains(run.output, "Fatal error loading the DB dump.rdb: unexpected end of file, at offset ");
}

TEST_CASE("A server whose data cannot be saved goes on", "[saving]") {
  server_process server;
  tcp_client client(server);
  client("SET a 1");
  std::filesystem::create_directory(file_of(server));
  CHECK(client("SAVE") == "!ERR");
  CHECK(client("BGSAVE") == "\"Background saving started\"");
  REQUIRE(wait_until([&] { return client("PING").starts_with(misconf); }));
  CHECK(client("SET a 2").starts_with(misconf));
  CHECK(client("SHUTDOWN") == "!ERR Errors trying to SHUTDOWN. Check logs.");
  server.process().signal(SIGTERM);
  REQUIRE(
      wait_until([&] { return server.log().find("cannot be shut down") != std::string::npos; }));
  CHECK(client("GET a") == "1");
  std::filesystem::remove(file_of(server));
  CHECK(server.terminate() == exit_status{0, 0});
  CHECK(std::filesystem::is_regular_file(file_of(server)));
}

TEST_CASE("A save point saves by itself", "[saving]") {
  server_process server({"--save", "1 2"});
  tcp_client client(server);
  client("MSET a 1 b 2");
  REQUIRE(wait_until([&] { return std::filesystem::exists(file_of(server)); }));
  server.kill9();
  server.start();
  CHECK(tcp_client(server)("MGET a b") == "[1 2]");
}
