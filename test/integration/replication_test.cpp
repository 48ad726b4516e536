#include "catch.hpp"
#include "replication_nodes.hpp"
#include "small_disk.hpp"
#include "tcp_proxy.hpp"
#include "temp_directory.hpp"

#include <filesystem>
#include <random>
#include <sstream>
#include <string>
#include <vector>

using namespace hawser::test;

namespace {

/// The names of the fields of INFO replication, and of the parts of a replica's line.
std::vector<std::string> replication_fields(const server_process& of) {
  tcp_client client(of);
  client.send("INFO replication");
  std::istringstream text(client.receive().value.text);
  std::vector<std::string> names;
  for (std::string line; std::getline(text, line);) {
    names.push_back(line.substr(0, line.find(':')));
    std::istringstream parts(line.starts_with("slave0:") ? line.substr(line.find(':') + 1) : "");
    for (std::string part; std::getline(parts, part, ',');)
      names.push_back("slave0 " + part.substr(0, part.find('=')));
  }
  return names;
}

}  // namespace

TEST_CASE("INFO replication has the oracle's fields in every state", "[replication]") {
  std::vector<std::vector<std::string>> seen[2];
  for (const auto kind : {node_kind::hawser, node_kind::oracle}) {
    auto& states = seen[kind == node_kind::oracle];
    const auto primary = make_node(kind), replica = make_node(kind);
    states.push_back(replication_fields(*primary));
    tcp_client{*primary}("CONFIG SET min-replicas-to-write 1");
    follow(*replica, primary->port());
    REQUIRE(is_up(*replica));
    states.push_back(replication_fields(*primary));
    states.push_back(replication_fields(*replica));
    primary->kill9();
    REQUIRE(wait_until([&] { return info(*replica, "master_link_status") == "down"; }));
    states.push_back(replication_fields(*replica));
    tcp_proxy silent(primary->port());
    silent.stall(true);
    follow(*replica, silent.port());
    REQUIRE(wait_until(
        [&] { return tcp_client(*replica)("ROLE").find("handshake") != std::string::npos; }));
    states.push_back(replication_fields(*replica));
  }
  CHECK(seen[0] == seen[1]);
}

