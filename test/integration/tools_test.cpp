#include "catch.hpp"
#include "command_line.hpp"
#include "tcp_client.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace hawser::test;

namespace {

// redis-cli and redis-benchmark of the system against a server with some keys.
class tools {
 public:
  finished_program cli(std::vector<std::string> arguments, std::string_view input = {}) {
    return run("redis-cli", std::move(arguments), input);
  }

  finished_program benchmark(std::vector<std::string> arguments) {
    return run("redis-benchmark", std::move(arguments), {});
  }

  void populate(int keys) {
    tcp_client client(server);
    std::string requests;
    for (int i = 0; i < keys; ++i)
      requests += encode_command({"SET", "key:" + std::to_string(i), std::string(100, 'v')});
    requests += encode_command({"SET", "largest", std::string(5'000, 'v')});
    client.send_raw(requests);
    for (int i = 0; i <= keys; ++i) REQUIRE(client.reply() == "OK");
  }

  server_process server{{"--save", ""}};

 private:
  finished_program run(const char* program, std::vector<std::string> arguments,
                       std::string_view input) {
    std::vector<std::string> argv{program, "-p", std::to_string(server.port())};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    return run_program(std::move(argv), input, 6 * patience);
  }
};

bool has(const finished_program& run, const std::string& text) {
  INFO("looking for: " << text << "\nin: " << run.output);
  const bool found = run.output.find(text) != std::string::npos;
  CHECK(found);
  return found;
}

}  // namespace

TEST_CASE("redis-cli sends commands and shows replies of both protocols", "[tools]") {
  tools with;
  CHECK(with.cli({"SET", "a", "two words"}).output == "OK\n");
  CHECK(with.cli({"GET", "a"}).output == "two words\n");
  CHECK(with.cli({"-3", "CONFIG", "GET", "timeout"}).output == "timeout 0\n");
  CHECK(with.cli({"-n", "3", "DBSIZE"}).output == "0\n");
  CHECK(with.cli({}, "SET b 1\nINCR b\nGET b\n").output == "OK\n2\n2\n");
  CHECK(with.cli({"-e", "GET"}).status == exit_status{1, 0});
  CHECK(with.cli({"-x", "SET", "c"}, "from input").output == "OK\n");
  CHECK(with.cli({"STRLEN", "c"}).output == "10\n");
}

TEST_CASE("redis-cli --scan finds every key once", "[tools]") {
  tools with;
  with.populate(1'000);
  const auto all = with.cli({"--scan"}).output;
  CHECK(std::count(all.begin(), all.end(), '\n') == 1'001);
  const auto some = with.cli({"--scan", "--pattern", "key:99*"}).output;
  CHECK(std::count(some.begin(), some.end(), '\n') == 11);
}

TEST_CASE("redis-cli --bigkeys and --memkeys find the largest key", "[tools]") {
  tools with;
  with.populate(300);
  const auto big = with.cli({"--bigkeys"});
  has(big, "Sampled 301 keys in the keyspace!");
  has(big, "Biggest string found '\"largest\"' has 5000 bytes");
  const auto memory = with.cli({"--memkeys"});
  has(memory, "Sampled 301 keys in the keyspace!");
  has(memory, "Biggest string found '\"largest\"' has ");
}

TEST_CASE("redis-cli --stat and --latency read what they need", "[tools]") {
  tools with;
  with.populate(50);
  const temp_directory directory;
  child_process stat({"stdbuf", "-oL", "redis-cli", "-p", std::to_string(with.server.port()),
                      "--stat", "-i", "0.02"},
                     directory.path(), directory.path() / "output");
  const auto shows = [&](const char* text) {
    return stat.output().find(text) != std::string::npos;
  };
  CHECK(wait_until([&] { return shows("keys       mem      clients blocked requests"); }));
  CHECK(wait_until([&] { return shows("\n51 "); }));
  const auto latency = with.cli({"--latency", "-i", "0.2"});
  CHECK(latency.status == exit_status{0, 0});
  CHECK(std::count(latency.output.begin(), latency.output.end(), ' ') == 3);
}

TEST_CASE("redis-cli --pipe loads a stream of commands", "[tools]") {
  tools with;
  std::string requests;
  for (int i = 0; i < 20'000; ++i)
    requests += encode_command({"SET", "p" + std::to_string(i), std::to_string(i)});
  has(with.cli({"--pipe"}, requests), "errors: 0, replies: 20000");
  CHECK(with.cli({"DBSIZE"}).output == "20000\n");
}

TEST_CASE("redis-cli used by a person gets its hints from COMMAND DOCS", "[tools]") {
  tools with;
  const auto command = "stty cols 80 rows 24; redis-cli -p " + std::to_string(with.server.port());
  const auto session = run_program({"script", "-qec", command, "/dev/null"}, "quit\n");
  has(session, "127.0.0.1:" + std::to_string(with.server.port()) + "> ");
  const auto statistics = tcp_client(with.server)("INFO commandstats");
  INFO(statistics);
  CHECK(statistics.find("cmdstat_command|docs:calls=1,") != std::string::npos);
  const auto help = with.cli({}, "help set\n");
  has(help, "key value [");
  has(help, "summary:");
}

TEST_CASE("redis-cli shows INFO, CLIENT LIST and MEMORY DOCTOR as text", "[tools]") {
  tools with;
  has(with.cli({"INFO", "server"}), "redis_version:");
  has(with.cli({"-3", "INFO"}), "# Keyspace");
  has(with.cli({"CLIENT", "LIST"}), "cmd=client|list");
  CHECK(with.cli({"MEMORY", "DOCTOR"}).status == exit_status{0, 0});
}

TEST_CASE("redis-benchmark runs its tests with and without a pipeline", "[tools]") {
  tools with;
  const auto* tests = "ping_inline,ping_mbulk,set,get,incr,mset";
  for (const auto* depth : {"1", "16"}) {
    const auto run = with.benchmark({"-t", tests, "-n", "2000", "-c", "50", "-P", depth, "--csv"});
    CHECK(run.status == exit_status{0, 0});
    for (const auto* name : {"PING_INLINE", "PING_MBULK", "SET", "GET", "INCR", "MSET (10 keys)"})
      has(run, std::string("\"") + name + "\"");
    CHECK(run.output.find("rror") == std::string::npos);
  }
  CHECK(with.cli({"GET", "counter:__rand_int__"}).output == "4000\n");
}

TEST_CASE("redis-benchmark runs with random keys, RESP3 and several threads", "[tools]") {
  tools with;
  const auto run = with.benchmark(
      {"-t", "set,get", "-n", "5000", "-r", "1000", "-P", "8", "--threads", "2", "-3", "-q"});
  CHECK(run.status == exit_status{0, 0});
  has(run, "SET: ");
  has(run, "GET: ");
}
