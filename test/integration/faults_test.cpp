// What happens to links and servers while they replicate; after each of it all have the same data
// at the same offset, nobody was sent all data without a cause, and nobody holds too much memory.

#include "catch.hpp"
#include "replication_nodes.hpp"
#include "small_disk.hpp"
#include "tcp_proxy.hpp"
#include "wait_until.hpp"

#include <random>
#include <string>
#include <vector>

using namespace hawser::test;

namespace {

using words = std::vector<std::string>;

node_kind any_kind() { return GENERATE(node_kind::hawser, node_kind::oracle); }

long number(const server_process& of, const std::string& field) {
  return std::stol(info(of, field));
}

/// A data set of about 25 MB.
void populate(const server_process& server) {
  CHECK(tcp_client(server)("DEBUG POPULATE 100000 key 200") == "OK");
}

}  // namespace

TEST_CASE("A full sync that is cut at any byte begins anew until it is whole", "[faults]") {
  const auto primary = make_node(node_kind::hawser, {"--rdbcompression", "no"});
  const auto replica = make_node(any_kind());
  tcp_client writer(*primary);
  CHECK(writer("DEBUG POPULATE 2000 key 500") == "OK");
  tcp_proxy proxy(primary->port());
  std::mt19937 random(1);
  constexpr int cuts = 8;
  for (int i = 0; i < cuts; ++i) {
    tcp_client{*replica}("REPLICAOF NO ONE");
    // The first within the handshake, the others within a megabyte of data.
    proxy.cut_after(static_cast<std::int64_t>(random() % (i == 0 ? 200 : 300'000)));
    follow(*replica, proxy.port());
    REQUIRE(wait_until([&] { return !proxy.cut_is_due(); }));
    writer("INCR count");
  }
  REQUIRE(in_step(*primary, *replica));
  // Each cut costs the sync that it is in; a replica that was quick has been whole in between.
  CHECK(number(*primary, "sync_full") <= 2 * cuts);
}

TEST_CASE("A primary whose machine is gone is noticed, and gone on from", "[faults]") {
  const auto primary = make_node(node_kind::hawser);
  const auto replica = make_node(any_kind(), {"--repl-timeout", "2"});
  tcp_proxy proxy(primary->port());
  follow(*replica, proxy.port());
  REQUIRE(is_up(*replica));
  for (int i = 0; i < 3; ++i) {
    proxy.forget();
    random_writer(*primary, 30 + static_cast<std::uint64_t>(i)).write(100);
    REQUIRE(in_step(*primary, *replica));
  }
  CHECK(info(*primary, "sync_full") == "1");
}

TEST_CASE("A full sync that stalls is given up by both, and begun anew", "[faults]") {
  const auto primary = make_node(node_kind::hawser, {"--repl-timeout", "2"});
  const auto replica = make_node(any_kind(), {"--repl-timeout", "2"});
  populate(*primary);
  tcp_proxy proxy(primary->port());
  follow(*replica, proxy.port());
  REQUIRE(wait_until([&] { return number(*primary, "sync_full") == 1; }));
  proxy.stall(true);
  // How far the replica has come by then is open.
  REQUIRE(wait_until([&] {
    const auto log = replica->log();
    return log.find("Timeout receiving bulk data from MASTER") != std::string::npos ||
           log.find("Timeout connecting to the MASTER") != std::string::npos ||
           log.find("MASTER timeout") != std::string::npos;
  }));
  CHECK(wait_until([&] { return info(*primary, "connected_slaves") == "0"; }));
  proxy.stall(false);
  REQUIRE(in_step(*primary, *replica));
}

TEST_CASE("Every node of a chain may be killed", "[faults]") {
  const words keeps{"--appendonly", "yes", "--appendfsync", "always"};
  std::vector<std::unique_ptr<server_process>> chain;
  for (int i = 0; i < 3; ++i) {
    auto options = keeps;
    if (i > 0) {
      options.push_back("--replicaof");
      options.push_back("127.0.0.1 " + std::to_string(chain.back()->port()));
    }
    chain.push_back(make_node(node_kind::hawser, options));
    if (i > 0) REQUIRE(is_up(*chain.back()));
  }
  for (std::uint64_t i = 0; i < 6; ++i) {
    random_writer(*chain[0], 40 + i).write(200);
    // What nobody waits for may be with a replica and not yet on the primary's disk.
    tcp_client quiet(*chain[0]);
    CHECK(quiet("DEBUG SET-ACTIVE-EXPIRE 0") == "OK");
    CHECK(quiet("CONFIG SET repl-ping-replica-period 3600") == "OK");
    REQUIRE(in_step(*chain[0], *chain[2]));
    CHECK(quiet("WAITAOF 1 0 0").front() == '[');
    auto& victim = *chain[i % 3];
    victim.kill9();
    if (i % 3 != 0) random_writer(*chain[0], 50 + i).write(200);
    victim.start();
    REQUIRE(in_step(*chain[0], *chain[1]));
    REQUIRE(in_step(*chain[0], *chain[2]));
    // A count begins anew with its server: nobody has sent all data since the first time.
    CHECK(info(*chain[0], "sync_full") == "0");
  }
  CHECK(info(*chain[1], "sync_full") == "0");
}

TEST_CASE("A replica whose disk is full keeps what it has until there is room", "[faults]") {
  temp_directory home;
  small_disk disk(home.path() / "disk");
  if (!disk.mounted()) return;
  const auto primary = make_node(node_kind::hawser);
  const auto replica =
      make_node(node_kind::hawser, {"--dir", (home.path() / "disk").string(), "--save", ""});
  tcp_client writer(*primary), old(*replica);
  CHECK(old("SET mine 1") == "OK");
  for (int i = 0; i < 50; ++i)
    writer("SET key:" + std::to_string(i) + " " +
           std::string(20'000, static_cast<char>('a' + i % 26)));
  writer("CONFIG SET rdbcompression no");
  follow(*replica, primary->port());
  REQUIRE(wait_until(
      [&] { return replica->log().find("No space left on device") != std::string::npos; }));
  CHECK(old("GET mine") == "1");
  disk.grow();
  REQUIRE(in_step(*primary, *replica));
  CHECK(old("GET mine") == "nil");
  replica->kill9();
}

TEST_CASE("A new password costs no full sync", "[faults]") {
  const auto primary = make_node(any_kind(), {"--requirepass", "old"});
  const auto replica = make_node(node_kind::hawser, {"--masterauth", "old"});
  tcp_proxy proxy(primary->port());
  follow(*replica, proxy.port());
  REQUIRE(is_up(*replica));
  tcp_client client(*primary);
  CHECK(client("AUTH old") == "OK");
  CHECK(client("CONFIG SET requirepass new") == "OK");
  proxy.cut();
  REQUIRE(wait_until([&] { return replica->log().find("Unable to AUTH") != std::string::npos; }));
  CHECK(client("SET a 1") == "OK");
  CHECK(tcp_client{*replica}("CONFIG SET masterauth new") == "OK");
  tcp_client reader(*replica);
  CHECK(wait_until([&] { return reader("GET a") == "1"; }));
  const auto stats = client("INFO stats");
  CHECK(stats.find("sync_full:1") != std::string::npos);
}

TEST_CASE("Replicas that come during a sync get one of their own", "[faults]") {
  const auto primary = make_node(node_kind::hawser);
  populate(*primary);
  const auto first = make_node(node_kind::hawser);
  const auto second = make_node(any_kind()), third = make_node(node_kind::hawser);
  tcp_client writer(*primary);
  follow(*first, primary->port());
  REQUIRE(wait_until([&] { return number(*primary, "connected_slaves") == 1; }));
  writer("SET during 1");
  follow(*second, primary->port());
  follow(*third, primary->port());
  writer("INCR during");
  for (const auto* each : {first.get(), second.get(), third.get()}) {
    REQUIRE(in_step(*primary, *each));
    CHECK(tcp_client(*each)("GET during") == "2");
  }
  CHECK(info(*primary, "sync_full") == "3");
}

TEST_CASE("FLUSHALL during a full sync", "[faults]") {
  const auto primary = make_node(node_kind::hawser);
  const auto replica = make_node(any_kind());
  populate(*primary);
  tcp_client writer(*primary);
  follow(*replica, primary->port());
  int before = 0, flushed = 0;
  REQUIRE(wait_until([&] {
    const auto state = writer("INFO replication");
    before += state.find("state=wait_bgsave") != std::string::npos;
    if (before > 0 && flushed++ == 0) {
      writer("FLUSHALL");
      writer("SET after 1");
    }
    return info(*replica, "master_link_status") == "up";
  }));
  REQUIRE(in_step(*primary, *replica));
  CHECK(tcp_client(*replica)("DBSIZE") == writer("DBSIZE"));
  CHECK(info(*primary, "sync_full") == "1");
}

TEST_CASE("A link that is cut within a large value goes on within it", "[faults]") {
  const auto primary = make_node(node_kind::hawser, {"--repl-backlog-size", "64mb"});
  const auto replica = make_node(any_kind());
  tcp_proxy proxy(primary->port());
  follow(*replica, proxy.port());
  REQUIRE(is_up(*replica));
  tcp_client writer(*primary);
  std::mt19937 random(2);
  for (int i = 0; i < 5; ++i) {
    proxy.cut_after(static_cast<std::int64_t>(1'000'000 + random() % 8'000'000));
    CHECK(writer("SET big:" + std::to_string(i) + " " +
                 std::string(10'000'000, static_cast<char>('a' + i))) == "OK");
    REQUIRE(in_step(*primary, *replica));
    CHECK_FALSE(proxy.cut_is_due());
  }
  CHECK(info(*primary, "sync_full") == "1");
  CHECK(number(*primary, "sync_partial_ok") >= 5);
}

TEST_CASE("A request that fails on a replica is told, counted, and may end it", "[faults]") {
  const bool panics = GENERATE(false, true);
  const auto kind = any_kind();
  const auto primary = make_node(node_kind::hawser);
  const auto replica =
      make_node(kind, {"--propagation-error-behavior", panics ? "panic-on-replicas" : "ignore",
                       "--repl-disable-tcp-nodelay", "yes"});
  follow(*replica, primary->port());
  REQUIRE(is_up(*replica));
  tcp_client writer(*primary), other(*replica);
  other("CONFIG SET replica-read-only no");
  CHECK(other("RPUSH n mine") == "1");
  other("CONFIG SET replica-read-only yes");
  CHECK(writer("INCR n") == "1");
  const std::string told =
      "== CRITICAL == This replica is sending an error to its master: '-WRONGTYPE Operation "
      "against a key holding the wrong kind of value' after processing the command 'incr'";
  if (panics) {
    CHECK(wait_until([&] { return !replica->running(); }));
    CHECK(replica->log().find("This replica panicked sending an error to its master after "
                              "processing the command 'incr'") != std::string::npos);
    return;
  }
  CHECK(wait_until([&] { return info(*replica, "unexpected_error_replies") == "1"; }));
  CHECK(replica->log().find(told) != std::string::npos);
}

TEST_CASE("A replica that cannot write goes on only if it is told to", "[faults]") {
  const bool ignores = GENERATE(false, true);
  const auto kind = any_kind();
  const auto primary = make_node(node_kind::hawser);
  const auto replica =
      make_node(kind, {"--replica-ignore-disk-write-errors", ignores ? "yes" : "no",
                       "--enable-protected-configs", "yes"});
  follow(*replica, primary->port());
  REQUIRE(is_up(*replica));
  tcp_client other(*replica);
  // A save point makes a save that fails a reason to refuse writes.
  other("CONFIG SET save \"3600 1000000\"");
  std::filesystem::create_directory(replica->directory() / "taken");
  other("CONFIG SET dbfilename taken");
  other("BGSAVE");
  REQUIRE(wait_until([&] { return info(*replica, "rdb_last_bgsave_status") == "err"; }));
  CHECK(tcp_client(*primary)("SET a 1") == "OK");
  if (ignores) {
    CHECK(wait_until([&] { return other("GET a") == "1"; }));
    return;
  }
  CHECK(wait_until([&] { return !replica->running(); }));
  CHECK(replica->log().find("Replica was unable to write command to disk.") != std::string::npos);
}
