#include "catch.hpp"
#include "file_text.hpp"
#include "oracle.hpp"
#include "random_values.hpp"
#include "small_disk.hpp"
#include "tcp_client.hpp"
#include "wait_until.hpp"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <thread>
#include <vector>

using namespace hawser::test;
using namespace std::chrono_literals;

namespace {

using clock_type = std::chrono::steady_clock;

std::vector<std::string> append_only(std::vector<std::string> more = {}) {
  std::vector<std::string> options{"--appendonly",           "yes", "--save", "",
                                   "--enable-debug-command", "yes"};
  options.insert(options.end(), more.begin(), more.end());
  return options;
}

/// For a redis-server that is killed: under everysec it replies before it has written, while
/// another thread syncs the file.
std::vector<std::string> written_at_once(std::vector<std::string> more = {}) {
  more.insert(more.end(), {"--appendfsync", "always"});
  return append_only(std::move(more));
}

std::filesystem::path manifest_of(const server_process& server) {
  return server.directory() / "appendonlydir" / "appendonly.aof.manifest";
}

/// Rounds of what is killed: a few, or as many as HAWSER_KILL_ROUNDS says.
int kill_rounds() {
  const char* asked = std::getenv("HAWSER_KILL_ROUNDS");
  return asked == nullptr ? 4 : std::atoi(asked);
}

/// A client that counts: each step is a transaction which sets two keys to the same number, then a
/// number in a key of its own, then a script that sets two more. It knows what it has been told.
class counting_client {
 public:
  counting_client(std::uint16_t port, int number, long first)
      : name_(std::to_string(number)), sent_(first), thread_([this, port] {
          try {
            run(port);
          } catch (const std::exception&) {
            // The server is gone.
          }
        }) {}
  ~counting_client() { thread_.join(); }

  void check_after(tcp_client& client, clock_type::time_point killed, bool always) {
    thread_.join();
    thread_ = std::thread([] {});
    const auto number = [&](const std::string& key) {
      const auto reply = client("GET " + key + name_);
      return reply == "nil" ? 0L : std::stol(reply);
    };
    const auto left = number("left:");
    CHECK(left == number("right:"));
    CHECK(left <= sent_);
    CHECK(number("own:") <= sent_);
    const auto of_script = number("one:");
    CHECK(of_script == number("other:"));
    CHECK(of_script <= sent_);
    const auto certain = always ? acknowledged_ : acknowledged_before(killed - 1100ms);
    CHECK(left >= certain);
    CHECK(number("own:") >= certain);
    CHECK(of_script >= certain);
    last_ = std::max(left, number("own:"));
  }
  long last() const { return last_; }
  long acknowledged() const { return acknowledged_; }

 private:
  void run(std::uint16_t port) {
    tcp_client client(port);
    while (true) {
      const auto next = std::to_string(++sent_);
      client.send("MULTI");
      client.send("SET left:" + name_ + " " + next);
      client.send("SET right:" + name_ + " " + next);
      client.send("EXEC");
      client.send("SET own:" + name_ + " " + next);
      client.send("EVAL \"for i = 1, 2 do redis.call('SET', KEYS[i], ARGV[1]) end\" 2 one:" +
                  name_ + " other:" + name_ + " " + next);
      for (int i = 0; i < 6; ++i)
        if (client.reply().starts_with("!")) return;
      acknowledged_ = sent_;
      history_.emplace_back(clock_type::now(), acknowledged_);
    }
  }
  long acknowledged_before(clock_type::time_point time) const {
    long found = 0;
    for (const auto& [when, number] : history_)
      if (when <= time) found = number;
    return found;
  }

