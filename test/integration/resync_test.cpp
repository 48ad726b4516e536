#include "catch.hpp"
#include "file_text.hpp"
#include "replication_nodes.hpp"
#include "tcp_proxy.hpp"
#include "wait_until.hpp"

#include <filesystem>
#include <string>
#include <vector>

using namespace hawser::test;

namespace {

using words = std::vector<std::string>;

words with_file(words more = {}) {
  words options{"--appendonly", "yes"};
  options.insert(options.end(), more.begin(), more.end());
  return options;
}

node_kind any_kind() { return GENERATE(node_kind::hawser, node_kind::oracle); }

long number(const server_process& of, const std::string& field) {
  return std::stol(info(of, field));
}

}  // namespace

TEST_CASE("WAITAOF waits for the disks of replicas", "[resync]") {
  const auto policy = GENERATE("always", "everysec");
  const auto primary = make_node(node_kind::hawser, with_file({"--appendfsync", policy}));
  const auto replica = make_node(node_kind::hawser, with_file({"--appendfsync", policy}));
  const auto forgetful = make_node(node_kind::hawser);
  tcp_proxy proxy(primary->port());
  follow(*replica, proxy.port());
  follow(*forgetful, primary->port());
  REQUIRE(is_up(*replica));
  REQUIRE(is_up(*forgetful));
  REQUIRE(wait_until([&] { return info(*replica, "aof_rewrite_in_progress") == "0"; }));
  tcp_client writer(*primary);
  CHECK(writer("SET a 1") == "OK");
  CHECK(writer("WAITAOF 1 1 0") == "[1 1]");
  CHECK(writer("WAIT 2 0") == "2");
  CHECK(writer("WAITAOF 1 2 50") == "[1 1]");
  proxy.stall(true);
  CHECK(writer("SET a 2") == "OK");
  CHECK(writer("WAITAOF 1 1 1500") == "[1 0]");
  writer.send("WAITAOF 0 1 0");
  proxy.stall(false);
  CHECK(writer.reply() == "[1 1]");
  CHECK(writer("MULTI") == "OK");
  writer("WAITAOF 1 3 0");
  CHECK(writer("EXEC") == "[[1 1]]");
  CHECK(tcp_client(*replica)("WAITAOF 0 0 0") ==
        "!ERR WAITAOF cannot be used with replica instances. Please also note that writes to "
        "replicas are just local and are not propagated.");
}

TEST_CASE("Replicas are asked once for all who begin to wait together", "[resync]") {
  const auto primary = make_node(node_kind::hawser, {"--repl-ping-replica-period", "3600"});
  const auto replica = make_node(node_kind::hawser);
  tcp_proxy proxy(primary->port());
  follow(*replica, proxy.port());
  REQUIRE(is_up(*replica));
  tcp_client client(*primary);
  constexpr long clients = 20;
  std::vector<std::unique_ptr<tcp_client>> waiting;
  for (long i = 0; i < clients; ++i) {
    waiting.push_back(std::make_unique<tcp_client>(*primary));
    (*waiting.back())("SET b 1");
  }
  REQUIRE(in_step(*primary, *replica));
  proxy.stall(true);
  client("SET c 1");
  const auto before = number(*primary, "master_repl_offset");
  // All go on when the pause ends.
  client("CLIENT PAUSE 1000 ALL");
  for (const auto& each : waiting) each->send("WAIT 2 0");
  REQUIRE(wait_until([&] { return info(*primary, "blocked_clients") == std::to_string(clients); }));
  const auto size_of_question =
      std::string("*3\r\n$8\r\nREPLCONF\r\n$6\r\nGETACK\r\n$1\r\n*\r\n").size();
  REQUIRE(wait_until([&] { return number(*primary, "master_repl_offset") > before; }));
  const auto asked =
      (number(*primary, "master_repl_offset") - before) / static_cast<long>(size_of_question);
  CHECK(asked >= 1);
  CHECK(asked <= clients / 2);
}

