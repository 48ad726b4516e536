#include "catch.hpp"
#include "contains.hpp"
#include "file_text.hpp"
#include "free_port.hpp"
#include "tcp_client.hpp"

#include <array>
#include <cstdlib>
#include <cstring>
#include <regex>
#include <signal.h>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>

using namespace hawser::test;

namespace {

finished_program run_server(std::vector<std::string> arguments, std::string_view input = {}) {
  arguments.insert(arguments.begin(), server_binary());
  return run_program(std::move(arguments), input);
}

}  // namespace

TEST_CASE("-v and --version say the version and succeed", "[startup]") {
  for (const auto* option : {"-v", "--version"}) {
    const auto run = run_server({option});
    CHECK(run.status == exit_status{0, 0});
    CHECK(std::regex_search(run.output, std::regex(R"(server v=\d+\.\d+\.\d+)")));
  }
}

TEST_CASE("--help says how the server is used", "[startup]") {
  contains(run_server({"--help"}).output, "Usage:");
}

TEST_CASE("A directive that is wrong is refused with its line and the reason", "[startup]") {
  struct wrong {
    std::vector<std::string> arguments;
    std::string line, reason;
  };
  for (const auto& [arguments, line, reason] : std::vector<wrong>{
           {{"--nosuch", "1"}, "'nosuch \"1\"'", "Bad directive or wrong number of arguments"},
           {{"--port", "abc"}, "'port \"abc\"'", "argument couldn't be parsed into an integer"},
           {{"--port", "99999"},
            "'port \"99999\"'",
            "argument must be between 0 and 65535 inclusive"},
           {{"--port"}, "'port'", "wrong number of arguments"},
           {{"--loglevel", "loud"},
            "'loglevel \"loud\"'",
            "argument(s) must be one of the following: debug, verbose, notice, warning"},
           {{"--appendonly", "maybe"}, "'appendonly \"maybe\"'", "argument must be 'yes' or 'no'"},
           {{"--maxmemory", "much"}, "'maxmemory \"much\"'", "argument must be a memory value"}}) {
    const auto run = run_server(arguments);
    CHECK(run.status == exit_status{1, 0});
    contains(run.output, "*** FATAL CONFIG FILE ERROR (");
    contains(run.output, "Reading the configuration file, at line 2\n>>> " + line + "\n" + reason);
  }
}

TEST_CASE("A configuration file that is wrong is refused with the line", "[startup]") {
  const temp_directory directory;
  const auto file = directory.path() / "server.conf";
  write_file(file, "# a comment\n\nport 0\nnosuch 1\n");
  auto run = run_server({file});
  CHECK(run.status == exit_status{1, 0});
  contains(run.output, "at line 4\n>>> 'nosuch 1'\nBad directive or wrong number of arguments");
  write_file(file, "port \"12\n");
  run = run_server({file});
  CHECK(run.status == exit_status{1, 0});
  contains(run.output, ">>> 'port \"12'\nUnbalanced quotes in configuration line");
  run = run_server({directory.path() / "missing.conf"});
  CHECK(run.status == exit_status{1, 0});
  contains(run.output, "can't open config file '" + (directory.path() / "missing.conf").string() +
                           "': No such file or directory");
}

TEST_CASE("A configuration file is read with quotes, includes, aliases and later lines",
          "[startup]") {
  const temp_directory directory;
  const auto file = directory.path() / "server.conf";
  const auto included = directory.path() / "more.conf";
  write_file(included, "maxclients 77\nslave-priority 42\n");
  write_file(file, "timeout 10\nTIMEOUT 20\nmaxmemory 100mb\ninclude " + included.string() +
                       "\nrequirepass \"two \\x77ords\"\nhash-max-ziplist-entries 9\n"
                       "client-output-buffer-limit pubsub 1mb 512kb 10\nsave 60 1\nsave 300 10\n");
  server_process server({file, "--maxmemory", "200mb"});
  tcp_client client(server);
  CHECK(client("AUTH \"two words\"") == "OK");
  CHECK(client("CONFIG GET timeout") == "[timeout 20]");
  CHECK(client("CONFIG GET maxclients") == "[maxclients 77]");
  CHECK(client("CONFIG GET maxmemory") == "[maxmemory 209715200]");
  CHECK(client("CONFIG GET replica-priority") == "[replica-priority 42]");
  CHECK(client("CONFIG GET hash-max-listpack-entries") == "[hash-max-listpack-entries 9]");
  CHECK(client("CONFIG GET save") == "[save \"300 10\"]");
  CHECK(client("CONFIG GET client-output-buffer-limit") ==
        "[client-output-buffer-limit \"normal 0 0 0 slave 268435456 67108864 60 pubsub 1048576 "
        "524288 10\"]");
}

