#include "catch.hpp"
#include "engine_fixture.hpp"

#include <deque>
#include <string>
#include <string_view>

using namespace hawser::test;

namespace {

std::string told(std::string_view key) {
  std::string text(">[invalidate [");
  return text.append(key).append("]]");
}

constexpr auto forget_all = ">[invalidate nil]";

class tracker {
 public:
  explicit tracker(engine_fixture& db, std::string_view options = "") : client_(db.connect()) {
    client_("HELLO 3");
    client_(std::string("CLIENT TRACKING on ").append(options));
  }
  std::string operator()(std::string_view line) { return client_(line); }
  std::string reply() { return client_.reply(); }
  bool has_reply() { return client_.has_reply(); }

 private:
  engine_client client_;
};

std::size_t value_of(engine_fixture& db, std::string_view field) {
  const auto info = db("INFO everything");
  const auto at = info.find(field);
  return std::stoul(info.substr(at + field.size() + 1));
}

}  // namespace

TEST_CASE("A key that a client has read is told of once when it changes", "[tracking]") {
  engine_fixture db;
  tracker reader(db);
  reader("GET a");
  db("SET a 1");
  CHECK(reader.reply() == told("a"));
  db("SET a 2");
  CHECK_FALSE(reader.has_reply());
  CHECK(reader("GET a") == "2");
  db("SET b 1");
  CHECK_FALSE(reader.has_reply());
}

TEST_CASE("Own changes are told of when the whole command or transaction is over", "[tracking]") {
  engine_fixture db;
  tracker own(db);
  own("MGET a b");
  CHECK(own("MSET a 1 b 2") == "OK");
  CHECK(own.reply() == told("a"));
  CHECK(own.reply() == told("b"));
  own("MULTI");
  own("GET a");
  own("SET a 2");
  own("FLUSHALL");
  CHECK(own("EXEC") == "[1 OK OK]");
  CHECK(own.reply() == told("a"));
  CHECK(own.reply() == forget_all);
  CHECK_FALSE(own.has_reply());
}

TEST_CASE("A key whose time has come is told of, whoever comes across it", "[tracking]") {
  engine_fixture db;
  db("DEBUG SET-ACTIVE-EXPIRE 0");
  tracker reader(db);
  db("PSETEX a 10 x");
  db("PSETEX b 10 x");
  CHECK(reader("MGET a b") == "[x x]");
  db.advance_ms(20);
  CHECK(db("GET a") == "nil");
  CHECK(reader.reply() == told("a"));
  // Its own command: behind the reply, and remembered again.
  CHECK(reader("MGET x b y") == "[nil nil nil]");
  CHECK(reader.reply() == told("b"));
  db("SET b 1");
  CHECK(reader.reply() == told("b"));
}

TEST_CASE("Keys that expire of themselves are told of, broadcast too", "[tracking]") {
  engine_fixture db;
  tracker reader(db);
  tracker listener(db, "BCAST NOLOOP");
  db("PSETEX a 10 x");
  CHECK(listener.reply() == told("a"));
  reader("GET a");
  db.advance_ms(20);
  db.node.update_time();
  db.node.background_slice();
  CHECK(reader.reply() == told("a"));
  CHECK(listener.reply() == told("a"));
}

TEST_CASE("Fields of a hash that expire are a change of the hash", "[tracking]") {
  engine_fixture db;
  tracker reader(db);
  db("HSET h a 1 b 2");
  db("HPEXPIRE h 10 FIELDS 1 a");
  reader("HGETALL h");
  db.advance_ms(20);
  db.node.update_time();
  db.node.background_slice();
  CHECK(reader.reply() == told("h"));
}

TEST_CASE("NOLOOP leaves out a client's own changes, not those that others have made",
          "[tracking]") {
  engine_fixture db;
  tracker own(db, "NOLOOP");
  own("MGET a b");
  CHECK(own("SET a 1") == "OK");
  CHECK(own("EVAL \"return redis.call('SET','b',1)\" 0") == "OK");
  CHECK_FALSE(own.has_reply());
  own("GET a");
  db("SET a 2");
  CHECK(own.reply() == told("a"));
}

