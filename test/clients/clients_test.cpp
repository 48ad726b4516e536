#include "catch.hpp"
#include "certificates.hpp"
#include "free_port.hpp"
#include "sentinel_process.hpp"

#include <filesystem>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

using namespace hawser::test;
using namespace std::chrono_literals;

namespace {

const std::filesystem::path programs = HAWSER_CLIENT_PROGRAMS;

/// A program, and the servers that it is told of in its environment: PORT, TLS_PORT and
/// CERTIFICATES of the one it plays with, SENTINEL_PORT of a Sentinel that watches over another.
class program {
 public:
  program(const std::filesystem::path& binary, const std::vector<std::string>& words)
      : tls_port_(free_port()),
        server_(tls_options(tls_port_), binary),
        watched_({}, binary),
        sentinel_(watched_.port(), 1) {
    const auto variable = [](const char* name, const auto& value) {
      std::ostringstream text;
      text << name << '=' << value;
      return text.str();
    };
    std::vector<std::string> argv{"env",
                                  variable("PORT", server_.port()),
                                  variable("TLS_PORT", tls_port_),
                                  variable("CERTIFICATES", certified().path("")),
                                  variable("SENTINEL_PORT", sentinel_.port()),
                                  "PYTHONDONTWRITEBYTECODE=1"};
    argv.insert(argv.end(), words.begin(), words.end());
    REQUIRE(wait_until([this] { return !sentinel_.primary().empty(); }));
    process_ =
        std::make_unique<child_process>(argv, programs, server_.directory() / "program.output");
  }

  /// What it has printed, when it is over.
  std::string output() {
    const auto status = process_->wait(100s);
    INFO(process_->output());
    CHECK(status == exit_status{0, 0});
    return process_->output();
  }

 private:
  std::uint16_t tls_port_;
  server_process server_;
  server_process watched_;
  sentinel_process sentinel_;
  std::unique_ptr<child_process> process_;
};

/// Has a program play with Hawser and with Redis at once. It prints what its library makes of the
/// replies, line by line.
void compare(const std::vector<std::string>& words) {
  program tested(server_binary(), words);
  program reference("/usr/bin/redis-server", words);
  std::istringstream seen(tested.output());
  std::istringstream expected(reference.output());
  for (std::string line, other; std::getline(expected, line);) {
    if (!std::getline(seen, other)) other = "(the end)";
    CHECK(other == line);
  }
  std::string more;
  std::getline(seen, more);
  CHECK(more.empty());
}

void compare_python(const std::string& file) { compare({"/usr/bin/python3", file}); }

void compare_ruby(const std::string& file) { compare({"/usr/bin/ruby", file}); }

/// Where npm's packages could not be had the test says so and is left out.
void compare_node(const std::string& file) {
  if (std::filesystem::exists(programs / "node_modules")) return compare({"node", file});
  std::cout << "skipped: there are no packages of npm (scripts/packages test)" << std::endl;
}

}  // namespace

TEST_CASE("python3-redis finds in Hawser what it finds in Redis", "[redis_py]") {
  compare_python("redis_py.py");
}

TEST_CASE("Celery's tasks are done", "[celery]") { compare_python("celery_worker.py"); }

TEST_CASE("ruby-redis finds in Hawser what it finds in Redis", "[redis_rb]") {
  compare_ruby("redis_rb.rb");
}

TEST_CASE("Sidekiq's jobs are done", "[sidekiq]") { compare_ruby("sidekiq.rb"); }

TEST_CASE("hiredis finds in Hawser what it finds in Redis", "[hiredis]") {
  compare({HAWSER_HIREDIS_PROGRAM});
}

TEST_CASE("ioredis finds in Hawser what it finds in Redis", "[ioredis]") {
  compare_node("ioredis.mjs");
}

TEST_CASE("node-redis finds in Hawser what it finds in Redis", "[node_redis]") {
  compare_node("node_redis.mjs");
}

TEST_CASE("BullMQ's jobs are done", "[bullmq]") { compare_node("bullmq.mjs"); }

TEST_CASE("Redlock, rate limiters and stores of sessions do their work", "[applications]") {
  compare_node("applications.mjs");
}
