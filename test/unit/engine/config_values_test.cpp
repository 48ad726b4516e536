#include "catch.hpp"
#include "fake_config_environment.hpp"
#include <engine/config/directives.hpp>

#include <string>

namespace {

using namespace hawser::engine;

/// One settings object, spoken to as CONFIG SET and CONFIG GET do.
struct values {
  settings all;
  fake_config_environment environment;

  /// "ok" or the reason against.
  std::string set(std::string_view name, std::string_view value) {
    assignment how{environment};
    return assign_value(*find_directive(name), all, value, how).value_or("ok");
  }
  std::string get(std::string_view name) const { return format(*find_directive(name), all); }
};

}  // namespace

TEST_CASE("A flag is yes or no in any case", "[config]") {
  values config;
  CHECK(config.set("appendonly", "YES") == "ok");
  CHECK(config.all.appendonly);
  CHECK(config.get("appendonly") == "yes");
  CHECK(config.set("appendonly", "maybe") == "argument must be 'yes' or 'no'");
  CHECK(config.set("appendonly", "") == "argument must be 'yes' or 'no'");
  CHECK(config.all.appendonly);
}

TEST_CASE("Active defragmentation cannot be switched on", "[config]") {
  values config;
  CHECK(config.set("activedefrag", "no") == "ok");
  CHECK(config.set("activedefrag", "yes").substr(0, 44) ==
        "Active defragmentation cannot be enabled: it");
}

TEST_CASE("A number keeps to its one form and its bounds", "[config]") {
  values config;
  CHECK(config.set("port", "7000") == "ok");
  CHECK(config.all.port == 7000);
  for (const auto* text : {"x", "", "+1", "01", " 1", "1 ", "-0", "1.5", "99999999999999999999"})
    CHECK(config.set("port", text) == "argument couldn't be parsed into an integer");
  CHECK(config.set("port", "65536") == "argument must be between 0 and 65535 inclusive");
  CHECK(config.set("maxclients", "-1") == "argument must be between 1 and 4294967295 inclusive");
  CHECK(config.set("slowlog-log-slower-than", "-2") ==
        "argument must be between -1 and 9223372036854775807 inclusive");
  CHECK(config.set("io-threads", "128") == "ok");
  CHECK(config.set("io-threads", "129") == "argument must be between 1 and 128 inclusive");
  CHECK(config.all.port == 7000);
}

TEST_CASE("A size takes units", "[config]") {
  values config;
  CHECK(config.set("maxmemory", "2Kb") == "ok");
  CHECK(config.get("maxmemory") == "2048");
  CHECK(config.set("maxmemory", "2k") == "ok");
  CHECK(config.all.maxmemory == 2000);
  CHECK(config.set("maxmemory", "18446744073709551615") == "ok");
  CHECK(config.get("maxmemory") == "18446744073709551615");
  CHECK(config.set("maxmemory", "") == "ok");
  CHECK(config.all.maxmemory == 0);
  for (const auto* text : {"1t", "1 mb", "-1", "+1", "1.5gb"})
    CHECK(config.set("maxmemory", text) == "argument must be a memory value");
  CHECK(config.set("proto-max-bulk-len", "1023kb") ==
        "argument must be between 1048576 and 9223372036854775807 inclusive");
  CHECK(config.set("repl-backlog-size", "18446744073709551615") ==
        "argument must be between 1 and 9223372036854775807 inclusive");
}

TEST_CASE("The memory of clients is an amount or a percentage", "[config]") {
  values config;
  CHECK(config.set("maxmemory-clients", "50%") == "ok");
  CHECK(config.all.maxmemory_clients == -50);
  CHECK(config.get("maxmemory-clients") == "50%");
  CHECK(config.set("maxmemory-clients", "1mb") == "ok");
  CHECK(config.get("maxmemory-clients") == "1048576");
  CHECK(config.set("maxmemory-clients", "0%") == "ok");
  CHECK(config.get("maxmemory-clients") == "0");
  CHECK(config.set("maxmemory-clients", "101%") ==
        "percentage argument must be less or equal to 100");
  for (const auto* text : {"x", "%", "-5%", "00%", "5%%"})
    CHECK(config.set("maxmemory-clients", text) == "argument must be a memory or percent value");
}

TEST_CASE("The mode of the Unix socket is octal", "[config]") {
  values config;
  CHECK(config.set("unixsocketperm", "0700") == "ok");
  CHECK(config.all.unixsocketperm == 0700);
  CHECK(config.get("unixsocketperm") == "700");
  CHECK(config.set("unixsocketperm", "888") == "argument couldn't be parsed as an octal number");
  CHECK(config.set("unixsocketperm", "1000") == "argument must be between 0 and 777 inclusive");
}