TEST_CASE("Broadcasts come together, sorted, to each client by prefix", "[tracking]") {
  engine_fixture db;
  tracker all(db, "BCAST");
  tracker some(db, "BCAST PREFIX user: PREFIX u1 PREFIX x");
  db("MSET user:2 1 user:1 2 u 3 u1 4 user 5 z 6");
  CHECK(all.reply() == ">[invalidate [u u1 user user:1 user:2 z]]");
  CHECK(some.reply() == told("u1"));
  CHECK(some.reply() == ">[invalidate [user:1 user:2]]");
  CHECK_FALSE(some.has_reply());
  some("CLIENT TRACKING off");
  db("SET user:1 1");
  CHECK(all.reply() == told("user:1"));
  CHECK_FALSE(some.has_reply());
}

TEST_CASE("Prefixes within each other belong to different clients", "[tracking]") {
  engine_fixture db;
  std::deque<engine_client> clients;
  for (const auto* prefix : {"a", "ab", "abcd", "abx", "b", "abcde"}) {
    db.connect_to(clients);
    clients.back()("HELLO 3");
    clients.back()(std::string("CLIENT TRACKING on BCAST PREFIX ") + prefix);
  }
  db("SET abcdf 1");
  for (const std::size_t hears : {0U, 1U, 2U}) CHECK(clients[hears].reply() == told("abcdf"));
  for (const std::size_t deaf : {3U, 4U, 5U}) CHECK_FALSE(clients[deaf].has_reply());
  CHECK(value_of(db, "tracking_total_prefixes") == 6);
  clients.clear();
  CHECK(value_of(db, "tracking_total_prefixes") == 0);
}

TEST_CASE("Whom invalidations are redirected to may go", "[tracking]") {
  engine_fixture db;
  tracker reader(db);
  {
    auto other = db.connect();
    reader("CLIENT TRACKING on REDIRECT " + std::to_string(other.state().id));
    other("SUBSCRIBE __redis__:invalidate");
    reader("GET a");
    db("SET a 1");
    CHECK(other.reply() == "[message __redis__:invalidate [a]]");
    CHECK_FALSE(reader.has_reply());
    db("FLUSHALL");
    CHECK(other.reply() == "[message __redis__:invalidate nil]");
    reader("MGET a b");
  }
  db("SET a 1");
  CHECK(reader.reply().starts_with(">[tracking-redir-broken "));
  CHECK(reader("CLIENT TRACKINGINFO").find("[on broken_redirect]") != std::string::npos);
  CHECK(reader("CLIENT INFO").find(" flags=tR ") != std::string::npos);
  reader("CLIENT TRACKING on");
  reader("GET a");
  db("SET a 1");
  CHECK(reader.reply() == told("a"));
}

TEST_CASE("Who is told of a change that it makes itself is told behind its reply", "[tracking]") {
  engine_fixture db;
  auto reader = db.connect();
  auto writer = db.connect();
  writer("HELLO 3");
  reader("CLIENT TRACKING on REDIRECT " + std::to_string(writer.state().id));
  reader("MGET a b");
  writer("MULTI");
  writer("SET a 1");
  writer("SET b 1");
  CHECK(writer("EXEC") == "[OK OK]");
  CHECK(writer.reply() == told("a"));
  CHECK(writer.reply() == told("b"));
}

TEST_CASE("A table that is too large forgets keys as if they had changed", "[tracking]") {
  engine_fixture db({{"tracking-table-max-keys", "100"}});
  tracker reader(db);
  std::size_t forgotten = 0;
  for (int i = 0; i < 1000; ++i) {
    CHECK(reader("GET key:" + std::to_string(i)) == "nil");
    while (reader.has_reply()) {
      CHECK(reader.reply().starts_with(">[invalidate [key:"));
      ++forgotten;
    }
  }
  CHECK(forgotten == 900);
  CHECK(value_of(db, "tracking_total_keys") == 100);
  CHECK(value_of(db, "tracking_total_items") == 100);
  // Lowering the limit: so many in each command, more each time.
  db.set("tracking-table-max-keys", "0");
  std::string many = "MGET";
  for (int i = 0; i < 5000; ++i) many += " more:" + std::to_string(i);
  reader(many);
  db.set("tracking-table-max-keys", "10");
  db.node.tick();
  CHECK(value_of(db, "tracking_total_keys") == 5000);
  for (int i = 0; i < 20; ++i) db.node.tick();
  CHECK(value_of(db, "tracking_total_keys") == 10);
}

