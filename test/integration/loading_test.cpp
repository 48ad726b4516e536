#include "catch.hpp"
#include "contains.hpp"
#include "file_text.hpp"
#include "free_port.hpp"
#include "replication_nodes.hpp"
#include "tcp_client.hpp"

#include <filesystem>
#include <fstream>
#include <memory>
#include <signal.h>
#include <string>
#include <vector>

using namespace hawser::test;

namespace {

const std::string still_loading = "!LOADING Redis is loading the dataset in memory";
constexpr int keys = 2000;

/// A data set on disk, which is loaded so slowly that a test can look at that as long as it likes.
class slow_start {
 public:
  explicit slow_start(std::vector<std::string> options = {}) : options_(std::move(options)) {
    options_.insert(options_.end(), {"--enable-debug-command", "yes", "--rdbcompression", "no"});
    server_process before(options_);
    port_ = before.port();
    tcp_client client(before);
    for (int i = 0; i < keys; i += 2)
      client("MSET key:" + std::to_string(i) + " " + std::string(600, 'v') +
             " key:" + std::to_string(i + 1) + " " + std::string(600, 'w'));
    client("SAVE");
    before.kill9();
    std::filesystem::copy(before.directory(), directory_.path(),
                          std::filesystem::copy_options::recursive);
  }

  void start() {
    std::vector<std::string> words{server_binary(), "--port", std::to_string(port_), "--dir",
                                   directory_.path()};
    words.insert(words.end(), options_.begin(), options_.end());
    words.insert(words.end(),
                 {"--key-load-delay", "100000", "--loading-process-events-interval-bytes", "1024"});
    process_ = std::make_unique<child_process>(std::move(words), directory_.path(),
                                               directory_.path() / "log");
    REQUIRE(wait_until([this] { return can_connect("127.0.0.1", port_); }));
  }

  std::uint16_t port() const { return port_; }
  std::filesystem::path directory() const { return directory_.path(); }
  child_process& process() { return *process_; }
  std::string log() const { return process_->output(); }

  static void hurry(tcp_client& client) {
    CHECK(client("CONFIG SET key-load-delay 0") == "OK");
    CHECK(wait_until([&] { return client("PING") == "PONG"; }));
  }

 private:
  std::vector<std::string> options_;
  temp_directory directory_;
  std::uint16_t port_ = 0;
  std::unique_ptr<child_process> process_;
};

/// A number of INFO's; empty if there is none.
std::string field(tcp_client& client, const std::string& name) {
  const auto text = client("INFO persistence");
  const auto at = text.find(name + ":");
  if (at == std::string::npos) return {};
  const auto begin = at + name.size() + 1;
  return text.substr(begin, text.find_first_not_of("0123456789.", begin) - begin);
}

}  // namespace

