#include "catch.hpp"
#include "fake_config_environment.hpp"
#include <engine/config/configuration.hpp>

#include <map>
#include <string>
#include <vector>

namespace {

using namespace hawser::engine;

using values = std::vector<std::pair<std::string, std::string>>;

/// Notes what it is asked to apply, and fails where it is told to.
class noting_port final : public settings_port {
 public:
  std::vector<std::string> applied;
  std::map<std::string, std::string, std::less<>> failures;

  std::optional<std::string> apply(std::string_view directive, const settings& now) override {
    applied.push_back(std::string(directive) + "=" + format(*find_directive(directive), now));
    const auto failure = failures.find(directive);
    if (failure == failures.end()) return std::nullopt;
    return failure->second;
  }
};

struct server {
  explicit server(settings initial = {}, std::string file = {})
      : config(std::move(initial), std::move(file), environment, port) {}

  values get(const std::vector<std::string_view>& patterns) const { return config.get(patterns); }

  std::string set(const std::vector<std::pair<std::string_view, std::string_view>>& wanted,
                  change_request request = {}) {
    return config.set(wanted, request).value_or("ok");
  }

  fake_config_environment environment;
  noting_port port;
  configuration config;
};

std::string failed(const std::string& name, const std::string& why) {
  return "ERR CONFIG SET failed (possibly related to argument '" + name + "') - " + why;
}

}  // namespace

TEST_CASE("A name is answered as it was asked for", "[config][get]") {
  const server one;
  CHECK(one.get({"MaxMemory"}) == values{{"MaxMemory", "0"}});
  CHECK(one.get({"slave-priority"}) == values{{"slave-priority", "100"}});
  CHECK(one.get({"nothing", "port", "PORT"}) == values{{"port", "6379"}});
  CHECK(one.get({"include", "user", "max\\memory"}).empty());
}

TEST_CASE("A pattern finds both names of a directive, each once", "[config][get]") {
  const server one;
  CHECK(one.get({"*-priority"}) == values{{"replica-priority", "100"}, {"slave-priority", "100"}});
  CHECK(one.get({"PORT", "p?rt", "[p]ort"}) == values{{"PORT", "6379"}});
  CHECK(one.get({"MAXMEM*Y"}) == values{{"maxmemory", "0"},
                                        {"maxmemory-policy", "noeviction"},
                                        {"maxmemory-eviction-tenacity", "10"}});
}

TEST_CASE("Hidden directives answer to their name only", "[config][get]") {
  const server one;
  CHECK(one.get({"key-load-d*"}).empty());
  CHECK(one.get({"key-load-delay"}) == values{{"key-load-delay", "0"}});
}

TEST_CASE("Several values are set together", "[config][set]") {
  server one;
  CHECK(one.set({{"MAXMEMORY", "1mb"}, {"lfu-log-factor", "5"}, {"save", ""}}) == "ok");
  CHECK(one.config.current().maxmemory == 1 << 20);
  CHECK(one.config.current().lfu_log_factor == 5);
  CHECK(one.config.current().save_points.empty());
}

TEST_CASE("A bad value leaves all values as they were", "[config][set]") {
  server one;
  CHECK(one.set({{"maxmemory", "1mb"}, {"lfu-log-FACTOR", "x"}}) ==
        failed("lfu-log-factor", "argument couldn't be parsed into an integer"));
  CHECK(one.set({{"maxmemory", "1mb"}, {"slave-PRIORITY", "x"}}) ==
        failed("slave-priority", "argument couldn't be parsed into an integer"));
  CHECK(one.config.current().maxmemory == 0);
  CHECK(one.port.applied.empty());
}

TEST_CASE("The first objection in the order of arguments is told", "[config][set]") {
  server one;
  CHECK(one.set({{"foo", "1"}, {"databases", "3"}}) ==
        "ERR Unknown option or number of arguments for CONFIG SET - 'foo'");
  CHECK(one.set({{"Databases", "3"}, {"foo", "1"}}) ==
        failed("Databases", "can't set immutable config"));
  CHECK(one.set({{"DIR", "/data"}, {"databases", "3"}}) ==
        failed("DIR", "can't set protected config"));
  CHECK(one.set({{"maxmemory", "x"}, {"MAXMEMORY", "1"}, {"foo", "1"}}) ==
        failed("MAXMEMORY", "duplicate parameter"));
  CHECK(one.set({{"include", "x"}}) ==
        "ERR Unknown option or number of arguments for CONFIG SET - 'include'");
}