TEST_CASE("A choice is one of its words in any case", "[config]") {
  values config;
  CHECK(config.set("maxmemory-policy", "allkeys-LRU") == "ok");
  CHECK(config.all.maxmemory_policy == eviction_policy::allkeys_lru);
  CHECK(config.get("maxmemory-policy") == "allkeys-lru");
  CHECK(config.set("loglevel", "loud") ==
        "argument(s) must be one of the following: debug, verbose, notice, warning");
  CHECK(config.set("loglevel", "") ==
        "argument(s) must be one of the following: debug, verbose, notice, warning");
  CHECK(config.set("enable-debug-command", "local") == "ok");
  CHECK(config.all.enable_debug_command == access::local);
}

TEST_CASE("Relative and yes are the same OOM adjustment", "[config]") {
  values config;
  CHECK(config.set("oom-score-adj", "relative") == "ok");
  CHECK(config.all.oom_score_adj == oom_adjustment::relative);
  CHECK(config.get("oom-score-adj") == "yes");
}

TEST_CASE("Ways to shut down add up", "[config]") {
  values config;
  const std::string words =
      "argument(s) must be one of the following: default, save, nosave, now, force";
  CHECK(config.set("shutdown-on-sigterm", "force now SAVE") == "ok");
  CHECK(config.get("shutdown-on-sigterm") == "save now force");
  CHECK(config.all.shutdown_on_sigterm ==
        (shutdown_flag::save | shutdown_flag::now | shutdown_flag::force));
  CHECK(config.set("shutdown-on-sigterm", "default") == "ok");
  CHECK(config.get("shutdown-on-sigterm") == "default");
  CHECK(config.set("shutdown-on-sigterm", "default save") == "ok");
  CHECK(config.get("shutdown-on-sigterm") == "save");
  CHECK(config.set("shutdown-on-sigterm", "save nosave") ==
        "shutdown options SAVE and NOSAVE can't be used simultaneously");
  CHECK(config.set("shutdown-on-sigterm", "now  force") == words);
  CHECK(config.set("shutdown-on-sigterm", "") == words);
  CHECK(config.get("shutdown-on-sigterm") == "save");
}

TEST_CASE("Names of files are not paths", "[config]") {
  values config;
  CHECK(config.set("dbfilename", "a/b") == "dbfilename can't be a path, just a filename");
  CHECK(config.set("dbfilename", "") == "ok");
  CHECK(config.set("appendfilename", "") == "appendfilename can't be empty");
  CHECK(config.set("appendfilename", "a\\b") == "appendfilename can't be a path, just a filename");
  CHECK(config.set("appenddirname", "") == "appenddirname can't be empty");
  CHECK(config.set("appenddirname", "a/b") == "appenddirname can't be a path, just a dirname");
}

TEST_CASE("A host name has plain characters and is not too long", "[config]") {
  values config;
  CHECK(config.set("cluster-announce-hostname", "a-1.Example") == "ok");
  CHECK(config.set("cluster-announce-hostname", "a_b") ==
        "Hostnames may only contain alphanumeric characters, hyphens or dots");
  CHECK(config.set("cluster-announce-hostname", std::string(255, 'a')) == "ok");
  CHECK(config.set("cluster-announce-hostname", std::string(256, 'a')) ==
        "Hostnames must be less than 256 characters");
}

TEST_CASE("A process title template shows something and knows its variables", "[config]") {
  values config;
  for (const auto* good : {"x {title} {listen-addr} {port} {tls-port} {unixsocket} {config-file}",
                           "a}b", "{{", "{{title}", "{port}"})
    CHECK(config.set("proc-title-template", good) == "ok");
  for (const auto* bad : {"", "  ", "{foo}", "{title", "{}", "{title}", "{title} {server-mode}"})
    CHECK(config.set("proc-title-template", bad) ==
          "template format is invalid or contains unknown variables");
}

TEST_CASE("Save points are pairs, replaced as a whole", "[config][save]") {
  values config;
  CHECK(config.get("save") == "3600 1 300 100 60 10000");
  CHECK(config.set("save", "60 1 120 0") == "ok");
  CHECK(config.all.save_points == std::vector<save_point>{{60, 1}, {120, 0}});
  for (const auto* bad : {"60", "60  1", " 60 1", "60 1 ", "60 x", "0 1", "1 -1", "\"60 1\""})
    CHECK(config.set("save", bad) == "Invalid save parameters");
  CHECK(config.get("save") == "60 1 120 0");
  CHECK(config.set("save", "+60 01") == "ok");
  CHECK(config.get("save") == "60 1");
  CHECK(config.set("save", "") == "ok");
  CHECK(config.all.save_points.empty());
}