TEST_CASE("A primary that is started again from its append-only file is gone on from", "[resync]") {
  const auto kind = GENERATE(node_kind::hawser, node_kind::oracle);
  const auto primary = make_node(node_kind::hawser, with_file());
  const auto replica = make_node(kind);
  tcp_proxy proxy(primary->port());
  follow(*replica, proxy.port());
  REQUIRE(is_up(*replica));
  random_writer writer(*primary, 6);
  writer.write(500);
  tcp_client{*primary}("BGREWRITEAOF");
  writer.write(500);
  REQUIRE(wait_until([&] { return info(*primary, "aof_rewrite_in_progress") == "0"; }));
  // What the replica has not heard of is in the file only.
  proxy.stall(true);
  random_writer(*primary, 7).write(500);
  primary->terminate();
  proxy.stall(false);
  proxy.cut();
  primary->start();
  tcp_client{*primary}("SET after restart");
  REQUIRE(in_step(*primary, *replica));
  CHECK(info(*primary, "sync_full") == "0");
  CHECK(info(*primary, "sync_partial_ok") == "1");
}

TEST_CASE("A primary that is killed goes on from what was acknowledged", "[resync]") {
  const auto primary = make_node(node_kind::hawser, with_file({"--appendfsync", "always"}));
  const auto replica = make_node(node_kind::hawser);
  follow(*replica, primary->port());
  REQUIRE(is_up(*replica));
  for (int round = 0; round < 3; ++round) {
    random_writer(*primary, 20 + static_cast<std::uint64_t>(round)).write(300);
    tcp_client client(*primary);
    client("INCR rounds");
    REQUIRE(in_step(*primary, *replica));
    primary->kill9();
    primary->start();
    REQUIRE(in_step(*primary, *replica));
    CHECK(info(*primary, "sync_full") == "0");
    CHECK(tcp_client(*replica)("GET rounds") == std::to_string(round + 1));
  }
}

TEST_CASE("A replica that is started again from its append-only file goes on", "[resync]") {
  const auto kind = GENERATE(node_kind::hawser, node_kind::oracle);
  const bool killed = GENERATE(false, true);
  const auto primary = make_node(kind);
  const auto replica =
      make_node(node_kind::hawser,
                with_file({"--replicaof", "127.0.0.1 " + std::to_string(primary->port())}));
  REQUIRE(is_up(*replica));
  random_writer writer(*primary, 8);
  writer.write(500);
  tcp_client{*replica}("BGREWRITEAOF");
  writer.write(500);
  REQUIRE(in_step(*primary, *replica));
  const auto syncs = info(*primary, "sync_full");
  killed ? replica->kill9() : replica->terminate();
  writer.write(500);
  replica->start();
  REQUIRE(in_step(*primary, *replica));
  CHECK(info(*primary, "sync_full") == syncs);
  CHECK(info(*primary, "sync_partial_ok") == "1");
}

