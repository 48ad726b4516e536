#include "catch.hpp"
#include "replication_nodes.hpp"
#include "tcp_proxy.hpp"
#include "wait_until.hpp"

#include <string>
#include <vector>

using namespace hawser::test;

namespace {

/// A primary and its replica, between whom a proxy stands.
struct pair_of_nodes {
  explicit pair_of_nodes(const std::vector<node_kind>& kinds)
      : first(make_node(kinds[0], {"--repl-ping-replica-period", "3600"})),
        second(make_node(kinds[1])),
        proxy(first->port()) {
    follow(*second, proxy.port());
    REQUIRE(is_up(*second));
    random_writer(*first, 9).write(200);
    tcp_client{*first}("DEBUG SET-ACTIVE-EXPIRE 0");
    REQUIRE(in_step(*first, *second));
  }

  std::string address() const { return "127.0.0.1 " + std::to_string(second->port()); }
  std::string state() const { return info(*first, "master_failover_state"); }

  std::unique_ptr<server_process> first, second;
  tcp_proxy proxy;
};

/// Each server in each place.
std::vector<node_kind> any_kinds() {
  const auto h = node_kind::hawser, o = node_kind::oracle;
  return GENERATE_COPY(std::vector{h, h}, std::vector{h, o}, std::vector{o, h}, std::vector{o, o});
}

}  // namespace

TEST_CASE("FAILOVER refuses what cannot be", "[failover]") {
  const auto kinds = any_kinds();
  INFO(names_of(kinds));
  const pair_of_nodes nodes(kinds);
  tcp_client client(*nodes.first), other(*nodes.second);
  CHECK(client("FAILOVER TO 127.0.0.1 1") ==
        "!ERR FAILOVER target HOST and PORT is not a replica.");
  CHECK(client("FAILOVER TO localhost " + std::to_string(nodes.second->port())) ==
        "!ERR FAILOVER target HOST and PORT is not a replica.");
  const auto needs =
      "!ERR FAILOVER with force option requires both a timeout and target HOST and IP.";
  CHECK(client("FAILOVER FORCE") == needs);
  CHECK(client("FAILOVER FORCE TIMEOUT 100") == needs);
  CHECK(client("FAILOVER TO " + nodes.address() + " FORCE") == needs);
  CHECK(client("FAILOVER TIMEOUT 0") == "!ERR FAILOVER timeout must be greater than 0");
  CHECK(client("FAILOVER ABORT") == "!ERR No failover in progress.");
  CHECK(client("FAILOVER ABORT TIMEOUT 5") == "!ERR syntax error");
  CHECK(other("FAILOVER") == "!ERR FAILOVER is not valid when server is a replica.");
  CHECK(nodes.state() == "no-failover");
}

TEST_CASE("FAILOVER waits for the replica, and can be called off", "[failover]") {
  const auto kinds = any_kinds();
  INFO(names_of(kinds));
  pair_of_nodes nodes(kinds);
  tcp_client client(*nodes.first), writer(*nodes.first);
  nodes.proxy.stall(true);
  client("SET a 1");
  CHECK(client("FAILOVER TO " + nodes.address()) == "OK");
  CHECK(nodes.state() == "waiting-for-sync");
  CHECK(info(*nodes.first, "role") == "master");
  CHECK(client("FAILOVER") == "!ERR FAILOVER already in progress.");
  CHECK(client("REPLICAOF 127.0.0.1 1") == "!ERR REPLICAOF not allowed while failing over.");
  writer.send("SET a 2");
  CHECK(client("GET a") == "1");
  CHECK(client("FAILOVER ABORT") == "OK");
  CHECK(writer.reply() == "OK");
  CHECK(nodes.state() == "no-failover");
  nodes.proxy.stall(false);
  REQUIRE(in_step(*nodes.first, *nodes.second));
  CHECK(info(*nodes.first, "sync_full") == "1");
}

TEST_CASE("FAILOVER that waits goes on when the replica has all", "[failover]") {
  const auto kinds = any_kinds();
  INFO(names_of(kinds));
  pair_of_nodes nodes(kinds);
  tcp_client client(*nodes.first), writer(*nodes.first);
  nodes.proxy.stall(true);
  client("SET a 1");
  CHECK(client("FAILOVER TO " + nodes.address() + " TIMEOUT 60000") == "OK");
  writer.send("SET a 2");
  CHECK(nodes.state() == "waiting-for-sync");
  nodes.proxy.stall(false);
  CHECK(writer.reply() == "!READONLY You can't write against a read only replica.");
  REQUIRE(is_up(*nodes.first));
  CHECK(tcp_client(*nodes.second)("GET a") == "1");
  CHECK(tcp_client(*nodes.second)("SET a 3") == "OK");
  REQUIRE(in_step(*nodes.second, *nodes.first));
  CHECK(info(*nodes.second, "role") == "master");
  CHECK(info(*nodes.second, "sync_full") == "0");
  CHECK(nodes.state() == "no-failover");
}

TEST_CASE("FAILOVER FORCE hands over to a replica that has not everything", "[failover]") {
  const auto kinds = any_kinds();
  INFO(names_of(kinds));
  pair_of_nodes nodes(kinds);
  tcp_client client(*nodes.first), writer(*nodes.first);
  client("SET a 1");
  REQUIRE(in_step(*nodes.first, *nodes.second));
  nodes.proxy.stall(true);
  client("SET a 2");
  CHECK(client("FAILOVER TO " + nodes.address() + " TIMEOUT 300 FORCE") == "OK");
  writer.send("SET a 3");
  CHECK(writer.reply() == "!READONLY You can't write against a read only replica.");
  REQUIRE(is_up(*nodes.first));
  CHECK(info(*nodes.second, "role") == "master");
  REQUIRE(in_step(*nodes.second, *nodes.first));
  CHECK(client("GET a") == "1");
  // The old primary was ahead of what both have.
  CHECK(info(*nodes.second, "sync_full") == "1");
  CHECK(nodes.state() == "no-failover");
}

TEST_CASE("A target that is gone in the middle of FAILOVER can be given up", "[failover]") {
  const auto kinds = any_kinds();
  INFO(names_of(kinds));
  pair_of_nodes nodes(kinds);
  tcp_client client(*nodes.first), writer(*nodes.first);
  nodes.proxy.stall(true);
  client("SET a 1");
  CHECK(client("FAILOVER TO " + nodes.address() + " TIMEOUT 300 FORCE") == "OK");
  nodes.second->kill9();
  REQUIRE(wait_until([&] { return nodes.state() == "failover-in-progress"; }));
  CHECK(info(*nodes.first, "role") == "slave");
  CHECK(client("FAILOVER ABORT") == "OK");
  CHECK(info(*nodes.first, "role") == "master");
  CHECK(writer("SET a 2") == "OK");
  CHECK(nodes.state() == "no-failover");
}
