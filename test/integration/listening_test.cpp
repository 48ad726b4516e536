#include "catch.hpp"
#include "certificates.hpp"
#include "contains.hpp"
#include "free_port.hpp"
#include "tcp_client.hpp"
#include "temp_directory.hpp"
#include <net/if.h>

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <string>
#include <sys/stat.h>
#include <vector>

using namespace hawser::test;

namespace {

// An IPv4 address of this machine that is not the loopback one; empty when it has none.
std::string outer_address() {
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) != 0) return {};
  std::string result;
  for (const auto* each = all; each; each = each->ifa_next) {
    if (!each->ifa_addr || each->ifa_addr->sa_family != AF_INET) continue;
    if ((each->ifa_flags & IFF_LOOPBACK) || !(each->ifa_flags & IFF_UP)) continue;
    char text[INET_ADDRSTRLEN];
    const auto* address = reinterpret_cast<const sockaddr_in*>(each->ifa_addr);
    result = ::inet_ntop(AF_INET, &address->sin_addr, text, sizeof text);
  }
  ::freeifaddrs(all);
  return result;
}

mode_t permissions(const std::filesystem::path& path) {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0 ? facts.st_mode & 0777 : 0;
}

}  // namespace

TEST_CASE("A unix socket has the permissions asked for and is removed at the end", "[listening]") {
  const temp_directory directory;
  const auto path = directory.path() / "socket";
  server_process server({"--unixsocket", path.string(), "--unixsocketperm", "600"});
  CHECK(permissions(path) == 0600);
  tcp_client client(path);
  CHECK(client("SET a 1") == "OK");
  CHECK(client("CLIENT LIST").find("addr=" + path.string() + ":0") != std::string::npos);
  CHECK(tcp_client(server)("GET a") == "1");
  server.terminate();
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("The server listens on every address of bind, IPv6 as well", "[listening]") {
  server_process server({"--bind", "127.0.0.1", "::1"});
  CHECK(tcp_client(server.port(), "127.0.0.1")("PING") == "PONG");
  tcp_client six(server.port(), "::1");
  CHECK(six("PING") == "PONG");
  CHECK(six("CLIENT INFO").find("addr=[::1]:") != std::string::npos);
}

TEST_CASE("An address with a minus is left out when this machine does not have it", "[listening]") {
  server_process server({"--bind", "127.0.0.1", "-203.0.113.1"});
  CHECK(tcp_client(server)("PING") == "PONG");
}

TEST_CASE("The server listens only where it is told to", "[listening]") {
  const auto outer = outer_address();
  if (outer.empty()) {
    WARN("left out: no address but the loopback one");
    return;
  }
  server_process server({"--bind", "127.0.0.1"});
  CHECK_FALSE(can_connect(outer, server.port()));
}

TEST_CASE("Protected mode turns away clients from elsewhere until there is a password",
          "[listening]") {
  const auto outer = outer_address();
  if (outer.empty()) {
    WARN("left out: no address but the loopback one");
    return;
  }
  server_process server({"--bind", "*", "--protected-mode", "yes"});
  tcp_client refused(server.port(), outer);
  CHECK(refused.reply().starts_with("!DENIED "));
  CHECK(refused.closed());
  tcp_client local(server);
  CHECK(local("PING") == "PONG");
  CHECK(local("CONFIG SET requirepass secret") == "OK");
  tcp_client admitted(server.port(), outer);
  CHECK(admitted("AUTH secret") == "OK");
  CHECK(local("CONFIG SET requirepass \"\" protected-mode no") == "OK");
  CHECK(tcp_client(server.port(), outer)("PING") == "PONG");
}

TEST_CASE("Protected mode turns away clients by TLS once they have shaken hands", "[listening]") {
  const auto outer = outer_address();
  if (outer.empty()) {
    WARN("left out: no address but the loopback one");
    return;
  }
  const auto port = free_port();
  auto options = tls_options(port);
  options.insert(options.end(), {"--bind", "*", "--tls-auth-clients", "no"});
  server_process server(options);
  // Says nothing and waits for the end.
  const auto refused =
      run_program({"openssl", "s_client", "-quiet", "-connect", outer + ":" + std::to_string(port),
                   "-CAfile", certified().path("ca.crt")});
  contains(refused.output, "-DENIED ");
  tcp_client local(server);
  CHECK(wait_until([&] {
    return local("INFO clients").find("connected_clients:1\\r\\n") != std::string::npos;
  }));
  contains(local("INFO stats"), "rejected_connections:1\\r\\n");
  CHECK(local("CONFIG SET protected-mode no") == "OK");
  const auto admitted = run_program({"redis-cli", "--tls", "--cacert", certified().path("ca.crt"),
                                     "-h", outer, "-p", std::to_string(port), "PING"});
  CHECK(admitted.output == "PONG\n");
}

TEST_CASE("CONFIG SET moves the server to another port and address", "[listening]") {
  server_process server;
  tcp_client client(server);
  const auto other = free_port();
  CHECK(client("CONFIG SET port " + std::to_string(other)) == "OK");
  CHECK(tcp_client(other)("PING") == "PONG");
  CHECK_FALSE(can_connect("127.0.0.1", server.port()));
  CHECK(client("PING") == "PONG");
}

TEST_CASE("Clients that the server has yet to accept are served when it leaves their port",
          "[listening]") {
  for (const auto* threads : {"1", "2"}) {
    server_process server({"--enable-debug-command", "yes", "--io-threads", threads});
    tcp_client client(server);
    const auto other = free_port();
    // While it sleeps connections queue up.
    client.send_raw("DEBUG SLEEP 0.5\r\nCONFIG SET port " + std::to_string(other) + "\r\n");
    std::vector<tcp_client> waiting;
    for (int i = 0; i < 20; ++i) waiting.emplace_back(server);
    CHECK(client.reply() == "OK");
    CHECK(client.reply() == "OK");
    for (auto& each : waiting) CHECK(each("PING") == "PONG");
    CHECK_FALSE(can_connect("127.0.0.1", server.port()));
  }
}