TEST_CASE("redis-server loads what a primary and a replica have written", "[resync]") {
  const auto primary = make_node(node_kind::hawser, with_file());
  const auto replica = make_node(node_kind::hawser, with_file());
  follow(*replica, primary->port());
  REQUIRE(is_up(*replica));
  tcp_client client(*primary);
  for (int i = 0; i < 1'500; ++i) {
    if (i == 1'000) tcp_client{*replica}("BGREWRITEAOF");
    if (i % 7 == 0) client("SELECT " + std::to_string(i % 5));
    if (i % 50 == 0) client("MULTI");
    client("RPUSH list" + std::to_string(i % 9) + " " + std::to_string(i));
    client("INCR {n}" + std::to_string(i % 3));
    if (i % 50 == 9) client("EXEC");
  }
  REQUIRE(in_step(*primary, *replica));
  REQUIRE(wait_until([&] { return info(*replica, "aof_rewrite_in_progress") == "0"; }));
  const auto digest = tcp_client(*primary)("DEBUG DIGEST");
  for (auto* each : {primary.get(), replica.get()}) {
    each->terminate();
    const auto oracle =
        make_node(node_kind::oracle, {"--appendonly", "yes", "--dir", each->directory().string()});
    CHECK(tcp_client(*oracle)("DEBUG DIGEST") == digest);
  }
}

TEST_CASE("A replica that memory has given up catches up from the disk", "[resync]") {
  const auto threads = GENERATE("1", "3");
  const auto kind = GENERATE(node_kind::hawser, node_kind::oracle);
  const auto primary = make_node(
      node_kind::hawser, with_file({"--repl-backlog-size", "16kb", "--io-threads", threads}));
  const auto replica = make_node(kind);
  tcp_proxy proxy(primary->port());
  follow(*replica, proxy.port());
  REQUIRE(is_up(*replica));
  proxy.refuse(true);
  const auto value = std::string(10'000, 'x');
  tcp_client client(*primary);
  for (int i = 0; i < 2'000; ++i) {
    client("SET key:" + std::to_string(i) + " " + value);
    client("INCR count");
  }
  random_writer(*primary, 11).write(500);
  proxy.refuse(false);
  for (int i = 0; i < 200; ++i) client("APPEND key:" + std::to_string(i) + " " + value);
  REQUIRE(in_step(*primary, *replica));
  CHECK(info(*primary, "sync_full") == "1");
  // It is in the live stream again.
  CHECK(client("WAIT 1 0") == "1");
  client("SET last 1");
  CHECK(client("WAIT 1 0") == "1");
  CHECK(tcp_client(*replica)("GET last") == "1");
}

TEST_CASE("A replica slower than the writes is served from the disk, in bounded memory",
          "[resync]") {
  const auto primary = make_node(
      node_kind::hawser, with_file({"--repl-backlog-size", "1mb", "--client-output-buffer-limit",
                                    "replica 1mb 1mb 1"}));
  const auto replica = make_node(node_kind::hawser);
  tcp_proxy proxy(primary->port());
  follow(*replica, proxy.port());
  REQUIRE(is_up(*replica));
  const auto before = number(*primary, "used_memory");
  proxy.stall(true);
  tcp_client client(*primary);
  const auto value = "SET big " + std::string(1'000'000, 'x');
  for (int i = 0; i < 200; ++i) {
    client(value);
    if (i == 100) client("BGREWRITEAOF");
  }
  CHECK(info(*primary, "connected_slaves") == "1");
  CHECK(number(*primary, "used_memory") - before < 80'000'000);
  // A rewrite does not take away what the replica is to read.
  REQUIRE(wait_until([&] { return info(*primary, "aof_rewrite_in_progress") == "0"; }));
  client("BGREWRITEAOF");
  REQUIRE(wait_until([&] { return info(*primary, "aof_rewrite_in_progress") == "0"; }));
  client("SET after 1");
  proxy.stall(false);
  REQUIRE(in_step(*primary, *replica));
  CHECK(info(*primary, "sync_full") == "1");
  CHECK(info(*primary, "sync_partial_ok") == "0");
  // Then it goes.
  const auto directory = primary->directory() / "appendonlydir";
  CHECK(wait_until([&] {
    return file_text(directory / "appendonly.aof.manifest").find("type h") == std::string::npos;
  }));
}

namespace {

/// A replica that needs all data of its primary again, though it knows the history: the backlog
/// has forgotten too much of it.
void fall_behind(const server_process& primary, tcp_proxy& proxy) {
  proxy.refuse(true);
  tcp_client client(primary);
  for (int i = 0; i < 20; ++i) client("SET filler " + std::string(10'000, 'x'));
  client("DEL filler");
  proxy.refuse(false);
}

/// That looks at its clients often while it loads.
words swapping(words more = {}) {
  words options{"--repl-diskless-load", "swapdb", "--loading-process-events-interval-bytes",
                "1024"};
  options.insert(options.end(), more.begin(), more.end());
  return options;
}

/// The code of a library with a function, as an argument.
std::string library_that_returns(int number) {
  return "\"#!lua name=old\\nredis.register_function{function_name='f', flags={'no-writes'}, "
         "callback=function() return " +
         std::to_string(number) + " end}\"";
}

}  // namespace

TEST_CASE("repl-diskless-load swapdb serves the old data until the new are there", "[resync]") {
  const auto primary = make_node(node_kind::hawser, {"--repl-backlog-size", "16kb"});
  const std::string append_only = GENERATE("no", "yes");
  const auto replica = make_node(any_kind(), swapping({"--save", "3600 1000000", "--appendonly",
                                                       append_only, "--appendfsync", "always"}));
  tcp_proxy proxy(primary->port());
  tcp_client writer(*primary), reader(*replica), watcher(*replica);
  CHECK(writer("DEBUG POPULATE 2000") == "OK");
  CHECK(writer("FUNCTION LOAD " + library_that_returns(1)) == "old");
  follow(*replica, proxy.port());
  REQUIRE(in_step(*primary, *replica));
  reader("CONFIG SET key-load-delay 1000");
  proxy.refuse(true);
  CHECK(writer("SET key:0 new") == "OK");
  CHECK(writer("FUNCTION LOAD REPLACE " + library_that_returns(2)) == "old");
  watcher("WATCH key:0");
  watcher("MULTI");
  watcher("PING");
  fall_behind(*primary, proxy);
  REQUIRE(wait_until([&] { return info(*replica, "async_loading") == "1"; }));
  CHECK(info(*replica, "loading") == "0");
  CHECK(reader("GET key:0") == "value:0");
  CHECK(reader("FCALL f 0") == "1");
  CHECK(reader("BGSAVE").starts_with("!LOADING"));
  CHECK(reader("DBSIZE") == "2000");
  reader("CONFIG SET key-load-delay 0");
  REQUIRE(in_step(*primary, *replica));
  CHECK(info(*replica, "async_loading") == "0");
  CHECK(reader("GET key:0") == "new");
  CHECK(reader("FCALL f 0") == "2");
  CHECK(watcher("EXEC") == "nil[]");
  CHECK(info(*primary, "sync_full") == "2");
  if (append_only == "no") return;
  // It begins anew with what has been swapped in.
  REQUIRE(wait_until([&] { return info(*replica, "aof_rewrite_in_progress") == "0"; }));
  replica->kill9();
  replica->start();
  CHECK(tcp_client(*replica)("GET key:0") == "new");
}

TEST_CASE("repl-diskless-load swapdb does not serve data of another history", "[resync]") {
  const auto primary = make_node(node_kind::hawser);
  const auto replica = make_node(any_kind(), swapping());
  CHECK(tcp_client{*primary}("DEBUG POPULATE 2000") == "OK");
  tcp_client reader(*replica);
  CHECK(reader("SET mine 1") == "OK");
  reader("CONFIG SET key-load-delay 1000");
  follow(*replica, primary->port());
  REQUIRE(wait_until([&] { return info(*replica, "loading") == "1"; }));
  CHECK(info(*replica, "async_loading") == "0");
  CHECK(reader("GET mine").starts_with("!LOADING"));
  reader("CONFIG SET key-load-delay 0");
  REQUIRE(in_step(*primary, *replica));
  CHECK(reader("GET mine") == "nil");
}

TEST_CASE("repl-diskless-load leaves no file behind", "[resync]") {
  const std::string mode = GENERATE("disabled", "on-empty-db", "swapdb");
  const auto primary = make_node(node_kind::hawser);
  const auto replica = make_node(node_kind::hawser, {"--repl-diskless-load", mode});
  tcp_client{*primary}("SET a 1");
  const auto file = replica->directory() / "dump.rdb";
  follow(*replica, primary->port());
  REQUIRE(in_step(*primary, *replica));
  CHECK(std::filesystem::exists(file) == (mode == "disabled"));
  // The second time there are data.
  tcp_client{*replica}("REPLICAOF NO ONE");
  follow(*replica, primary->port());
  REQUIRE(in_step(*primary, *replica));
  CHECK(std::filesystem::exists(file) == (mode != "swapdb"));
  for (const auto& each : std::filesystem::directory_iterator(replica->directory()))
    CHECK_FALSE(each.path().filename().string().starts_with("temp-"));
}