TEST_CASE("Old and new name of a directive may be set together", "[config][set]") {
  server one;
  CHECK(one.set({{"slave-priority", "1"}, {"replica-priority", "2"}}) == "ok");
  CHECK(one.config.current().replica_priority == 2);
  CHECK(one.set({{"slave-priority", "1"}, {"SLAVE-priority", "2"}}) ==
        failed("SLAVE-priority", "duplicate parameter"));
}

TEST_CASE("Protected directives open up to all or to local clients", "[config][set]") {
  settings open;
  open.enable_protected_configs = access::local;
  server one(open);
  CHECK(one.set({{"dbfilename", "x"}}, {.local_client = false}) ==
        failed("dbfilename", "can't set protected config"));
  CHECK(one.set({{"dbfilename", "x"}}, {.local_client = true}) == "ok");
  open.enable_protected_configs = access::yes;
  server two(open);
  CHECK(two.set({{"dbfilename", "x"}}, {.local_client = false}) == "ok");
}

TEST_CASE("Some directives wait until the data set is loaded", "[config][set]") {
  server one;
  CHECK(one.set({{"appendonly", "yes"}}, {.loading = true}) ==
        "LOADING Redis is loading the dataset in memory");
  CHECK(one.set({{"maxmemory", "1"}}, {.loading = true}) == "ok");
}

TEST_CASE("Changes with an effect are applied once all are set", "[config][set]") {
  server one;
  CHECK(one.set({{"port", "7000"}, {"timeout", "5"}, {"bind", "a b"}, {"loglevel", "notice"}}) ==
        "ok");
  CHECK(one.port.applied == std::vector<std::string>{"port=7000", "bind=a b"});
}

TEST_CASE("What cannot be applied takes everything back", "[config][set]") {
  server one;
  one.port.failures = {{"bind", "Failed to bind to specified addresses."}};
  CHECK(one.set({{"timeout", "5"}, {"port", "7000"}, {"BIND", "a"}, {"maxclients", "5"}}) ==
        failed("bind", "Failed to bind to specified addresses."));
  CHECK(one.port.applied ==
        std::vector<std::string>{"port=7000", "bind=a", "port=6379", "bind=* -::*"});
  CHECK(one.config.current().timeout == 0);
  CHECK(one.config.current().port == 6379);
}

TEST_CASE("A directory is left again when another value is bad", "[config][set]") {
  settings open;
  open.enable_protected_configs = access::yes;
  open.dir = "/home";
  server one(open);
  CHECK(one.set({{"dir", "/data"}, {"hz", "x"}}) ==
        failed("hz", "argument couldn't be parsed into an integer"));
  CHECK(one.environment.here == "/home");
  CHECK(one.set({{"dir", "/data"}}) == "ok");
  CHECK(one.environment.here == "/data");
}

TEST_CASE("Values out of a sensible range are moved into it", "[config][set]") {
  server one;
  CHECK(one.set({{"hz", "501"}, {"repl-backlog-size", "1"}}) == "ok");
  CHECK(one.get({"hz", "repl-backlog-size"}) ==
        values{{"hz", "500"}, {"repl-backlog-size", "16384"}});
}

TEST_CASE("The server changes settings of its own accord", "[config]") {
  server one;
  one.config.change([](settings& now) { now.replicaof = {"db", 1}; });
  CHECK(one.get({"replicaof"}) == values{{"replicaof", "db 1"}});
}

TEST_CASE("Without a file there is nothing to rewrite", "[config][rewrite]") {
  server one;
  CHECK(one.config.rewrite() == "ERR The server is running without a config file");
}

TEST_CASE("The file is rewritten, or made when it is gone", "[config][rewrite]") {
  server one({}, "/home/r.conf");
  one.environment.files["/home/r.conf"] = "# mine\nmaxmemory 1\n";
  REQUIRE(one.set({{"maxmemory", "2mb"}}) == "ok");
  CHECK(one.config.rewrite() == std::nullopt);
  CHECK(one.environment.files["/home/r.conf"].substr(0, 21) == "# mine\nmaxmemory 2mb\n");
  one.environment.files.clear();
  CHECK(one.config.rewrite() == std::nullopt);
  CHECK(one.environment.files["/home/r.conf"].find("maxmemory 2mb\n") != std::string::npos);
}

TEST_CASE("A file that cannot be written is told", "[config][rewrite]") {
  server one({}, "/home/r.conf");
  one.environment.replace_error = std::make_error_code(std::errc::no_space_on_device);
  CHECK(one.config.rewrite() == "ERR Rewriting config file: No space left on device");
}