TEST_CASE("Servers in a chain hold the same data at the same offset", "[replication]") {
  using kinds = std::vector<node_kind>;
  const auto h = node_kind::hawser, o = node_kind::oracle;
  const auto kind = GENERATE_COPY(kinds{h, h}, kinds{h, o}, kinds{o, h}, kinds{o, h, o},
                                  kinds{h, o, h}, kinds{h, h, h});
  INFO("chain of " << names_of(kind));
  std::vector<std::unique_ptr<server_process>> chain;
  for (const auto each : kind) {
    chain.push_back(make_node(each));
    if (chain.size() > 1) follow(*chain.back(), chain[chain.size() - 2]->port());
  }
  random_writer writer(*chain.front(), 1);
  // Some before the first full sync, most of them after.
  writer.write(1'000);
  for (std::size_t i = 1; i < chain.size(); ++i) REQUIRE(is_up(*chain[i]));
  writer.write(6'000);
  for (std::size_t i = 1; i < chain.size(); ++i) {
    INFO("server " << i);
    REQUIRE(in_step(*chain.front(), *chain[i]));
    CHECK(info(*chain[i], "master_replid") == info(*chain.front(), "master_replid"));
  }
}

TEST_CASE("A replica heals from cuts at any byte without another full sync", "[replication]") {
  const auto primary = make_node(node_kind::hawser);
  const auto replica = make_node(node_kind::hawser);
  tcp_proxy proxy(primary->port());
  follow(*replica, proxy.port());
  REQUIRE(is_up(*replica));
  random_writer writer(*primary, 2);
  tcp_client writes(*primary), reads(*replica);
  std::mt19937 random(3);
  for (int cuts = 0; cuts < 25; ++cuts) {
    proxy.cut_after(static_cast<std::int64_t>(random() % 3'000));
    for (int i = 0; i < 40; ++i) {
      // Both are the same wherever the stream is cut.
      for (const auto* each : {"MULTI", "INCR {n}one", "INCR {n}two", "EXEC"}) writes.send(each);
      for (int reply = 0; reply < 4; ++reply) writes.reply();
      reads.send("MGET {n}one {n}two");
      const auto both = reads.receive().value;
      CHECK(both.items.at(0).text == both.items.at(1).text);
    }
    writer.write(20);
  }
  REQUIRE(in_step(*primary, *replica));
  CHECK(info(*primary, "sync_full") == "1");
  CHECK(proxy.accepted() > 5);
}

TEST_CASE("A full sync is written beside commands, whose changes follow it", "[replication]") {
  const auto kind = GENERATE(node_kind::hawser, node_kind::oracle);
  const auto primary = make_node(node_kind::hawser);
  const auto first = make_node(kind), second = make_node(kind);
  tcp_client client(*primary);
  CHECK(client("DEBUG POPULATE 200000 key 100") == "OK");
  follow(*first, primary->port());
  follow(*second, primary->port());
  int beside = 0;
  REQUIRE(wait_until([&] {
    beside += client("INFO replication").find("state=wait_bgsave") != std::string::npos;
    client("INCR key:" + std::to_string(200'000 + beside));
    client("DEL key:" + std::to_string(beside));
    return info(*first, "master_link_status") == "up" &&
           info(*second, "master_link_status") == "up";
  }));
  CHECK(beside > 0);
  REQUIRE(in_step(*primary, *first));
  REQUIRE(in_step(*primary, *second));
}

TEST_CASE("The file of a full sync goes where nothing is kept on disk, if that is asked for",
          "[replication]") {
  struct setting {
    std::vector<std::string> options;
    bool kept;
  };
  const auto tried =
      GENERATE(setting{{}, true}, setting{{"--rdb-del-sync-files", "yes"}, false},
               setting{{"--rdb-del-sync-files", "yes", "--save", "3600 1"}, true},
               setting{{"--rdb-del-sync-files", "yes", "--appendonly", "yes"}, true});
  CAPTURE(tried.options);
  const auto primary = make_node(node_kind::hawser),
             replica = make_node(node_kind::hawser, tried.options);
  tcp_client{*primary}("SET a b");
  follow(*replica, primary->port());
  REQUIRE(is_up(*replica));
  CHECK(tcp_client(*replica)("GET a") == "b");
  const auto file = replica->directory() / "dump.rdb";
  CHECK(wait_until([&] { return std::filesystem::exists(file) == tried.kept; }));
  for (const auto& each : std::filesystem::directory_iterator(primary->directory()))
    CHECK(each.path().extension() != ".rdb");
}

TEST_CASE("A full sync that a disk has no room for is tried again", "[replication]") {
  const bool of_primary = GENERATE(false, true);
  CAPTURE(of_primary);
  temp_directory home;
  small_disk disk(home.path() / "disk");
  if (!disk.mounted()) return;
  const std::vector<std::string> on_it{"--dir", (home.path() / "disk").string(), "--rdbcompression",
                                       "no"};
  const auto primary = make_node(node_kind::hawser,
                                 of_primary ? on_it : std::vector<std::string>{on_it[2], on_it[3]});
  const auto replica =
      make_node(node_kind::hawser, of_primary ? std::vector<std::string>() : on_it);
  tcp_client client(*primary), other(*replica);
  for (int i = 0; i < 20; ++i)
    client("SET k:" + std::to_string(i) + " " + std::string(35'000, 'x'));
  other("SET own 1");
  follow(*replica, primary->port());
  const auto& suffers = of_primary ? primary : replica;
  const auto* complaint = of_primary
                              ? "BGSAVE for replication failed: No space left on device"
                              : "Write error or short write writing to the DB dump file needed";
  CHECK(wait_until([&] { return suffers->log().find(complaint) != std::string::npos; }));
  CHECK(other("GET own") == "1");  // until there is something better
  CHECK(client("SET k:0 new") == "OK");
  disk.grow();
  REQUIRE(is_up(*replica));
  CHECK(other("DBSIZE") == "20");
  CHECK(other("GET k:0") == "new");
  suffers->kill9();
}

TEST_CASE("A replica notices a primary that has gone silent, and comes back", "[replication]") {
  const auto primary = make_node(node_kind::hawser);
  const auto replica = make_node(node_kind::hawser, {"--repl-timeout", "2"});
  tcp_proxy proxy(primary->port());
  follow(*replica, proxy.port());
  REQUIRE(is_up(*replica));
  proxy.stall(true);
  tcp_client{*primary}("SET a 1");
  REQUIRE(wait_until([&] { return info(*replica, "master_link_status") == "down"; }));
  CHECK(tcp_client(*replica)("GET a") == "nil");
  proxy.stall(false);
  REQUIRE(in_step(*primary, *replica));
  CHECK(info(*primary, "sync_full") == "1");
}

TEST_CASE("A primary gives a replica up that has gone silent", "[replication]") {
  const auto primary = make_node(node_kind::hawser, {"--repl-timeout", "2"});
  const auto replica = make_node(node_kind::hawser);
  tcp_proxy proxy(primary->port());
  follow(*replica, proxy.port());
  REQUIRE(is_up(*replica));
  CHECK(info(*primary, "connected_slaves") == "1");
  proxy.stall(true);
  CHECK(wait_until([&] { return info(*primary, "connected_slaves") == "0"; }));
}

TEST_CASE("A replica that is started as a primary is sent all data again", "[replication]") {
  const auto primary = make_node(node_kind::hawser);
  const auto replica = make_node(node_kind::hawser, {"--save", "3600 1"});
  follow(*replica, primary->port());
  REQUIRE(is_up(*replica));
  random_writer writer(*primary, 4);
  writer.write(500);
  REQUIRE(in_step(*primary, *replica));
  replica->terminate();
  writer.write(500);
  replica->start();
  follow(*replica, primary->port());
  REQUIRE(in_step(*primary, *replica));
  // Started as a primary it has left the history that it saved.
  CHECK(info(*primary, "sync_full") == "2");
}

TEST_CASE("A replica by its configuration goes on from what it has saved", "[replication]") {
  const auto primary = make_node(node_kind::hawser);
  const auto replica = make_node(
      node_kind::hawser,
      {"--save", "3600 1", "--replicaof", "127.0.0.1 " + std::to_string(primary->port())});
  REQUIRE(is_up(*replica));
  random_writer writer(*primary, 5);
  writer.write(500);
  REQUIRE(in_step(*primary, *replica));
  replica->terminate();
  writer.write(500);
  replica->start();
  REQUIRE(in_step(*primary, *replica));
  CHECK(info(*primary, "sync_full") == "1");
  replica->kill9();
  replica->start();
  REQUIRE(in_step(*primary, *replica));
}

TEST_CASE("A primary that is started again is gone on from", "[replication]") {
  const auto primary = make_node(node_kind::hawser, {"--save", "3600 1"});
  const auto kind = GENERATE(node_kind::hawser, node_kind::oracle);
  const auto replica = make_node(kind);
  follow(*replica, primary->port());
  REQUIRE(is_up(*replica));
  random_writer(*primary, 6).write(500);
  REQUIRE(in_step(*primary, *replica));
  primary->terminate();
  primary->start();
  tcp_client{*primary}("SET after restart");
  REQUIRE(in_step(*primary, *replica));
  CHECK(info(*primary, "sync_full") == "0");
  CHECK(info(*primary, "sync_partial_ok") == "1");
  primary->kill9();
  primary->start();
  REQUIRE(in_step(*primary, *replica));
}

TEST_CASE("A chain goes on through a promotion in its middle", "[replication]") {
  using kinds = std::vector<node_kind>;
  const auto h = node_kind::hawser, o = node_kind::oracle;
  const auto kind = GENERATE_COPY(kinds{h, h, h}, kinds{o, h, o}, kinds{h, o, h});
  INFO("chain of " << names_of(kind));
  const auto top = make_node(kind[0]), middle = make_node(kind[1]), end = make_node(kind[2]);
  follow(*middle, top->port());
  REQUIRE(is_up(*middle));
  follow(*end, middle->port());
  REQUIRE(is_up(*end));
  random_writer(*top, 7).write(300);
  // From here on the top says nothing that the others have not heard when it is demoted.
  tcp_client{*top}("CONFIG SET repl-ping-replica-period 3600");
  tcp_client{*top}("DEBUG SET-ACTIVE-EXPIRE 0");
  REQUIRE(in_step(*top, *end));
  const auto syncs = info(*middle, "sync_full");
  CHECK(tcp_client(*middle)("REPLICAOF NO ONE") == "OK");
  CHECK(info(*middle, "role") == "master");
  random_writer(*middle, 8).write(300);
  follow(*top, middle->port());
  REQUIRE(in_step(*middle, *end));
  REQUIRE(in_step(*middle, *top));
  CHECK(info(*middle, "sync_full") == syncs);
}

TEST_CASE("A primary says why it does not go on from where a replica is", "[replication]") {
  const auto kind = GENERATE(node_kind::hawser, node_kind::oracle);
  INFO("of " << names_of({kind}));
  const auto first = make_node(kind), second = make_node(kind);
  follow(*second, first->port());
  REQUIRE(is_up(*second));
  const auto left = info(*first, "master_replid");
  REQUIRE(tcp_client(*second)("REPLICAOF NO ONE") == "OK");
  const auto says_why = [&](const std::string& request, const std::string& why) {
    tcp_client peer(*second);
    peer.send(request);
    return wait_until([&] { return second->log().find(why) != std::string::npos; });
  };
  CHECK(says_why("PSYNC " + left + " 1000000",
                 "Partial resynchronization not accepted: Requested offset for second ID was "
                 "1000000, but I can reply up to " +
                     info(*second, "second_repl_offset")));
  const std::string strange(40, 'f');
  CHECK(says_why("PSYNC " + strange + " 1",
                 "Partial resynchronization not accepted: Replication ID mismatch (Replica asked "
                 "for '" +
                     strange + "', my replication IDs are '" + info(*second, "master_replid") +
                     "' and '" + left + "')"));
}

TEST_CASE("What a replica may not do it refuses", "[replication]") {
  const auto primary = make_node(node_kind::hawser);
  const auto replica = make_node(GENERATE(node_kind::hawser, node_kind::oracle));
  follow(*replica, primary->port());
  REQUIRE(is_up(*replica));
  tcp_client reader(*replica), writer(*primary);
  CHECK(reader("SET a 1") == "!READONLY You can't write against a read only replica.");
  CHECK(reader("WAIT 0 0").starts_with("!ERR WAIT cannot be used with replica instances."));
  reader("CONFIG SET replica-read-only no");
  CHECK(reader("SET own 1") == "OK");
  reader("CONFIG SET replica-serve-stale-data no");
  CHECK(reader("GET own") == "1");
  primary->kill9();
  REQUIRE(wait_until([&] { return info(*replica, "master_link_status") == "down"; }));
  CHECK(reader("GET own") ==
        "!MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.");
  CHECK(reader("REPLICAOF NO ONE") == "OK");
  CHECK(reader("GET own") == "1");
}

TEST_CASE("What a replica's users may not do its primary does all the same", "[replication]") {
  const auto primary = make_node(node_kind::hawser);
  const auto replica = make_node(node_kind::hawser);
  follow(*replica, primary->port());
  REQUIRE(is_up(*replica));
  CHECK(tcp_client{*replica}("ACL SETUSER default resetkeys -set -flushall") == "OK");
  tcp_client client(*primary);
  CHECK(client("SET a 1") == "OK");
  CHECK(client("FLUSHALL") == "OK");
  CHECK(client("SET b 2") == "OK");
  REQUIRE(in_step(*primary, *replica));
  tcp_client reader(*replica);
  CHECK(reader("ACL LOG") == "[]");
  CHECK(reader("CLIENT LIST TYPE master").find(" user=(superuser) ") != std::string::npos);
}

TEST_CASE("A replica hides keys past their deadline and leaves them to its primary",
          "[replication]") {
  const auto primary = make_node(node_kind::hawser);
  const auto replica = make_node(node_kind::hawser);
  tcp_proxy proxy(primary->port());
  follow(*replica, proxy.port());
  REQUIRE(is_up(*replica));
  tcp_client writer(*primary), reader(*replica);
  writer("DEBUG SET-ACTIVE-EXPIRE 0");
  writer("SET a 1 PX 100");
  writer("HSET h f v");
  REQUIRE(in_step(*primary, *replica));
  REQUIRE(wait_until([&] { return reader("GET a") == "nil"; }));
  CHECK(reader("DBSIZE") == "2");
  CHECK(writer("GET a") == "nil");
  CHECK(wait_until([&] { return reader("DBSIZE") == "1"; }));
}

TEST_CASE("WAIT waits for replicas to have what was written", "[replication]") {
  const auto primary = make_node(node_kind::hawser);
  const auto replica = make_node(GENERATE(node_kind::hawser, node_kind::oracle));
  tcp_proxy proxy(primary->port());
  follow(*replica, proxy.port());
  REQUIRE(is_up(*replica));
  tcp_client writer(*primary);
  writer("SET a 1");
  CHECK(writer("WAIT 1 0") == "1");
  CHECK(tcp_client(*replica)("GET a") == "1");
  CHECK(writer("WAIT 2 50") == "1");
  proxy.stall(true);
  writer("SET a 2");
  CHECK(writer("WAIT 1 50") == "0");
  writer.send("WAIT 1 0");
  proxy.stall(false);
  CHECK(writer.reply() == "1");
}

TEST_CASE("Writes are refused while too few replicas are near", "[replication]") {
  const auto primary = make_node(node_kind::hawser, {"--min-replicas-to-write", "1"});
  tcp_client writer(*primary);
  CHECK(writer("SET a 1") == "!NOREPLICAS Not enough good replicas to write.");
  const auto replica = make_node(node_kind::hawser);
  follow(*replica, primary->port());
  CHECK(wait_until([&] { return writer("SET a 1") == "OK"; }));
}

TEST_CASE("Replicas come with the primary's password", "[replication]") {
  const auto primary = make_node(node_kind::hawser, {"--requirepass", "secret"});
  const auto replica = make_node(node_kind::hawser, {"--masterauth", "wrong"});
  follow(*replica, primary->port());
  REQUIRE(wait_until([&] { return replica->log().find("Unable to AUTH") != std::string::npos; }));
  tcp_client{*replica}("CONFIG SET masterauth secret");
  CHECK(is_up(*replica));
}

TEST_CASE("FAILOVER hands the primary's part over", "[replication]") {
  const auto kinds = GENERATE(std::vector{node_kind::hawser, node_kind::hawser},
                              std::vector{node_kind::hawser, node_kind::oracle},
                              std::vector{node_kind::oracle, node_kind::hawser});
  INFO(names_of(kinds));
  const auto first = make_node(kinds[0]), second = make_node(kinds[1]);
  follow(*second, first->port());
  REQUIRE(is_up(*second));
  random_writer(*first, 9).write(200);
  tcp_client client(*first);
  CHECK(client("FAILOVER TIMEOUT 9000") == "OK");
  // Not refused in between: it waits, and is refused by the replica that the server is then.
  CHECK(client("SET late 1") == "!READONLY You can't write against a read only replica.");
  REQUIRE(is_up(*first));
  CHECK(info(*second, "role") == "master");
  CHECK(tcp_client{*second}("SET late 1") == "OK");
  REQUIRE(in_step(*second, *first));
  CHECK(info(*second, "sync_full") == "0");
  CHECK(info(*first, "master_failover_state") == "no-failover");
}

TEST_CASE("FAILOVER that cannot be is given up", "[replication]") {
  const auto first = make_node(node_kind::hawser), second = make_node(node_kind::hawser);
  tcp_proxy proxy(first->port());
  follow(*second, proxy.port());
  REQUIRE(is_up(*second));
  proxy.stall(true);
  tcp_client client(*first);
  client("SET a 1");
  CHECK(client("FAILOVER TIMEOUT 200") == "OK");
  CHECK(info(*first, "master_failover_state") == "waiting-for-sync");
  CHECK(client("SET a 2") == "OK");
  CHECK(info(*first, "master_failover_state") == "no-failover");
  CHECK(info(*first, "role") == "master");
}

TEST_CASE("Replication belongs to one of several threads", "[replication]") {
  const auto primary = make_node(node_kind::hawser, {"--io-threads", "3"});
  const auto replica = make_node(node_kind::hawser, {"--io-threads", "2"});
  const auto end = make_node(node_kind::hawser, {"--io-threads", "2"});
  tcp_proxy proxy(primary->port());
  follow(*replica, proxy.port());
  REQUIRE(is_up(*replica));
  follow(*end, replica->port());
  random_writer one(*primary, 10);
  for (int i = 0; i < 5; ++i) {
    one.write(500);
    proxy.cut();
  }
  REQUIRE(in_step(*primary, *end));
  CHECK(info(*primary, "sync_full") == "1");
  tcp_client client(*primary);
  client("SET a 1");
  CHECK(client("WAIT 1 0") == "1");
}

TEST_CASE("A replica that is too slow costs no more memory than it may", "[replication]") {
  const auto primary =
      make_node(node_kind::hawser,
                {"--client-output-buffer-limit", "replica 4mb 0 0", "--repl-backlog-size", "1mb"});
  const auto replica = make_node(node_kind::hawser);
  tcp_proxy proxy(primary->port());
  follow(*replica, proxy.port());
  REQUIRE(is_up(*replica));
  proxy.stall(true);
  tcp_client client(*primary);
  const auto value = "SET big " + std::string(100'000, 'x');
  for (int i = 0; i < 150; ++i) client(value);
  CHECK(wait_until([&] { return info(*primary, "connected_slaves") == "0"; }));
  CHECK(std::stoll(info(*primary, "used_memory")) < 14'000'000);
  proxy.stall(false);
  REQUIRE(in_step(*primary, *replica));
}