TEST_CASE("While the data set is loaded clients are told so", "[loading]") {
  const bool append_only = GENERATE(false, true);
  // The oracle would look after us once in 1,024 requests of the file.
  if (append_only && testing_the_oracle()) return;
  CAPTURE(append_only);
  slow_start server(append_only ? std::vector<std::string>{"--appendonly", "yes"}
                                : std::vector<std::string>{});
  server.start();
  tcp_client client(server.port());
  for (const auto* each :
       {"PING", "GET key:1", "SET a b", "DBSIZE", "SAVE", "BGSAVE", "BGREWRITEAOF", "PSYNC ? -1",
        "EVAL \"return 1\" 0", "KEYS *", "FLUSHALL", "REPLICAOF NO ONE", "WAIT 0 0"}) {
    CAPTURE(each);
    CHECK(client(each) == still_loading);
  }
  if (!testing_the_oracle())
    for (const auto* each : {"DEBUG RELOAD", "DEBUG LOADAOF", "DEBUG POPULATE 1"})
      CHECK(client(each) == still_loading);
  CHECK(client("CONFIG SET appendonly yes") == still_loading);
  CHECK(client("CONFIG GET key-load-delay") == "[key-load-delay 100000]");
  CHECK(client("MULTI") == "OK");
  CHECK(client("GET key:1") == still_loading);
  CHECK(client("EXEC") == "!EXECABORT Transaction discarded because of previous errors.");
  CHECK(client("SELECT 1") == "OK");
  CHECK(client("SELECT 0") == "OK");
  CHECK(field(client, "loading") == "1");
  CHECK(field(client, "async_loading") == "0");
  CHECK(std::stoll(field(client, "loading_start_time")) > 1'700'000'000);
  const auto total = std::stoll(field(client, "loading_total_bytes"));
  CHECK(total > keys * 600);
  CHECK(std::stoll(field(client, "loading_loaded_bytes")) < total);
  CHECK(std::stod(field(client, "loading_loaded_perc")) < 100);
  CHECK_FALSE(field(client, "loading_eta_seconds").empty());
  CHECK_FALSE(field(client, "loading_rdb_used_mem").empty());
  CHECK(server.log().find("Ready to accept connections") == std::string::npos);
  slow_start::hurry(client);
  CHECK(client("DBSIZE") == std::to_string(keys));
  CHECK(field(client, "loading") == "0");
  CHECK(field(client, "loading_total_bytes").empty());
  const auto log = server.log();
  const auto loaded =
      log.find(append_only ? "DB loaded from append only file: " : "DB loaded from disk: ");
  REQUIRE(loaded != std::string::npos);
  CHECK(log.find("Ready to accept connections") > loaded);
  CHECK(client("SET a b") == "OK");
}

TEST_CASE("A server that is told to end while it loads saves nothing", "[loading]") {
  const bool by_signal = GENERATE(false, true);
  CAPTURE(by_signal);
  slow_start server({"--save", "1 1"});
  const auto file = server.directory() / "dump.rdb";
  const auto before = file_text(file);
  server.start();
  tcp_client client(server.port());
  CHECK(client("PING") == still_loading);
  if (by_signal) {
    server.process().signal(SIGTERM);
  } else {
    client.send("SHUTDOWN SAVE");
    client.read_until_closed();
  }
  CHECK(server.process().wait() == exit_status{0, 0});
  if (by_signal)
    contains(server.log(), "Received shutdown signal during loading, scheduling shutdown.");
  CHECK(file_text(file) == before);
}

TEST_CASE("A data set that turns out to be damaged ends the start", "[loading]") {
  slow_start server;
  const auto file = server.directory() / "dump.rdb";
  const auto size = std::filesystem::file_size(file);
  std::filesystem::resize_file(file, size - 500);
  server.start();
  tcp_client client(server.port());
  CHECK(client("PING") == still_loading);
  CHECK(client("CONFIG SET key-load-delay 0") == "OK");
  CHECK(server.process().wait() == exit_status{1, 0});
  if (testing_the_oracle()) return;
  contains(server.log(), "Fatal error loading the DB dump.rdb: unexpected end of file, at offset ");
}

TEST_CASE("Nothing expires in a data set that is being loaded", "[loading]") {
  if (testing_the_oracle()) return;  // see above
  slow_start server({"--appendonly", "yes", "--appendfsync", "always"});
  const auto file = server.directory() / "appendonlydir/appendonly.aof.1.incr.aof";
  const std::string set = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n",
                    expire = "*3\r\n$9\r\nPEXPIREAT\r\n$1\r\nk\r\n$13\r\n1700000000000\r\n";
  const auto text = file_text(file);
  {
    std::ofstream out(file, std::ios::trunc);
    out << "*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n" << set << expire << text;
  }
  const auto before = file_text(file);
  server.start();
  tcp_client client(server.port());
  CHECK(wait_until([&] {
    const auto keyspace = client("INFO keyspace");
    return keyspace.find("expires=1") != std::string::npos;
  }));
  CHECK(file_text(file) == before);
  slow_start::hurry(client);
  CHECK(client("GET k") == "nil");
  CHECK(wait_until([&] { return file_text(file).size() > before.size(); }));
}

TEST_CASE("A replica waits until its primary's data set is there", "[loading][replication]") {
  slow_start server;
  server.start();
  const auto replica = make_node(node_kind::hawser);
  follow(*replica, server.port());
  CHECK(wait_until([&] { return replica->log().find("-LOADING") != std::string::npos; }));
  tcp_client client(server.port());
  slow_start::hurry(client);
  CHECK(wait_until([&] { return is_up(*replica); }));
  CHECK(tcp_client(*replica)("DBSIZE") == std::to_string(keys));
}

TEST_CASE("INFO tells how far a primary's data set is loaded, whatever its file is called",
          "[loading][replication]") {
  const auto primary = make_node(node_kind::hawser, {"--repl-diskless-sync-delay", "3600"});
  tcp_client source(*primary);
  for (int i = 0; i < 100; ++i)
    source("SET key:" + std::to_string(i) + " " + std::string(600, 'v'));
  const auto replica =
      make_node(node_kind::hawser, {"--key-load-delay", "100000", "--enable-protected-configs",
                                    "yes", "--loading-process-events-interval-bytes", "1024"});
  follow(*replica, primary->port());
  tcp_client client(*replica);
  CHECK(wait_until([&] { return info(*primary, "connected_slaves") == "1"; }));
  CHECK(client("CONFIG SET dbfilename other.rdb") == "OK");
  CHECK(source("CONFIG SET repl-diskless-sync-delay 0") == "OK");
  CHECK(wait_until([&] { return field(client, "loading") == "1"; }));
  const auto file = replica->directory() / "other.rdb";
  CHECK(field(client, "loading_total_bytes") == std::to_string(std::filesystem::file_size(file)));
  CHECK_FALSE(std::filesystem::exists(replica->directory() / "dump.rdb"));
  slow_start::hurry(client);
  CHECK(wait_until([&] { return is_up(*replica); }));
  CHECK(client("DBSIZE") == "100");
}
