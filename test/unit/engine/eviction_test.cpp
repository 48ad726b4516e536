#include "../commands/event_recorder.hpp"
#include "catch.hpp"
#include "engine_fixture.hpp"
#include <store/arena.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

using hawser::engine::eviction;
using hawser::test::engine_fixture;

namespace {

constexpr auto refused = "!OOM command not allowed when used memory > 'maxmemory'.";

/// Removes what is chosen next; its key, empty if nothing may go.
std::string remove_next(engine_fixture& db) {
  const auto next = db.node.eviction.choose();
  if (!next) return {};
  std::string key(next->which->key());
  REQUIRE(db.node.database(next->db).remove(key));
  return key;
}

std::string key(const std::string& prefix, int number) { return prefix + std::to_string(number); }

/// Of the first `count` that go, how many have a name that begins like this.
int removed(engine_fixture& db, int count, const std::string& prefix) {
  int found = 0;
  for (int i = 0; i < count; ++i) found += remove_next(db).starts_with(prefix);
  return found;
}

}  // namespace

TEST_CASE("Each policy removes all that it may and nothing else", "[eviction]") {
  const std::string policy =
      GENERATE("noeviction", "allkeys-lru", "allkeys-lfu", "allkeys-random", "volatile-lru",
               "volatile-lfu", "volatile-random", "volatile-ttl", "allkeys-lrm", "volatile-lrm");
  const auto seed = GENERATE(1, 2, 3);
  INFO(policy << ", seed " << seed);
  engine_fixture db({{"maxmemory-policy", policy}});
  hawser::base::random random(static_cast<std::uint64_t>(seed));
  std::set<std::string> may_go, stay;
  for (int i = 0; i < 400; ++i) {
    const bool ends = random.below(3) == 0;
    const bool may = policy != "noeviction" && (ends || policy.starts_with("allkeys"));
    const auto name = key("k", i);
    db("SELECT " + std::to_string(random.below(3) * 2));
    db("SET " + name + " x" + (ends ? " PX " + std::to_string(1 + random.below(1u << 30)) : ""));
    if (random.below(4) == 0) db("GET " + name);
    (may ? may_go : stay).insert(name);
    db.clock.advance_ms(static_cast<std::int64_t>(random.below(200)));
  }
  std::set<std::string> gone;
  for (auto next = remove_next(db); !next.empty(); next = remove_next(db)) gone.insert(next);
  CHECK(gone == may_go);
  std::size_t left = 0;
  for (int i = 0; i < db.node.database_count(); ++i) left += db.node.database(i).size();
  CHECK(left == stay.size());
}

TEST_CASE("volatile-ttl removes the nearest deadline first", "[eviction]") {
  engine_fixture db({{"maxmemory-policy", "volatile-ttl"}});
  db("SET stays x");
  std::vector<int> seconds;
  for (int i = 0; i < 30; ++i) seconds.push_back(100 + i * 37 % 30 * 10);
  for (const int each : seconds) db("SET " + key("k", each) + " x EX " + std::to_string(each));
  db("PEXPIRE k390 1");
  std::sort(seconds.begin(), seconds.end());
  seconds.pop_back();
  CHECK(remove_next(db) == "k390");
  for (const int each : seconds) CHECK(remove_next(db) == key("k", each));
  CHECK(remove_next(db).empty());
}