TEST_CASE("A configuration is read from the input with -", "[startup]") {
  const temp_directory directory;
  const auto input = directory.path() / "input";
  write_file(input, "timeout 33\nmaxclients 55\nsave \"\"\n");
  const auto port = free_port();
  child_process server({server_binary(), "-", "--port", std::to_string(port)}, directory.path(),
                       directory.path() / "log", input);
  REQUIRE(wait_until([&] { return can_connect("127.0.0.1", port); }));
  tcp_client client(port);
  CHECK(client("CONFIG GET timeout") == "[timeout 33]");
  CHECK(client("CONFIG GET maxclients") == "[maxclients 55]");
}

TEST_CASE("CONFIG REWRITE keeps comments and writes what has changed", "[startup]") {
  const temp_directory directory;
  const auto file = directory.path() / "server.conf";
  write_file(file, "# my server\ntimeout 10\n\n# few clients\nmaxclients 100\n");
  server_process server({file});
  tcp_client client(server);
  CHECK(client("CONFIG SET timeout 55 maxmemory-policy allkeys-lru") == "OK");
  CHECK(client("CONFIG REWRITE") == "OK");
  const auto text = file_text(file);
  contains(text, "# my server\ntimeout 55\n\n# few clients\nmaxclients 100\n");
  contains(text, "maxmemory-policy allkeys-lru\n");
  server.terminate();
  server.start();
  CHECK(tcp_client(server)("CONFIG GET timeout") == "[timeout 55]");
}

TEST_CASE("The log has the lines that tools wait for, in the oracle's format", "[startup]") {
  server_process server;
  const auto log = server.log();
  const auto pid = std::to_string(server.pid());
  CHECK(std::regex_search(
      log,
      std::regex(pid +
                 R"(:M \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d\.\d{3} [#*] Server initialized)")));
  CHECK(std::regex_search(
      log,
      std::regex(
          pid +
          R"(:M \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d\.\d{3} \* Ready to accept connections)")));
  contains(log, "port=" + std::to_string(server.port()));
}

TEST_CASE("A port that is taken ends the start with code 1", "[startup]") {
  server_process first;
  const auto run = run_server({"--port", std::to_string(first.port())});
  CHECK(run.status == exit_status{1, 0});
  contains(run.output, "Failed listening on port " + std::to_string(first.port()));
  contains(run.output, "Address already in use");
}

TEST_CASE("An address of another machine ends the start with code 1", "[startup]") {
  const auto run = run_server({"--bind", "203.0.113.1", "--port", std::to_string(free_port())});
  CHECK(run.status == exit_status{1, 0});
  contains(run.output, "Cannot assign requested address");
}

TEST_CASE("SIGTERM, SIGINT and SHUTDOWN end the server in good order", "[startup]") {
  for (const int signal : {SIGTERM, SIGINT, 0}) {
    INFO("signal " << signal);
    server_process server({"--save", ""});
    tcp_client client(server);
    CHECK(client("SET a 1") == "OK");
    if (signal) {
      server.process().signal(signal);
    } else {
      client.send("SHUTDOWN NOSAVE");
    }
    CHECK(server.process().wait() == exit_status{0, 0});
    CHECK(client.closed());
    contains(server.log(), "ready to exit, bye bye");
    if (signal == SIGTERM) contains(server.log(), "Received SIGTERM");
  }
}

TEST_CASE("A killed server starts again on the same port", "[startup]") {
  server_process server({"--save", ""});
  CHECK(server.kill9() == exit_status{0, SIGKILL});
  server.start();
  CHECK(tcp_client(server)("PING") == "PONG");
}

TEST_CASE("A daemon leaves its pid in a file, logs to a file and removes the pid at the end",
          "[startup]") {
  const temp_directory directory;
  const auto pid_file = directory.path() / "pid";
  const auto log_file = directory.path() / "daemon.log";
  const auto port = free_port();
  const auto run = run_server({"--daemonize", "yes", "--port", std::to_string(port), "--dir",
                               directory.path(), "--pidfile", pid_file, "--logfile", log_file});
  CHECK(run.status == exit_status{0, 0});
  REQUIRE(wait_until([&] { return can_connect("127.0.0.1", port); }));
  tcp_client client(port);
  REQUIRE(wait_until([&] { return !file_text(pid_file).empty(); }));
  const auto pid = std::stoi(file_text(pid_file));
  contains(client("INFO server"), "process_id:" + std::to_string(pid) + "\\r");
  contains(file_text(log_file), "Ready to accept connections");
  client.send("SHUTDOWN NOSAVE");
  CHECK(client.closed());
  CHECK(wait_until([&] { return ::kill(pid, 0) != 0; }));
  CHECK_FALSE(std::filesystem::exists(pid_file));
}

