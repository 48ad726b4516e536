#include "catch.hpp"
#include "certificates.hpp"
#include "free_port.hpp"
#include "replication_nodes.hpp"
#include "tcp_socket.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

using namespace hawser::test;

namespace {

/// A node of either kind that listens by TLS as well.
struct secure_node {
  explicit secure_node(node_kind kind, std::vector<std::string> more = {}) {
    auto options = tls_options(port);
    options.insert(options.end(), more.begin(), more.end());
    server = make_node(kind, options);
  }

  std::uint16_t port = free_port();
  std::unique_ptr<server_process> server;
};

/// redis-cli with a certificate, or with none.
std::string ask(std::uint16_t port, const std::string& as, std::vector<std::string> words,
                std::string_view input = {}) {
  std::vector<std::string> argv{
      "redis-cli", "--tls", "--cacert", certified().path("ca.crt"), "-p", std::to_string(port)};
  if (!as.empty())
    argv.insert(argv.end(),
                {"--cert", certified().path(as + ".crt"), "--key", certified().path(as + ".key")});
  argv.insert(argv.end(), words.begin(), words.end());
  return run_program(argv, input).output;
}

}  // namespace

TEST_CASE("Clients are served by TLS", "[tls]") {
  const auto threads = GENERATE("1", "2");
  secure_node node(node_kind::hawser, {"--io-threads", threads});
  CHECK(ask(node.port, "client", {"PING"}) == "PONG\n");
  const std::string large(3'000'000, 'v');
  CHECK(ask(node.port, "client", {"-x", "SET", "large"}, large) == "OK\n");
  CHECK(ask(node.port, "client", {"GET", "large"}) == large + "\n");
  std::string many;
  for (int i = 0; i < 20'000; ++i) many += "INCR counter\n";
  ask(node.port, "client", {"--pipe"}, many);
  tcp_client plain(*node.server);
  CHECK(plain("GET counter") == "20000");
  CHECK(plain("STRLEN large") == "3000000");
}

TEST_CASE("A client by TLS that waits is served by others", "[tls]") {
  secure_node node(node_kind::hawser);
  tcp_client plain(*node.server);
  const temp_directory place;
  child_process waiting({"redis-cli", "--tls", "--cacert", certified().path("ca.crt"), "--cert",
                         certified().path("client.crt"), "--key", certified().path("client.key"),
                         "-p", std::to_string(node.port), "BLPOP", "list", "0"},
                        place.path(), place.path() / "output");
  REQUIRE(wait_until([&] { return info(*node.server, "blocked_clients") == "1"; }));
  plain("RPUSH list element");
  REQUIRE(waiting.wait());
  CHECK(waiting.output() == "list\nelement\n");
}

TEST_CASE("Who must show a certificate follows tls-auth-clients", "[tls]") {
  const auto kind = GENERATE(node_kind::hawser, node_kind::oracle);
  secure_node node(kind);
  tcp_client plain(*node.server);
  CHECK(ask(node.port, "client", {"PING"}) == "PONG\n");
  CHECK(ask(node.port, "", {"PING"}) != "PONG\n");
  CHECK(ask(node.port, "stranger", {"PING"}) != "PONG\n");
  CHECK(plain("CONFIG SET tls-auth-clients optional") == "OK");
  CHECK(ask(node.port, "", {"PING"}) == "PONG\n");
  CHECK(ask(node.port, "stranger", {"PING"}) != "PONG\n");
  CHECK(plain("CONFIG SET tls-auth-clients no") == "OK");
  CHECK(ask(node.port, "", {"PING"}) == "PONG\n");
  CHECK(ask(node.port, "stranger", {"PING"}) == "PONG\n");
  CHECK(node.server->log().find("Error accepting a client connection: error:") !=
        std::string::npos);
}

TEST_CASE("What does not speak TLS is sent away and harms nobody", "[tls]") {
  secure_node node(node_kind::hawser);
  tcp_client plain(*node.server);
  tcp_socket stranger("127.0.0.1", node.port);
  stranger.send("PING\r\n", patience);
  while (stranger.receive(patience)) {
  }
  CHECK(stranger.input().find("PONG") == std::string::npos);
  // One that says nothing at all is a client like any other.
  const tcp_socket silent("127.0.0.1", node.port);
  REQUIRE(wait_until([&] { return info(*node.server, "connected_clients") != "1"; }));
  CHECK(ask(node.port, "client", {"PING"}) == "PONG\n");
  CHECK(plain("CLIENT KILL TYPE normal SKIPME yes") == "1");
}

TEST_CASE("Directives of TLS are followed at once, or refused whole", "[tls]") {
  const auto kind = GENERATE(node_kind::hawser, node_kind::oracle);
  secure_node node(kind);
  tcp_client plain(*node.server);
  const auto refused = [&](const std::string& directive, const std::string& value) {
    CAPTURE(directive, value);
    const auto before = plain("CONFIG GET " + directive);
    CHECK(plain("CONFIG SET " + directive + " " + value) ==
          "!ERR CONFIG SET failed (possibly related to argument '" + directive +
              "') - Unable to update TLS configuration. Check server logs.");
    CHECK(plain("CONFIG GET " + directive) == before);
  };
  refused("tls-cert-file", "missing");
  refused("tls-cert-file", "\"\"");
  refused("tls-key-file", certified().path("client.key"));
  refused("tls-ca-cert-file", "missing");
  refused("tls-protocols", "TLSv7");
  refused("tls-ciphers", "none");
  refused("tls-ciphersuites", "none");
  refused("tls-dh-params-file", certified().path("ca.crt"));
  CHECK(ask(node.port, "client", {"PING"}) == "PONG\n");

  CHECK(plain("CONFIG SET tls-protocols TLSv1.2") == "OK");
  CHECK(ask(node.port, "client", {"--tls-ciphers", "ECDHE-ECDSA-AES128-GCM-SHA256", "PING"}) ==
        "PONG\n");
  CHECK(plain("CONFIG SET tls-cert-file " + certified().path("stranger.crt") + " tls-key-file " +
              certified().path("stranger.key")) == "OK");
  CHECK(ask(node.port, "client", {"PING"}) != "PONG\n");
  CHECK(plain("CONFIG SET tls-cert-file " + certified().path("server.crt") + " tls-key-file " +
              certified().path("server.key")) == "OK");
  CHECK(ask(node.port, "client", {"PING"}) == "PONG\n");

  const auto other = free_port();
  CHECK(plain("CONFIG SET tls-port " + std::to_string(other)) == "OK");
  CHECK(ask(other, "client", {"PING"}) == "PONG\n");
  CHECK(ask(node.port, "client", {"PING"}) != "PONG\n");
  CHECK(plain("CONFIG SET tls-port 0") == "OK");
  CHECK(ask(other, "client", {"PING"}) != "PONG\n");
}

TEST_CASE("A client may come back with the ticket of its last session", "[tls]") {
  const auto caching = GENERATE("yes", "no");
  CAPTURE(caching);
  secure_node node(node_kind::hawser, {"--tls-session-caching", caching});
  const temp_directory place;
  const std::string ticket = place.path() / "ticket";
  const auto come = [&](const std::string& how) {
    return run_program({"openssl", "s_client", "-quiet", "-connect",
                        "127.0.0.1:" + std::to_string(node.port), "-CAfile",
                        certified().path("ca.crt"), "-cert", certified().path("client.crt"), "-key",
                        certified().path("client.key"), how, ticket},
                       "PING\r\nQUIT\r\n")
        .output;
  };
  CHECK(come("-sess_out").find("+PONG\r\n+OK") != std::string::npos);
  CHECK(come("-sess_in").find("+PONG\r\n+OK") != std::string::npos);
}

TEST_CASE("A server may be reached by TLS alone", "[tls]") {
  secure_node node(node_kind::hawser);
  tcp_client plain(*node.server);
  CHECK(plain("CONFIG SET port 0") == "OK");
  CHECK(
      ask(node.port, "client", {"INFO", "server"}).find("tcp_port:" + std::to_string(node.port)) !=
      std::string::npos);
}

TEST_CASE("A server with a certificate that it cannot use does not start", "[tls]") {
  const auto run = run_program({server_binary(), "--port", "0", "--tls-port",
                                std::to_string(free_port()), "--tls-cert-file", "missing",
                                "--tls-key-file", "missing", "--tls-auth-clients", "no"});
  CHECK(run.status.code == 1);
  CHECK(run.output.find("Failed to load certificate: missing: error:") != std::string::npos);
  CHECK(run.output.find("Failed to configure TLS. Check logs for more info.") != std::string::npos);
}

TEST_CASE("A replica follows its primary by TLS", "[tls]") {
  const auto kinds = GENERATE(std::pair{node_kind::hawser, node_kind::hawser},
                              std::pair{node_kind::hawser, node_kind::oracle},
                              std::pair{node_kind::oracle, node_kind::hawser});
  CAPTURE(names_of({kinds.first, kinds.second}));
  secure_node primary(kinds.first), replica(kinds.second, {"--tls-replication", "yes"});
  random_writer writer(*primary.server, 1);
  writer.write(2'000);
  tcp_client at_primary(*primary.server), at_replica(*replica.server);
  at_primary("DEBUG POPULATE 20000 big 300");
  follow(*replica.server, primary.port);
  REQUIRE(wait_until([&] { return is_up(*replica.server); }));
  writer.write(2'000);
  CHECK(wait_until([&] { return in_step(*primary.server, *replica.server); }));
  // A link that is lost is taken up again.
  CHECK(at_primary("CLIENT KILL TYPE replica") == "1");
  writer.write(2'000);
  CHECK(wait_until([&] { return in_step(*primary.server, *replica.server); }));
  CHECK(info(*primary.server, "sync_full") == "1");
  // A primary whose certificate nobody has signed that is trusted is no primary.
  at_replica("CONFIG SET tls-ca-cert-file " + certified().path("stranger.crt"));
  CHECK(at_primary("CLIENT KILL TYPE replica") == "1");
  CHECK(wait_until([&] {
    const auto log = replica.server->log();
    return log.find("Error condition on socket for SYNC: error:") != std::string::npos &&
           log.find("certificate verify failed") != std::string::npos;
  }));
  CHECK(info(*replica.server, "master_link_status") == "down");
  at_replica("CONFIG SET tls-ca-cert-file " + certified().path("ca.crt"));
  CHECK(wait_until([&] { return in_step(*primary.server, *replica.server); }));
}

TEST_CASE("MIGRATE speaks TLS where tls-cluster says so", "[tls]") {
  const auto kinds = GENERATE(std::pair{node_kind::hawser, node_kind::oracle},
                              std::pair{node_kind::oracle, node_kind::hawser});
  CAPTURE(names_of({kinds.first, kinds.second}));
  secure_node from(kinds.first, {"--tls-cluster", "yes"}), to(kinds.second);
  tcp_client here(*from.server), there(*to.server);
  const std::string large(2'000'000, 'v');
  here("SET key " + large);
  CHECK(here("MIGRATE 127.0.0.1 " + std::to_string(to.port) + " key 0 5000") == "OK");
  CHECK(there("STRLEN key") == "2000000");
  here("SET key value");
  CHECK(here("MIGRATE 127.0.0.1 " + std::to_string(to.server->port()) + " key 0 5000")
            .starts_with("!IOERR"));
  CHECK(here("GET key") == "value");
}
