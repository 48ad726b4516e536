#include "catch.hpp"
#include "engine_fixture.hpp"
#include "reply_decoder.hpp"

#include <sstream>

using hawser::test::decode_reply;
using hawser::test::engine_fixture;

namespace {

std::string info(engine_fixture& db, const std::string& sections) {
  db.own_client().send("INFO " + sections);
  return decode_reply(db.own_client().raw_reply())->value.text;
}

// The value of a field; "none" when there is no such line.
std::string field(engine_fixture& db, const std::string& name) {
  std::istringstream lines(info(db, "everything"));
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(name + ":"))
      return line.substr(name.size() + 1, line.size() - name.size() - 2);
  return "none";
}

// The titles, in order.
std::string titles(engine_fixture& db, const std::string& sections) {
  std::istringstream lines(info(db, sections));
  std::string found;
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("# ")) found += line.substr(2, line.size() - 3) + ' ';
  return found;
}

}  // namespace

TEST_CASE("INFO chooses sections by name and keeps their order", "[info]") {
  engine_fixture db;
  const std::string usual = "Server Clients Memory Persistence Stats Replication CPU Modules ";
  CHECK(titles(db, "") == usual + "Errorstats Cluster Keyspace ");
  CHECK(titles(db, "default") == usual + "Errorstats Cluster Keyspace ");
  CHECK(titles(db, "all") == usual + "Commandstats Errorstats Latencystats Cluster Keyspace ");
  CHECK(titles(db, "everything") == titles(db, "ALL"));
  CHECK(titles(db, "keyspace SERVER nosuch") == "Server Keyspace ");
  CHECK(titles(db, "default latencystats").find("Latencystats") != std::string::npos);
  CHECK(info(db, "nosuch").empty());
}

TEST_CASE("INFO separates sections by an empty line", "[info]") {
  engine_fixture db;
  CHECK(info(db, "cluster modules") == "# Modules\r\n\r\n# Cluster\r\ncluster_enabled:0\r\n");
}

TEST_CASE("INFO is text with a format under RESP3", "[info]") {
  engine_fixture db;
  db.own_client().state().reply.set_version(hawser::resp::protocol::resp3);
  db.own_client().send("INFO modules");
  CHECK(db.own_client().raw_reply() == "=15\r\ntxt:# Modules\r\n\r\n");
}

TEST_CASE("INFO server tells versions, process and time", "[info]") {
  engine_fixture db;
  db.clock.advance_ms(90'061'000);
  CHECK(field(db, "redis_version") == "7.4.0");
  CHECK(field(db, "server_name") == "hawser");
  CHECK(field(db, "process_id") == "42");
  CHECK(field(db, "os") == "TestOS 1.0");
  CHECK(field(db, "uptime_in_seconds") == "90061");
  CHECK(field(db, "uptime_in_days") == "1");
  CHECK(field(db, "run_id").size() == 40);
  CHECK(field(db, "master_replid").size() == 40);
  CHECK(field(db, "listener0") == "name=tcp,bind=*,bind=-::*,port=6379");
}

TEST_CASE("INFO clients counts clients and what they do", "[info]") {
  engine_fixture db;
  auto watcher = db.connect(), subscriber = db.connect();
  watcher.send("WATCH a b");
  subscriber.send("SUBSCRIBE x");
  CHECK(field(db, "connected_clients") == "3");
  CHECK(field(db, "watching_clients") == "1");
  CHECK(field(db, "total_watched_keys") == "2");
  CHECK(field(db, "pubsub_clients") == "1");
  CHECK(field(db, "pubsub_channels") == "1");
}

TEST_CASE("INFO memory adds what the process and the databases hold", "[info]") {
  engine_fixture db;
  const auto before = std::stoull(field(db, "used_memory"));
  CHECK(before >= 100'000);
  for (int i = 0; i < 1000; ++i) db("SET key:" + std::to_string(i) + " " + std::string(500, 'v'));
  CHECK(std::stoull(field(db, "used_memory")) >= before + 400'000);
  CHECK(std::stoull(field(db, "used_memory_dataset")) >= 400'000);
  CHECK(field(db, "used_memory_rss") == "3000000");
  CHECK(field(db, "used_memory_rss_human") == "2.86M");
  CHECK(field(db, "maxmemory_policy") == "noeviction");
}

TEST_CASE("INFO stats, commandstats and errorstats count", "[info]") {
  engine_fixture db;
  db("SET a x");
  db("GET a");
  db("GET b");
  db("INCR a");
  db("GET");
  db("NOSUCH");
  CHECK(field(db, "keyspace_hits") == "1");
  CHECK(field(db, "keyspace_misses") == "1");
  CHECK(field(db, "total_error_replies") == "3");
  CHECK(field(db, "errorstat_ERR") == "count=3");
  CHECK(field(db, "cmdstat_get") ==
        "calls=2,usec=0,usec_per_call=0.00,rejected_calls=1,failed_calls=0");
  CHECK(field(db, "cmdstat_incr") ==
        "calls=1,usec=0,usec_per_call=0.00,rejected_calls=0,failed_calls=1");
  CHECK(field(db, "cmdstat_mget") == "none");
  CHECK(field(db, "latency_percentiles_usec_get") == "p50=0.000,p99=0.000,p99.9=0.000");
  CHECK(field(db, "used_cpu_user") == "2.250000");
}

TEST_CASE("INFO keyspace has a line for each database with keys", "[info]") {
  engine_fixture db;
  CHECK(info(db, "keyspace") == "# Keyspace\r\n");
  db("MSET a 1 b 2");
  db("PEXPIRE a 5000");
  db("SELECT 9");
  db("SET c 1");
  CHECK(info(db, "keyspace") ==
        "# Keyspace\r\ndb0:keys=2,expires=1,avg_ttl=5000,subexpiry=0\r\n"
        "db9:keys=1,expires=0,avg_ttl=0,subexpiry=0\r\n");
}