TEST_CASE("A supervised server tells systemd when it is ready", "[startup]") {
  const temp_directory directory;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto path = (directory.path() / "notify").string();
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  const owned_fd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  REQUIRE(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  std::string told;
  {
    server_process server({"--supervised", "systemd"});
    ::unsetenv("NOTIFY_SOCKET");
    CHECK(wait_until([&] {
      std::array<char, 1024> bytes;
      const auto got = ::recv(socket.get(), bytes.data(), bytes.size(), 0);
      if (got > 0) told.append(bytes.data(), static_cast<std::size_t>(got));
      return told.find("READY=1") != std::string::npos;
    }));
  }
}

TEST_CASE("A crash leaves a report with a stack trace in the log", "[startup]") {
  server_process server({"--save", "", "--enable-debug-command", "yes"});
  tcp_client client(server);
  client.send("DEBUG SEGFAULT");
  CHECK(client.closed());
  const auto status = server.process().wait();
  REQUIRE(status);
  CHECK(status->signal != 0);
  contains(server.log(), "crashed by signal: 11");
  contains(server.log(), "STACK TRACE");
}

TEST_CASE("DEBUG ends the server in all the ways in which it may end", "[startup]") {
  const auto [how, told] = GENERATE(table<std::string, std::string>({
      {"ASSERT", "ASSERTION FAILED"},
      {"PANIC", "std::terminate was called"},
      {"OOM", "std::bad_alloc"},
  }));
  server_process server({"--save", "", "--enable-debug-command", "yes"});
  tcp_client client(server);
  client.send("DEBUG " + how);
  CHECK(client.closed());
  const auto status = server.process().wait();
  REQUIRE(status);
  CHECK(status->signal == SIGABRT);
  contains(server.log(), told);
  contains(server.log(), "STACK TRACE");
}

TEST_CASE("DEBUG RESTART begins anew with what has been saved, a crash without", "[startup]") {
  server_process server({"--save", "3600 100", "--enable-debug-command", "yes"});
  const auto begin_anew = [&](const std::string& how) {
    const auto run_id = [&] {
      const auto info = tcp_client(server)("INFO server");
      return info.substr(info.find("run_id:"), 47);
    };
    const auto id = run_id();
    tcp_client client(server);
    client.send(how);
    CHECK(client.closed());
    CHECK(wait_until([&] {
      try {
        return run_id() != id;
      } catch (const std::exception&) {
        return false;
      }
    }));
  };
  const auto process = server.pid();
  CHECK(tcp_client(server)("SET saved 1") == "OK");
  begin_anew("DEBUG RESTART");
  CHECK(tcp_client(server)("GET saved") == "1");
  CHECK(tcp_client(server)("SET lost 1") == "OK");
  begin_anew("DEBUG CRASH-AND-RECOVER 10");
  CHECK(tcp_client(server)("MGET saved lost") == "[1 nil]");
  CHECK(server.pid() == process);
  CHECK(server.running());
}

TEST_CASE("DEBUG MALLCTL reads and sets what the allocator knows", "[startup]") {
  server_process server({"--enable-debug-command", "yes"});
  tcp_client client(server);
  const auto version = client("DEBUG MALLCTL-STR version");
  if (version.starts_with("!")) return;  // another allocator
  CHECK(client("DEBUG MALLCTL version") == "!ERR Invalid argument");
  CHECK(client("DEBUG MALLCTL-STR stats.allocated") == "!ERR Invalid argument");
  CHECK(client("DEBUG MALLCTL nosuch") == "!ERR No such file or directory");
  CHECK(client("DEBUG MALLCTL background_thread 0") == "1");
  CHECK(client("DEBUG MALLCTL background_thread") == "0");
}

TEST_CASE("DEBUG is refused unless it is enabled", "[startup]") {
  server_process server;
  CHECK(tcp_client(server)("DEBUG SLEEP 0").starts_with("!ERR DEBUG command not allowed."));
}
