#include "catch.hpp"
#include "contains.hpp"
#include "file_text.hpp"
#include "small_disk.hpp"
#include "tcp_client.hpp"

#include <filesystem>
#include <signal.h>
#include <string>

using namespace hawser::test;

namespace {

const std::string misconf = "!MISCONF Redis is configured to save RDB snapshots";

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

TEST_CASE("A full disk keeps the old file, and refuses writes until a save succeeds", "[saving]") {
  temp_directory home;
  const auto place = home.path() / "disk";
  small_disk disk(place);
  if (!disk.mounted()) return;
  server_process server({"--dir", place.string(), "--rdbcompression", "no", "--save", "3600 1000"});
  {
    tcp_client client(server);
    client("SET a 1");
    CHECK(client("SAVE") == "OK");
    const auto before = file_text(place / "dump.rdb");
    for (int i = 0; i < 20; ++i)
      CHECK(client("SET k:" + std::to_string(i) + " " + std::string(35'000, 'x')) == "OK");
    CHECK(client("SAVE") == "!ERR");
    CHECK(client("SET a 2") == "OK");
    CHECK(client("BGSAVE") == "\"Background saving started\"");
    CHECK(wait_until([&] { return client("PING").starts_with(misconf); }));
    CHECK(client("SET a 3").starts_with(misconf));
    CHECK(client("EVAL \"return redis.pcall('SET', 'a', 3).err\" 0").find("MISCONF") == 1);
    CHECK(client("GET a") == "2");
    CHECK(file_text(place / "dump.rdb") == before);
    CHECK(std::filesystem::space(place).available > 100'000);
    disk.grow();
    CHECK(client("BGSAVE") == "\"Background saving started\"");
    CHECK(wait_until([&] { return client("SET a 3") == "OK"; }));
  }
  server.kill9();
  server.start();
  CHECK(tcp_client(server)("DBSIZE") == "21");
  CHECK(tcp_client(server)("GET a") == "2");
  server.kill9();
}