  std::string name_;
  long sent_, acknowledged_ = 0, last_ = 0;
  std::vector<std::pair<clock_type::time_point, long>> history_;
  std::thread thread_;
};

void kill_again_and_again(const std::string& policy, const std::string& io_threads) {
  INFO("appendfsync " << policy << ", io-threads " << io_threads);
  constexpr int clients = 6;
  server_process server(append_only({"--appendfsync", policy, "--io-threads", io_threads}));
  std::mt19937 random(7);
  long last = 0, acknowledged = 0;
  for (int round = 0; round < kill_rounds(); ++round) {
    std::vector<std::unique_ptr<counting_client>> all;
    for (int i = 0; i < clients; ++i)
      all.push_back(std::make_unique<counting_client>(server.port(), i, last));
    std::this_thread::sleep_for(std::chrono::milliseconds(20 + random() % 200));
    if (round % 3 == 2) tcp_client{server}("BGREWRITEAOF");
    const auto killed = clock_type::now();
    server.kill9();
    server.start();
    tcp_client client(server);
    for (auto& each : all) {
      each->check_after(client, killed, policy == "always");
      last = std::max(last, each->last());
      acknowledged += each->acknowledged();
    }
  }
  CHECK(acknowledged > 0);
}

/// Values of every type, in two databases, some with deadlines.
void fill(tcp_client& client, std::uint64_t seed) {
  random_values values(seed);
  for (const auto& type : random_values::types())
    for (const auto& each : values.make(type, type + ":" + std::to_string(seed))) {
      client.send_argv(each);
      client.reply();
    }
  client("SET with:deadline 1 EX 10000");
  client("SELECT 3");
  client("MULTI");
  client("SET other:" + std::to_string(seed) + " 1");
  client("SADD numbers 1 2 3");
  client("SPOP numbers");
  client("EXEC");
  client("SELECT 0");
}

std::string digest_of(const server_process& server) { return tcp_client(server)("DEBUG DIGEST"); }

void check_file(const server_process& server) {
  const auto run = run_program({"redis-check-aof", manifest_of(server).string()});
  INFO(run.output);
  CHECK(run.status == exit_status{0, 0});
}

/// Puts the append-only files of one server in the place of another one's, which starts with them.
void hand_over(server_process& from, server_process& to) {
  const auto name = "appendonlydir";
  from.kill9();
  to.kill9();
  std::filesystem::remove_all(to.directory() / name);
  std::filesystem::copy(from.directory() / name, to.directory() / name,
                        std::filesystem::copy_options::recursive);
  to.start();
}

}  // namespace

TEST_CASE("What was acknowledged under always outlives kill -9", "[append_only]") {
  kill_again_and_again("always", "1");
  kill_again_and_again("always", "2");
}

TEST_CASE(
    "Under everysec and no, kill -9 costs no more than the last second, and no half of a "
    "transaction",
    "[append_only]") {
  kill_again_and_again("everysec", "1");
  kill_again_and_again("no", "2");
}

TEST_CASE("Append-only files go from here to redis-server and back", "[append_only]") {
  const std::string preamble = GENERATE("yes", "no");
  INFO("aof-use-rdb-preamble " << preamble);
  // Redis 7.0 has no listpacks of a few strings, by which encodings differ but not digests.
  server_process here(append_only({"--aof-use-rdb-preamble", preamble}));
  server_process there(written_at_once({"--aof-use-rdb-preamble", preamble}),
                       "/usr/bin/redis-server");
  {
    tcp_client client(here);
    fill(client, 1);
    client("BGREWRITEAOF");
    CHECK(wait_until([&] {
      return client("INFO persistence").find("aof_rewrite_in_progress:0") != std::string::npos;
    }));
    fill(client, 2);
    CHECK(client("WAITAOF 1 0 0") == "[1 0]");
  }
  const auto digest = digest_of(here);
  check_file(here);
  hand_over(here, there);
  CHECK(digest_of(there) == digest);
  {
    tcp_client client(there);
    fill(client, 3);
    client("BGREWRITEAOF");
    CHECK(wait_until([&] {
      const auto info = client("INFO persistence");
      return info.find("aof_rewrite_in_progress:0") != std::string::npos &&
             info.find("aof_rewrites:1") != std::string::npos;
    }));
    fill(client, 4);
  }
  const auto theirs = digest_of(there);
  hand_over(there, here);
  CHECK(digest_of(here) == theirs);
  check_file(here);
}