TEST_CASE("Output limits change for the classes that are named", "[config]") {
  values config;
  CHECK(config.set("client-output-buffer-limit", "NORMAL 1kb 2 3 replica 4 5 6") == "ok");
  CHECK(config.get("client-output-buffer-limit") ==
        "normal 1024 2 3 slave 4 5 6 pubsub 33554432 8388608 60");
  CHECK(config.all.client_output_buffer_limits[client_class::normal] == output_limit{1024, 2, 3});
  CHECK(config.set("client-output-buffer-limit", "") == "ok");
  CHECK(config.set("client-output-buffer-limit", "normal 1 2") ==
        "Wrong number of arguments in buffer limit configuration.");
  CHECK(config.set("client-output-buffer-limit", "normal 9 9 9 master 1 2 3") ==
        "Invalid client class specified in buffer limit configuration.");
  for (const auto* bad : {"normal x 2 3", "normal 1 -2 3", "normal 1 2 3x", "normal 1 2 -1"})
    CHECK(config.set("client-output-buffer-limit", bad) ==
          "Error in hard, soft or soft_seconds setting in buffer limit configuration.");
  CHECK(config.all.client_output_buffer_limits[client_class::normal].hard == 1024);
}

TEST_CASE("Keyspace events are letters, shown in one order", "[config]") {
  values config;
  const auto shown = [&](std::string_view letters) {
    REQUIRE(config.set("notify-keyspace-events", letters) == "ok");
    return config.get("notify-keyspace-events");
  };
  CHECK(shown("KEA") == "AKE");
  CHECK(config.all.notify_keyspace_events == (notify::all | notify::keyspace | notify::keyevent));
  CHECK(shown("g$lshzxetdn") == "A");
  CHECK(shown("KEn$") == "$nKE");
  CHECK(shown("AKEmn") == "AKEm");
  CHECK(shown("Ex") == "xE");
  CHECK(shown("").empty());
  CHECK(config.set("notify-keyspace-events", "Q") ==
        "Invalid event class character. Use 'Ag$lshzxeKEtmdn'.");
}

TEST_CASE("Percentiles are numbers from 0 to 100", "[config]") {
  values config;
  CHECK(config.get("latency-tracking-info-percentiles") == "50 99 99.9");
  CHECK(config.set("latency-tracking-info-percentiles", "1e1 50.123456789 100.0 0") == "ok");
  CHECK(config.get("latency-tracking-info-percentiles") == "10 50.123457 100 0");
  CHECK(config.set("latency-tracking-info-percentiles", "50  60") ==
        "Invalid latency-tracking-info-percentiles parameters");
  CHECK(config.set("latency-tracking-info-percentiles", "100.1") ==
        "latency-tracking-info-percentiles parameters should sit between [0.0,100.0]");
  CHECK(config.set("latency-tracking-info-percentiles", "") == "ok");
  CHECK(config.all.latency_tracking_info_percentiles.empty());
}

TEST_CASE("Three OOM scores are given at once", "[config]") {
  values config;
  CHECK(config.set("oom-score-adj-values", "-5 +6 07") == "ok");
  CHECK(config.get("oom-score-adj-values") == "-5 6 7");
  CHECK(config.set("oom-score-adj-values", "1 2") == "wrong number of arguments");
  CHECK(config.set("oom-score-adj-values", "1 2 3000") ==
        "Invalid oom-score-adj-values, elements must be between -2000 and 2000.");
  CHECK(config.get("oom-score-adj-values") == "-5 6 7");
}

TEST_CASE("At most 16 addresses can be listened on", "[config]") {
  values config;
  CHECK(config.set("bind", "127.0.0.1 -::1") == "ok");
  CHECK(config.all.binds == std::vector<std::string>{"127.0.0.1", "-::1"});
  CHECK(config.set("bind", "") == "ok");
  CHECK(config.all.binds.empty());
  std::string many = "a";
  for (int i = 0; i < 16; ++i) many += " a";
  CHECK(config.set("bind", many) == "Too many bind addresses specified.");
}

TEST_CASE("The primary is a host and a port, or no one", "[config]") {
  values config;
  CHECK(config.set("replicaof", "db.example 6380") == "ok");
  CHECK(config.all.replicaof == primary_address{"db.example", 6380});
  CHECK(config.get("slaveof") == "db.example 6380");
  CHECK(config.set("replicaof", "db.example 65536") == "Invalid master port");
  CHECK(config.set("replicaof", "db.example x") == "Invalid master port");
  CHECK(config.set("replicaof", "db.example") == "wrong number of arguments");
  CHECK(config.set("replicaof", "NO one") == "ok");
  CHECK(config.get("replicaof").empty());
}

TEST_CASE("The directory is entered at once", "[config]") {
  values config;
  CHECK(config.set("dir", "/data") == "ok");
  CHECK(config.environment.here == "/data");
  CHECK(config.get("dir") == "/data");
  CHECK(config.set("dir", "/nowhere") == "No such file or directory");
  CHECK(config.get("dir") == "/data");
}
