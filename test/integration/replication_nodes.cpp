#include "replication_nodes.hpp"

#include "data_set.hpp"

#include <iostream>

namespace hawser::test {

namespace {

const command_family& everything() {
  static const command_family family{
      "everything",
      1,
      {
          {6, "SET (a0|a1|a2|a3) <text> [PX 10|EX 1|PX 100]", {}, 0, false},
          {3, "INCR (n0|n1)", {}, 0, false},
          {2, "INCRBYFLOAT f0 0.1", {}, 0, false},
          {3, "APPEND (a0|a1) <text>", {}, 0, false},
          {2, "SETRANGE (a0|b0) <int> <text>", {}, 0, false},
          {4, "RPUSH (l0|l1) <text> <text>", {}, 0, false},
          {2, "LPOP (l0|l1) [2]", {}, 0, false},
          {2, "BLPOP (l0|l1) l9 0.001", {}, 0, false},
          {2, "LMOVE (l0|l1) (l0|l1) LEFT RIGHT", {}, 0, false},
          {4, "SADD (s0|s1) <member>+", {}, 0, false},
          {2, "SPOP (s0|s1) [1|2|9]", {}, 0, false},
          {2, "SINTERSTORE s2 s0 s1", {}, 0, false},
          {4, "HSET (h0|h1) <member> <text> <member> <text>", {}, 0, false},
          {2, "HINCRBYFLOAT h2 <member> 0.5", {}, 0, false},
          {2, "HDEL (h0|h1) <member>", {}, 0, false},
          {4, "ZADD (z0|z1) <int> <member>", {}, 0, false},
          {2, "ZPOPMIN (z0|z1)", {}, 0, false},
          {2, "ZUNIONSTORE z2 2 z0 z1", {}, 0, false},
          {3, "XADD (x0|x1) [MAXLEN 20] * <member> <text>", {}, 0, false},
          {2, "PFADD p0 <member>", {}, 0, false},
          {2, "(PEXPIRE|EXPIRE) (a0|h0|s1|x1|z0) (10|100|1000)", {}, 0, false},
          {2, "PERSIST (a0|h0|s1|x1)", {}, 0, false},
          {1, "RENAME (a0|l0) (a1|l1)", {}, 0, false},
          {1, "COPY (h0|z0) (h1|z1) REPLACE", {}, 0, false},
          {2, "DEL (a0|l0|s0|h0|z0|x0)", {}, 0, false},
          {2, "MULTI", {}, 0, false},
          {4, "EXEC", {}, 0, false},
          {2, "SELECT (0|1|9)", {}, 0, false},
          {1, "SWAPDB 0 9", {}, 0, false},
          {1, "PUBLISH channel <text>", {}, 0, false},
      }};
  return family;
}

}  // namespace

std::string names_of(const std::vector<node_kind>& kinds) {
  std::string text;
  for (const auto each : kinds) text += each == node_kind::hawser ? "Hawser " : "Redis ";
  return text;
}

std::unique_ptr<server_process> make_node(node_kind kind, std::vector<std::string> more) {
  auto options =
      comparison_options({"--repl-diskless-sync-delay", "0", "--repl-ping-replica-period", "1"});
  options.insert(options.end(), more.begin(), more.end());
  return std::make_unique<server_process>(
      options, kind == node_kind::hawser ? server_binary() : "/usr/bin/redis-server");
}

void follow(const server_process& replica, std::uint16_t port) {
  tcp_client{replica}("REPLICAOF 127.0.0.1 " + std::to_string(port));
}

std::string info(const server_process& of, const std::string& field) {
  tcp_client client(of);
  client.send("INFO everything");
  const auto text = client.receive().value.text;
  const auto at = text.find("\n" + field + ":");
  if (at == std::string::npos) return {};
  const auto begin = at + field.size() + 2;
  return text.substr(begin, text.find('\r', begin) - begin);
}

bool is_up(const server_process& replica) {
  return wait_until([&] { return info(replica, "master_link_status") == "up"; });
}

bool in_step(const server_process& primary, const server_process& replica) {
  std::string seen[4];
  // Offsets grow with every ping, and a digest of many keys takes as long as pings are apart: the
  // two offsets are read together, and the digests when they agree.
  const bool same = wait_until([&] {
    seen[0] = info(primary, "master_repl_offset");
    seen[1] = info(replica, "master_repl_offset");
    if (seen[0] != seen[1] || info(replica, "master_link_status") != "up") return false;
    seen[2] = tcp_client(primary)("DEBUG DIGEST");
    seen[3] = tcp_client(replica)("DEBUG DIGEST");
    return seen[2] == seen[3];
  });
  if (!same) {
    tcp_client one(primary), other(replica);
    std::cout << "offsets " << seen[0] << " and " << seen[1] << ", digests " << seen[2] << " and "
              << seen[3] << "; " << difference(read_data_set(one), read_data_set(other))
              << std::endl;
  }
  return same;
}

random_writer::random_writer(const server_process& to, std::uint64_t seed)
    : client_(to), helper_(to), generator_(everything(), seed) {}

void random_writer::write(int commands) {
  for (int i = 0; i < commands; ++i) {
    client_.send_argv(generator_.next().argv);
    client_.receive();
  }
  client_("DISCARD");
}

}  // namespace hawser::test