TEST_CASE("A redis-server's file of before there were manifests is taken over", "[append_only]") {
  server_process there(written_at_once(), "/usr/bin/redis-server");
  {
    tcp_client client(there);
    fill(client, 5);
  }
  const auto digest = digest_of(there);
  there.kill9();
  const auto files = there.directory() / "appendonlydir";
  server_process here({"--appendonly", "yes", "--save", "", "--enable-debug-command", "yes"});
  here.kill9();
  std::filesystem::remove_all(here.directory() / "appendonlydir");
  write_file(here.directory() / "appendonly.aof",
             file_text(files / "appendonly.aof.1.base.rdb") +
                 file_text(files / "appendonly.aof.1.incr.aof"));
  here.start();
  CHECK(digest_of(here) == digest);
  CHECK_FALSE(std::filesystem::exists(here.directory() / "appendonly.aof"));
  check_file(here);
}

TEST_CASE("Waiting for the disk keeps replies, wake-ups and messages in order", "[append_only]") {
  const std::string io_threads = GENERATE("1", "2");
  server_process server(append_only({"--appendfsync", "always", "--io-threads", io_threads}));
  tcp_client blocked(server), listener(server), client(server);
  blocked.send("BLPOP list 0");
  CHECK(listener("SUBSCRIBE channel") == "[subscribe channel 1]");
  std::string pipeline;
  for (int i = 0; i < 200; ++i) pipeline += "INCR n\r\nGET n\r\n";
  client.send_raw(pipeline);
  for (int i = 1; i <= 200; ++i) {
    CHECK(client.reply() == std::to_string(i));
    CHECK(client.reply() == std::to_string(i));
  }
  CHECK(client("RPUSH list a") == "1");
  CHECK(blocked.reply() == "[list a]");
  CHECK(client("PUBLISH channel x") == "1");
  CHECK(listener.reply() == "[message channel x]");
  // Who is held while the policy changes is not forgotten.
  client.send_raw(
      "INCR n\r\nCONFIG SET appendfsync no\r\nINCR n\r\nCONFIG SET appendfsync always\r\n"
      "INCR n\r\nQUIT\r\n");
  CHECK(client.reply() == "201");
  CHECK(client.reply() == "OK");
  CHECK(client.reply() == "202");
  CHECK(client.reply() == "OK");
  CHECK(client.reply() == "203");
  CHECK(client.reply() == "OK");
  CHECK(client.closed());
}

TEST_CASE("The append-only file is switched on and off while there is load", "[append_only]") {
  server_process server({"--save", "", "--enable-debug-command", "yes"});
  std::atomic<bool> over = false;
  std::thread load([&] {
    tcp_client client(server);
    while (!over) client("INCR n");
  });
  tcp_client client(server);
  for (int i = 0; i < 3; ++i) {
    CHECK(client("CONFIG SET appendonly yes") == "OK");
    CHECK(wait_until([&] {
      return client("INFO persistence").find("aof_rewrite_in_progress:0") != std::string::npos;
    }));
    if (i < 2) CHECK(client("CONFIG SET appendonly no") == "OK");
  }
  over = true;
  load.join();
  const auto digest = digest_of(server);
  CHECK(client("DEBUG LOADAOF") == "OK");
  CHECK(digest_of(server) == digest);
  check_file(server);
}