TEST_CASE("Ids of clients that have gone stay until the key changes", "[tracking]") {
  engine_fixture db;
  {
    tracker first(db), second(db);
    first("MGET a b");
    second("MGET b c");
    CHECK(value_of(db, "tracking_clients") == 2);
    CHECK(value_of(db, "tracking_total_items") == 4);
  }
  CHECK(value_of(db, "tracking_clients") == 0);
  CHECK(value_of(db, "tracking_total_keys") == 3);
  db("MSET a 1 b 1");
  CHECK(value_of(db, "tracking_total_items") == 1);
  db("FLUSHALL");
  CHECK(value_of(db, "tracking_total_keys") == 0);
  CHECK(db.node.tracking.idle());
}

TEST_CASE("A key may have thousands of readers", "[tracking]") {
  engine_fixture db;
  std::deque<engine_client> readers;
  const auto before = db.node.tracking.memory();
  for (int i = 0; i < 3000; ++i) {
    db.connect_to(readers);
    readers.back()("HELLO 3");
    readers.back()("CLIENT TRACKING on");
  }
  // The youngest first, and each twice.
  for (auto at = readers.rbegin(); at != readers.rend(); ++at) {
    (*at)("GET hot");
    (*at)("MGET hot other");
  }
  CHECK(value_of(db, "tracking_total_items") == 6000);
  CHECK(value_of(db, "tracking_total_keys") == 2);
  db("SET hot 1");
  for (auto& each : readers) CHECK(each.reply() == told("hot"));
  CHECK(value_of(db, "tracking_total_items") == 3000);
  db("FLUSHALL");
  CHECK(db.node.tracking.memory() >= before);
}

// There are no pages where every block is the allocator's.
#ifndef __SANITIZE_ADDRESS__
TEST_CASE("Remembered keys are memory in use, which flushing gives back", "[tracking]") {
  engine_fixture db;
  tracker reader(db);
  const auto before = db.node.used_memory(), lately = db.node.used_memory_lately();
  std::string many = "MGET";
  for (int i = 0; i < 20'000; ++i) many += " some-longer-name:" + std::to_string(i);
  reader(many);
  const auto used = db.node.used_memory() - before;
  CHECK(used > 20'000 * 30);
  CHECK(used < 20'000 * 100);
  CHECK(db.node.used_memory_lately() - lately == used);
  db("FLUSHALL");
  CHECK(db.node.used_memory() <= before);
}
#endif

TEST_CASE("RESET ends tracking, HELLO does not", "[tracking]") {
  engine_fixture db;
  tracker reader(db);
  reader("GET a");
  reader("HELLO 2");
  db("SET a 1");
  CHECK_FALSE(reader.has_reply());
  reader("HELLO 3");
  reader("GET a");
  db("SET a 1");
  CHECK(reader.reply() == told("a"));
  CHECK(reader("RESET") == "RESET");
  CHECK(reader("CLIENT GETREDIR") == "-1");
  CHECK(value_of(db, "tracking_clients") == 0);
}

TEST_CASE("NOLOOP is about changes, not about a table that is too large", "[tracking]") {
  engine_fixture db({{"tracking-table-max-keys", "1"}});
  tracker reader(db, "NOLOOP");
  reader("MGET a b");
  CHECK(reader.reply().starts_with(">[invalidate ["));
}

TEST_CASE("What a transaction has changed is told of even if tracking ends with it", "[tracking]") {
  engine_fixture db;
  tracker own(db);
  for (const auto* line : {"MULTI", "GET a", "SET a 1", "CLIENT TRACKING off"}) own(line);
  CHECK(own("EXEC") == "[nil OK OK]");
  CHECK(own.reply() == told("a"));
  CHECK(db.node.tracking.idle());
}
