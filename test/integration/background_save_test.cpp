#include "catch.hpp"
#include "file_text.hpp"
#include "tcp_client.hpp"

#include <filesystem>
#include <string>

using namespace hawser::test;

namespace {

const std::string started = "\"Background saving started\"";

std::filesystem::path file_of(const server_process& server) {
  return server.directory() / "dump.rdb";
}

void send_in_batches(tcp_client& client, int commands, const std::string& command) {
  constexpr int batch = 1'000;
  for (int sent = 0; sent < commands; sent += batch) {
    for (int i = sent; i < sent + batch; ++i) {
      auto line = command;
      for (auto at = line.find('#'); at != std::string::npos; at = line.find('#'))
        line.replace(at, 1, std::to_string(i));
      client.send(line);
    }
    for (int i = 0; i < batch; ++i) client.receive();
  }
}

/// Strings, a large collection of each type, and deadlines.
void fill(tcp_client& client) {
  send_in_batches(client, 20'000, "SET key:# a-value-of-key-#");
  send_in_batches(client, 20'000, "HSET hash field:# value:#");
  send_in_batches(client, 20'000, "SADD set member:#");
  send_in_batches(client, 20'000, "ZADD zset # member:#");
  send_in_batches(client, 20'000, "RPUSH list a-longer-element-of-the-list:#");
  send_in_batches(client, 20'000, "XADD stream * field value:#");
  send_in_batches(client, 1'000, "SET timed:# value EX 10000");
}

/// Until a save in the background is over; the number of rounds.
int change_beside_it(tcp_client& client) {
  int rounds = 0;
  do {
    const auto round = std::to_string(rounds++ * 1'000);
    for (int i = 0; i < 100; ++i) {
      const auto n = std::to_string(i * 197 % 20'000);
      client.send("SET key:" + n + " changed");
      client.send("HSET hash field:" + n + " changed");
      client.send("SREM set member:" + n);
      client.send("ZADD zset 1 member:" + n);
      client.send("RPUSH list new");
      client.send("LPOP list");
      client.send("XADD stream * field new");
      client.send("PERSIST timed:" + n);
    }
    client.send("RENAME set other");
    client.send("RENAME other set");
    client.send("INFO persistence");
    for (int i = 0; i < 802; ++i) client.receive();
  } while (client.reply().find("rdb_bgsave_in_progress:1") != std::string::npos);
  return rounds;
}

}  // namespace

TEST_CASE("BGSAVE beside writes saves what there was when it was asked for", "[background_save]") {
  for (const auto* threads : {"1", "2"}) {
    server_process server({"--save", "", "--enable-debug-command", "yes", "--io-threads", threads});
    {
      tcp_client client(server);
      fill(client);
      const auto before = client("DEBUG DIGEST");
      REQUIRE(client("BGSAVE") == started);
      change_beside_it(client);
      CHECK(client("DEBUG DIGEST") != before);
      CHECK(client("INFO persistence").find("rdb_last_bgsave_status:ok") != std::string::npos);
      CHECK(run_program({"redis-check-rdb", file_of(server).string()}).status == exit_status{0, 0});
      server.kill9();
      server.start();
      CHECK(tcp_client(server)("DEBUG DIGEST") == before);
    }
  }
}

TEST_CASE("A server that is killed during BGSAVE has the file of before", "[background_save]") {
  server_process server({"--save", "", "--enable-debug-command", "yes"});
  tcp_client client(server);
  client("SET a 1");
  CHECK(client("SAVE") == "OK");
  const auto before = client("DEBUG DIGEST");
  fill(client);
  client.send("BGSAVE");
  client.send("SET a 2");
  CHECK(client.reply() == started);
  server.kill9();
  server.start();
  tcp_client again(server);
  CHECK(again("DEBUG DIGEST") == before);
}

TEST_CASE("SIGTERM during BGSAVE saves what there is at the end", "[background_save]") {
  server_process server({"--save", "3600 100000000", "--enable-debug-command", "yes"});
  std::string before;
  {
    tcp_client client(server);
    fill(client);
    client.send("BGSAVE");
    client.send("SET a 2");
    client.send("DEBUG DIGEST");
    CHECK(client.reply() == started);
    CHECK(client.reply() == "OK");
    before = client.reply();
  }
  CHECK(server.terminate() == exit_status{0, 0});
  for (const auto& each : std::filesystem::directory_iterator(server.directory()))
    CHECK_FALSE(each.path().filename().string().starts_with("temp-"));
  server.start();
  CHECK(tcp_client(server)("DEBUG DIGEST") == before);
}

TEST_CASE("rdb-key-save-delay makes a save last, and its end is not waited for",
          "[background_save]") {
  server_process server({"--save", "", "--rdb-key-save-delay", "50000"});
  tcp_client client(server);
  for (int i = 0; i < 100; ++i) client("SET key:" + std::to_string(i) + " value");
  const auto info = [&](const std::string& field) {
    const auto text = client("INFO persistence");
    const auto at = text.find(field + ":");
    return at == std::string::npos ? -1 : std::stoi(text.substr(at + field.size() + 1));
  };
  CHECK(client("BGSAVE") == started);
  CHECK(wait_until([&] { return info("current_save_keys_processed") > 0; }));
  CHECK(info("current_save_keys_total") == 100);
  CHECK(info("current_save_keys_processed") < 100);
  CHECK(client("SET key:1 new") == "OK");
  CHECK(client("FLUSHALL") == "OK");
  CHECK(info("rdb_bgsave_in_progress") == 0);
  for (int i = 0; i < 30; ++i) client("SET key:" + std::to_string(i) + " value");
  CHECK(client("BGSAVE") == started);
  CHECK(wait_until([&] { return info("rdb_bgsave_in_progress") == 0; }));
  CHECK(info("rdb_last_bgsave_time_sec") >= 1);
  CHECK(std::filesystem::exists(file_of(server)));
}