TEST_CASE("A full disk refuses writes, and takes them again when there is room", "[append_only]") {
  temp_directory home;
  small_disk disk(home.path() / "disk");
  if (!disk.mounted()) return;
  server_process server(append_only({"--dir", (home.path() / "disk").string()}));
  tcp_client client(server);
  const std::string value(40'000, 'x');
  long acknowledged = 0;
  std::string reply;
  for (int i = 0; i < 30 && !reply.starts_with("!"); ++i) {
    reply = client("SET k:" + std::to_string(i) + " " + value);
    if (reply == "OK") ++acknowledged;
    std::this_thread::sleep_for(5ms);
  }
  CHECK(reply == "!MISCONF Errors writing to the AOF file: No space left on device");
  CHECK(client("INFO persistence").find("aof_last_write_status:err") != std::string::npos);
  CHECK(client("GET k:0") == value);
  disk.grow();
  CHECK(wait_until([&] { return client("SET k 1") == "OK"; }));
  CHECK(client("WAITAOF 1 0 0") == "[1 0]");
  server.kill9();
  server.start();
  CHECK(tcp_client(server)("DBSIZE") == std::to_string(acknowledged + 1));
  server.kill9();
}

TEST_CASE("A full disk ends a server under always, and what it has promised is there",
          "[append_only]") {
  temp_directory home;
  small_disk disk(home.path() / "disk");
  if (!disk.mounted()) return;
  server_process server(
      append_only({"--appendfsync", "always", "--dir", (home.path() / "disk").string()}));
  const std::string value(40'000, 'x');
  long acknowledged = 0;
  try {
    tcp_client client(server);
    for (int i = 0; i < 30; ++i)
      if (client("SET k:" + std::to_string(i) + " " + value) == "OK") ++acknowledged;
  } catch (const std::exception&) {
    // That is what it is about.
  }
  CHECK(server.process().wait() == exit_status{1, 0});
  CHECK(acknowledged > 0);
  disk.grow();
  server.start();
  CHECK(std::stol(tcp_client(server)("DBSIZE")) >= acknowledged);
  server.kill9();
}

TEST_CASE("A rewrite that the disk has no room for leaves the log as it is", "[append_only]") {
  const auto* preamble = GENERATE("yes", "no");
  temp_directory home;
  small_disk disk(home.path() / "disk");
  if (!disk.mounted()) return;
  server_process server(append_only({"--dir", (home.path() / "disk").string(), "--rdbcompression",
                                     "no", "--aof-use-rdb-preamble", preamble}));
  const auto says = [](tcp_client& client, const std::string& text) {
    return wait_until([&] { return client("INFO persistence").find(text) != std::string::npos; });
  };
  {
    tcp_client client(server);
    for (int i = 0; i < 5; ++i)
      CHECK(client("SET k:" + std::to_string(i) + " " + std::string(35'000, 'x')) == "OK");
    CHECK(client("WAITAOF 1 0 0") == "[1 0]");
    client("BGREWRITEAOF");
    CHECK(says(client, "aof_last_bgrewrite_status:err"));
    CHECK(says(client, "aof_last_write_status:ok"));
    CHECK(wait_until([&] { return client("SET small 1") == "OK"; }));
    CHECK(client("WAITAOF 1 0 0") == "[1 0]");
    for (const auto& each : std::filesystem::directory_iterator(home.path() / "disk"))
      CHECK_FALSE(each.path().filename().string().starts_with("temp-"));
  }
  server.kill9();
  server.start();
  tcp_client client(server);
  CHECK(client("DBSIZE") == "6");
  disk.grow();
  client("BGREWRITEAOF");
  CHECK(says(client, "aof_rewrite_in_progress:0"));
  CHECK(says(client, "aof_last_bgrewrite_status:ok"));
  server.kill9();
  server.start();
  CHECK(tcp_client(server)("DBSIZE") == "6");
  server.kill9();
}

TEST_CASE("What has been renamed is loaded again, by its first name too", "[append_only]") {
  if (testing_the_oracle()) return;  // which refuses its own DEL
  server_process server(
      append_only({"--rename-command", "SET", "put", "--rename-command", "DEL", ""}));
  {
    tcp_client client(server);
    CHECK(client("SET a 1").starts_with("!ERR unknown command 'SET'"));
    CHECK(client("PUT a 1") == "OK");
    CHECK(client("PUT b 1 PX 1") == "OK");
    REQUIRE(wait_until([&] { return client("GET b") == "nil"; }));
    CHECK(client("EVAL \"return redis.call('put','c',1)\" 0") == "OK");
  }
  server.terminate();
  server.start();
  tcp_client client(server);
  CHECK(client("MGET a b c") == "[1 nil 1]");
  CHECK(client("DEL a").starts_with("!ERR unknown command 'DEL'"));
}