TEST_CASE("volatile-ttl removes near deadlines among many", "[eviction]") {
  engine_fixture db({{"maxmemory-policy", "volatile-ttl"}});
  for (int i = 0; i < 2000; ++i)
    db("SET " + key(i % 2 == 0 ? "near" : "far", i) + " x EX " +
       std::to_string((i % 2 == 0 ? 1000 : 100'000) + i));
  CHECK(removed(db, 500, "near") > 490);
}

TEST_CASE("An LRM policy removes what has not been changed for longest, read or not",
          "[eviction]") {
  const std::string policy = GENERATE("allkeys-lrm", "volatile-lrm");
  engine_fixture db({{"maxmemory-policy", policy}});
  for (int i = 0; i < 20; ++i) {
    db("RPUSH " + key("k", i) + " a b c");
    db("EXPIRE " + key("k", i) + " 10000");
  }
  db.clock.advance_ms(10'000);
  db("LREM k7 0 nosuch");  // changes nothing
  db("LPOP k3");
  db.clock.advance_ms(10'000);
  for (int i = 10; i < 20; ++i) db("LRANGE " + key("k", i) + " 0 -1");
  db("EXPIRE k4 9000");
  CHECK(db("OBJECT IDLETIME k12") == "20");
  CHECK(db("OBJECT IDLETIME k7") == "20");
  CHECK(db("OBJECT IDLETIME k3") == "10");
  CHECK(db("OBJECT IDLETIME k4") == "0");
  std::set<std::string> first;
  for (int i = 0; i < 18; ++i) first.insert(remove_next(db));
  CHECK_FALSE(first.contains("k3"));
  CHECK_FALSE(first.contains("k4"));
  CHECK(remove_next(db) == "k3");
  CHECK(remove_next(db) == "k4");
}

TEST_CASE("An LRU policy removes what has not been used for longest", "[eviction]") {
  const std::string policy = GENERATE("allkeys-lru", "volatile-lru");
  engine_fixture db({{"maxmemory-policy", policy}});
  for (int i = 0; i < 2000; ++i) db("SET " + key(i % 2 == 0 ? "old" : "new", i) + " x EX 100000");
  db.clock.advance_ms(100'000);
  for (int i = 1; i < 2000; i += 2) db("GET " + key("new", i));
  CHECK(removed(db, 500, "old") > 490);
  db("GET old0");
  db.clock.advance_ms(1'000);
  CHECK(removed(db, 400, "old") > 340);
}

TEST_CASE("An LFU policy removes what is used least", "[eviction]") {
  const std::string policy = GENERATE("allkeys-lfu", "volatile-lfu");
  engine_fixture db({{"maxmemory-policy", policy}});
  for (int i = 0; i < 2000; ++i)
    db("SET " + key(i % 2 == 0 ? "rare" : "often", i) + " x EX 100000");
  for (int times = 0; times < 10; ++times)
    for (int i = 1; i < 2000; i += 2) db("GET " + key("often", i));
  CHECK(removed(db, 500, "rare") > 490);
}

TEST_CASE("What was used since it was looked at is not removed for what it was", "[eviction]") {
  engine_fixture db({{"maxmemory-policy", "allkeys-lru"}, {"maxmemory-samples", "10"}});
  for (int i = 0; i < 8; ++i) db("SET " + key("k", i) + " x");
  db.clock.advance_ms(10'000);
  db("SET fresh x");
  // All are remembered now.
  CHECK(remove_next(db) != "fresh");
  for (int i = 0; i < 8; ++i) db("GET " + key("k", i));
  db.clock.advance_ms(10'000);
  for (int i = 0; i < 8; ++i) db("GET " + key("k", i));
  CHECK(remove_next(db) == "fresh");
}

TEST_CASE("Without memory and keys to remove, what needs memory is refused", "[eviction]") {
  engine_fixture db({{"maxmemory", "1mb"}});
  CHECK(db("SET a 1") == "OK");
  db.allocated = 2'000'000;
  CHECK(db("SET a 2") == refused);
  CHECK(db("GET a") == "1");
  CHECK(db("DEL a") == "1");
  CHECK(db("MULTI") == "OK");
  CHECK(db("GET a") == refused);
  CHECK(db("EXEC") == "!EXECABORT Transaction discarded because of previous errors.");
  CHECK(db("CONFIG SET maxmemory 3mb") == "OK");
  CHECK(db("SET a 3") == "OK");
  CHECK(db("CONFIG SET maxmemory 1mb") == "OK");
  CHECK(db("SET a 4") == refused);
  CHECK(db("CONFIG SET maxmemory 0") == "OK");
  CHECK(db("SET a 5") == "OK");
}

TEST_CASE("The time above the limit is counted until it is over", "[eviction]") {
  engine_fixture db({{"maxmemory", "1mb"}});
  const auto field = [&](const std::string& name) {
    const auto text = db("INFO stats");
    const auto at = text.find(name + ":") + name.size() + 1;
    return std::stoi(text.substr(at));
  };
  db.allocated = 2'000'000;
  db("PING");
  db.clock.advance_ms(1'500);
  CHECK(field("current_eviction_exceeded_time") == 1'500);
  CHECK(field("total_eviction_exceeded_time") == 1'500);
  db.allocated = 100'000;
  db("PING");
  db.clock.advance_ms(1'000);
  CHECK(field("current_eviction_exceeded_time") == 0);
  CHECK(field("total_eviction_exceeded_time") == 1'500);
  db("CONFIG RESETSTAT");
  CHECK(field("total_eviction_exceeded_time") == 0);
}

TEST_CASE("What is removed is journalled, counted and told of", "[eviction]") {
  engine_fixture db({{"notify-keyspace-events", "KEA"}, {"maxmemory-policy", "allkeys-lru"}});
  db.journalled();
  db("SET a 1");
  auto watcher = db.connect();
  watcher("WATCH a");
  auto listener = db.connect();
  listener("PSUBSCRIBE __keyevent*");
  db.journalled();
  const std::string lazy = GENERATE("no", "yes");
  db.set("lazyfree-lazy-eviction", lazy);
  db.allocated = 2'000'000;
  db.set("maxmemory", "1mb");
  CHECK(db("GET a") == "nil");
  CHECK(db.journalled() == std::vector<std::string>{lazy == "yes" ? "UNLINK a" : "DEL a"});
  CHECK(db.node.stats.evicted_keys == 1);
  CHECK(listener.reply() == "[pmessage __keyevent* __keyevent@0__:evicted a]");
  watcher("MULTI");
  CHECK(watcher("EXEC") == "nil[]");
}

TEST_CASE("Nothing is removed while a primary decides or writes are paused", "[eviction]") {
  engine_fixture db({{"maxmemory-policy", "allkeys-lru"}});
  db("SET a 1");
  db.allocated = 2'000'000;
  SECTION("a replica") {
    db("REPLICAOF 127.0.0.1 1");
    db.set("maxmemory", "1mb");
    CHECK(db("GET a") == "1");
    db.set("replica-ignore-maxmemory", "no");
    CHECK(db("GET a") == "nil");
  }
  SECTION("a pause") {
    db("CLIENT PAUSE 1000 WRITE");
    db.set("maxmemory", "1mb");
    CHECK(db("GET a") == "1");
    db("CLIENT UNPAUSE");
    CHECK(db("GET a") == "nil");
  }
}

TEST_CASE("Memory stays within the limit while keys come", "[eviction]") {
  if (!hawser::store::arena::uses_pages) return;
  engine_fixture db({{"maxmemory-policy", "allkeys-lru"}, {"maxmemory", "1mb"}});
  for (int i = 0; i < 20'000; ++i) {
    REQUIRE(db("SET " + key("k", i) + " " + std::string(100, 'x')) == "OK");
    REQUIRE(db.node.used_memory_lately() < (1u << 20) + 70'000);
  }
  CHECK(db.node.database(0).size() > 3'000);
  CHECK(db.node.stats.evicted_keys + db.node.database(0).size() == 20'000);
}

TEST_CASE("The memory of a large value counts as long as it is being freed", "[eviction]") {
  if (!hawser::store::arena::uses_pages) return;
  engine_fixture db({{"maxmemory-policy", "volatile-ttl"}});
  for (int i = 0; i < 500; ++i) {
    std::string members;
    for (int j = 0; j < 100; ++j) members += " member:" + std::to_string(i * 100 + j);
    db("SADD large" + members);
  }
  db("EXPIRE large 1000");
  for (int i = 0; i < 20; ++i) db("SET " + key("k", i) + " x EX 100000");
  SECTION("others are not removed meanwhile") {
    db.set("maxmemory", "1mb");
    CHECK(db("PING") == "PONG");
    CHECK(db.node.stats.evicted_keys == 1);
    CHECK(db("DBSIZE") == "20");
  }
  SECTION("nothing is refused meanwhile") {
    db.set("maxmemory-policy", "noeviction");
    db("DEL large");
    db.set("maxmemory", "1mb");
    CHECK(db("SET a 1") == "OK");
  }
  CHECK(db.node.used_memory_lately() < 1u << 20);
}

TEST_CASE("The largest clients go first when all take too much", "[eviction][clients]") {
  engine_fixture db({{"maxmemory-clients", "1200kb"}});
  db("SET big " + std::string(200'000, 'x'));
  auto small = db.connect(), larger = db.connect(), largest = db.connect(), spared = db.connect();
  spared("CLIENT NO-EVICT on");
  small.send("GET big");
  for (int i = 0; i < 2; ++i) larger.send("GET big");
  db.node.tick();
  CHECK(db.node.stats.evicted_clients == 0);
  for (int i = 0; i < 3; ++i) largest.send("GET big");
  for (int i = 0; i < 4; ++i) spared.send("GET big");
  db.node.tick();
  CHECK(largest.closed());
  CHECK(larger.closed());
  CHECK_FALSE(small.closed());
  CHECK_FALSE(spared.closed());
  CHECK(db.node.stats.evicted_clients == 2);
}

TEST_CASE("The limit of clients may be a part of maxmemory", "[eviction][clients]") {
  engine_fixture db({{"maxmemory", "100mb"}, {"maxmemory-clients", "5%"}});
  CHECK(db.node.client_memory.limit() == 5u * 1024 * 1024);
  db.set("maxmemory", "0");
  CHECK(db.node.client_memory.limit() == 0);
  db.set("maxmemory-clients", "10");
  CHECK(db.node.client_memory.limit() == 128u * 1024);
}
