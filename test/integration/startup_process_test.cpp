#include "catch.hpp"
#include "file_text.hpp"
#include "free_port.hpp"
#include "tcp_client.hpp"

#include <chrono>
#include <exception>
#include <filesystem>
#include <memory>
#include <signal.h>
#include <string>
#include <vector>

using namespace hawser::test;

namespace {

finished_program run_server(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), server_binary());
  return run_program(std::move(arguments));
}

bool contains(const std::string& text, const std::string& part) {
  INFO("looking for: " << part << "\nin: " << text);
  const bool found = text.find(part) != std::string::npos;
  CHECK(found);
  return found;
}

std::string command_line_of(pid_t process) {
  auto text = file_text("/proc/" + std::to_string(process) + "/cmdline");
  return text.substr(0, text.find('\0'));
}

bool answers_soon(const server_process& server) {
  tcp_client client(server);
  client.patience_is(std::chrono::milliseconds(100));
  try {
    return client("PING") == "PONG";
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace

TEST_CASE("A second SIGINT ends a busy server at once", "[startup_process]") {
  server_process server({"--enable-debug-command", "yes"});
  tcp_client busy(server);
  busy.send("DEBUG SLEEP 60");
  // Until the server sleeps it may end in good order.
  REQUIRE(wait_until([&] { return !answers_soon(server); }));
  server.process().signal(SIGINT);
  CHECK(wait_until([&] { return server.log().find("Received SIGINT") != std::string::npos; }));
  server.process().signal(SIGINT);
  CHECK(server.process().wait() == exit_status{1, 0});
  contains(server.log(), "You insist... exiting now.");
}

TEST_CASE("SIGHUP and SIGPIPE are ignored", "[startup_process]") {
  server_process server;
  server.process().signal(SIGHUP);
  server.process().signal(SIGPIPE);
  CHECK(tcp_client(server)("PING") == "PONG");
  CHECK(server.terminate() == exit_status{0, 0});
}

TEST_CASE("A server with several I/O threads moves to another port and ends in good order",
          "[startup_process][listening]") {
  server_process server({"--io-threads", "3", "--save", ""});
  std::vector<std::unique_ptr<tcp_client>> clients;
  for (int i = 0; i < 6; ++i) {
    clients.push_back(std::make_unique<tcp_client>(server));
    // Accepted, that is: what still waits in the backlog goes with a listening socket.
    REQUIRE((*clients.back())("PING") == "PONG");
  }
  auto port = server.port();
  for (auto& each : clients) {
    const auto next = free_port();
    CHECK((*each)("CONFIG SET port " + std::to_string(next)) == "OK");
    CHECK(tcp_client(next)("PING") == "PONG");
    CHECK_FALSE(can_connect("127.0.0.1", port));
    port = next;
  }
  CHECK(server.terminate() == exit_status{0, 0});
}

TEST_CASE("CONFIG SET of a port or address that cannot be had changes nothing",
          "[startup_process][listening]") {
  server_process other;
  server_process server({"--bind", "127.0.0.1"});
  tcp_client client(server);
  const auto taken = std::to_string(other.port());
  CHECK(client("CONFIG SET port " + taken) ==
        "!ERR CONFIG SET failed (possibly related to argument 'port') - Unable to listen on this "
        "port. Check server logs.");
  CHECK(
      client("CONFIG SET bind 203.0.113.1") ==
      "!ERR CONFIG SET failed (possibly related to argument 'bind') - Failed to bind to specified "
      "addresses.");
  CHECK(client("CONFIG SET maxclients 7 bind \"127.0.0.1 203.0.113.1\"").starts_with("!ERR"));
  CHECK(tcp_client(server)("CONFIG GET bind") == "[bind 127.0.0.1]");
  CHECK(client("CONFIG GET maxclients") == "[maxclients 10000]");
  contains(server.log(), "Could not create server TCP listening socket 127.0.0.1:" + taken +
                             ": bind: Address already in use");
  contains(server.log(), "203.0.113.1:" + std::to_string(server.port()) +
                             ": bind: Cannot assign requested address");
}

TEST_CASE("CONFIG SET changes the addresses of one port", "[startup_process][listening]") {
  server_process server({"--bind", "*"});
  tcp_client client(server);
  for (const auto* bind : {"127.0.0.1", "127.0.0.1 -203.0.113.1", "127.0.0.1 ::1", "* -::*"}) {
    CHECK(client("CONFIG SET bind \"" + std::string(bind) + "\"") == "OK");
    CHECK(tcp_client(server)("PING") == "PONG");
  }
  CHECK(client("CONFIG SET bind ::1") == "OK");
  CHECK_FALSE(can_connect("127.0.0.1", server.port()));
  CHECK(tcp_client(server.port(), "::1")("PING") == "PONG");
}

TEST_CASE("A port of 0 closes TCP, and a server that is to listen nowhere does not start",
          "[startup_process][listening]") {
  server_process server;
  tcp_client client(server);
  CHECK(client("CONFIG SET port 0") == "OK");
  CHECK_FALSE(can_connect("127.0.0.1", server.port()));
  CHECK(client("CONFIG SET port " + std::to_string(server.port())) == "OK");
  CHECK(tcp_client(server)("PING") == "PONG");
  const auto run = run_server({"--port", "0"});
  CHECK(run.status == exit_status{1, 0});
  contains(run.output, "Configured to not listen anywhere, exiting.");
}

TEST_CASE("A server with a Unix socket alone says where it listens",
          "[startup_process][listening]") {
  const temp_directory directory;
  const auto path = directory.path() / "socket";
  child_process server({server_binary(), "--port", "0", "--unixsocket", path}, directory.path(),
                       directory.path() / "log");
  REQUIRE(wait_until([&] {
    return server.output().find("The server is now ready to accept connections at " +
                                path.string()) != std::string::npos;
  }));
  CHECK(tcp_client(path)("PING") == "PONG");
  server.signal(SIGTERM);
  CHECK(server.wait() == exit_status{0, 0});
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("A log that is moved away is begun anew", "[startup_process]") {
  const temp_directory directory;
  const auto log = directory.path() / "log";
  const auto port = free_port();
  child_process logging({server_binary(), "--port", std::to_string(port), "--logfile", log},
                        directory.path(), directory.path() / "output");
  REQUIRE(wait_until(
      [&] { return file_text(log).find("Ready to accept connections") != std::string::npos; }));
  std::filesystem::rename(log, directory.path() / "log.1");
  logging.signal(SIGTERM);
  CHECK(logging.wait() == exit_status{0, 0});
  contains(file_text(directory.path() / "log.1"), "Ready to accept connections");
  contains(file_text(log), "bye bye");
  CHECK(logging.output().empty());
}

TEST_CASE("The process title follows its template", "[startup_process]") {
  server_process server({"--proc-title-template", "mine on {listen-addr}"});
  CHECK(command_line_of(server.pid()) == "mine on *:" + std::to_string(server.port()));
  CHECK(tcp_client(server)("CONFIG SET proc-title-template \"{port} it is\"") == "OK");
  CHECK(command_line_of(server.pid()) == std::to_string(server.port()) + " it is");
}

TEST_CASE("A crash removes the pid file, and reports can be turned off", "[startup_process]") {
  const temp_directory directory;
  const auto pid = directory.path() / "pid";
  server_process server({"--pidfile", pid});
  CHECK(file_text(pid) == std::to_string(server.pid()) + "\n");
  server.process().signal(SIGSEGV);
  CHECK(server.process().wait() == exit_status{0, SIGSEGV});
  // The oracle removes it only when it is a daemon.
  if (!testing_the_oracle()) CHECK_FALSE(std::filesystem::exists(pid));

  server_process silent({"--crash-log-enabled", "no"});
  silent.process().signal(SIGBUS);
  CHECK(silent.process().wait() == exit_status{0, SIGBUS});
  CHECK(silent.log().find("STACK TRACE") == std::string::npos);
}
