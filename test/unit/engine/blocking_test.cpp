#include "catch.hpp"
#include "engine_fixture.hpp"
#include <engine/context.hpp>

using namespace hawser;
using namespace hawser::test;

namespace {

using engine::context;
using keys_t = std::span<const std::string_view>;

/// TAKE key [key ...] timeout -- removes the first key that holds a string, and replies both.
void take(context& cx) {
  const auto keys = cx.args.rest(1);
  const auto timeout = cx.args.timeout();
  cx.serve_or_block(keys, {.timeout = timeout, .type = store::value_type::string},
                    [](context& now, keys_t to_try) {
                      for (const auto key : to_try)
                        if (const auto* found = now.keys.write(key)) {
                          now.reply.array(2).bulk(key);
                          found->is_integer() ? now.reply.bulk_integer(found->integer())
                                              : now.reply.bulk(found->text());
                          now.keys.remove(key);
                          now.modified(key, engine::notify::generic, "del");
                          return true;
                        }
                      return false;
                    });
}

/// HANDON from to timeout -- renames a key, with an error if the other exists.
void hand_on(context& cx) {
  const auto keys = cx.args.rest(2);
  const std::string to(cx.args.next());
  const auto timeout = cx.args.timeout();
  cx.serve_or_block(keys,
                    {.timeout = timeout, .type = store::value_type::string, .plain_null = true},
                    [to](context& now, keys_t to_try) {
                      if (!now.keys.exists(to_try[0])) return false;
                      if (now.keys.exists(to)) throw engine::command_error("ERR it exists");
                      now.keys.rename(to_try[0], to);
                      now.modified(to_try[0], engine::notify::generic, "rename_from");
                      now.modified(to, engine::notify::generic, "rename_to");
                      now.reply.bulk(to);
                      return true;
                    });
}

/// LOSS key timeout -- waits until a key is gone.
void loss(context& cx) {
  const auto keys = cx.args.rest(1);
  const auto timeout = cx.args.timeout();
  cx.serve_or_block(keys,
                    {.timeout = timeout, .type = store::value_type::string, .sees_loss = true},
                    [](context& now, keys_t to_try) {
                      if (now.keys.exists(to_try[0])) return false;
                      if (now.waited) throw engine::command_error("LOST it has gone");
                      now.reply.simple("absent");
                      return true;
                    });
}

constexpr engine::command_spec table[] = {
    {"handon", engine::arity::exactly(4), engine::flags::write, {1, 2, 1}, hand_on},
    {"loss", engine::arity::exactly(3), engine::flags::readonly, {1, 1, 1}, loss},
    {"take", engine::arity::at_least(3), engine::flags::write, {1, -2, 1}, take},
};
static_assert(engine::well_formed(table));

struct fixture : engine_fixture {
  fixture() : engine_fixture({}, table) {}
};

std::string blocked_clients(engine_fixture& db) {
  const auto text = db("INFO clients");
  const auto at = text.find("blocked_clients:") + 16;
  return text.substr(at, text.find('\\', at) - at);
}

}  // namespace

TEST_CASE("What is there is taken at once, in the order of the arguments", "[blocking]") {
  fixture db;
  db("MSET a 1 b 2");
  CHECK(db("TAKE none b a 0") == "[b 2]");
  CHECK(db("TAKE none b a 0") == "[a 1]");
}

TEST_CASE("A client that finds nothing waits until a key comes", "[blocking]") {
  fixture db;
  auto waiter = db.connect();
  waiter.send("TAKE a b 0");
  CHECK(waiter.blocked());
  CHECK(!waiter.has_reply());
  CHECK(db("SET c x") == "OK");
  CHECK(waiter.blocked());
  CHECK(db("SET b x") == "OK");
  CHECK(waiter.reply() == "[b x]");
  CHECK(!waiter.blocked());
  CHECK(db("EXISTS b") == "0");
  CHECK(db.node.waits.empty());
  CHECK(db.node.waits.key_count() == 0);
}

TEST_CASE("Clients of one key are served in the order in which they came", "[blocking]") {
  fixture db;
  auto first = db.connect(), second = db.connect(), third = db.connect();
  first.send("TAKE other a 0");
  second.send("TAKE a a 0");
  third.send("TAKE a 0");
  db("SET a 1");
  CHECK(first.reply() == "[a 1]");
  CHECK(second.blocked());
  db("SET a 2");
  CHECK(second.reply() == "[a 2]");
  CHECK(!second.has_reply());
  first.send("TAKE a 0");
  db("SET a 3");
  CHECK(third.reply() == "[a 3]");
  CHECK(first.blocked());
}

TEST_CASE("A client that has been served is out of every queue", "[blocking]") {
  fixture db;
  auto first = db.connect(), second = db.connect();
  first.send("TAKE a b 0");
  second.send("TAKE b 0");
  db("SET a 1");
  CHECK(first.reply() == "[a 1]");
  db("SET b 2");
  CHECK(second.reply() == "[b 2]");
  CHECK(!first.has_reply());
}

TEST_CASE("Keys that EXEC changes are looked at when it is over, in the order of their changes",
          "[blocking]") {
  fixture db;
  auto waiter = db.connect();
  waiter.send("TAKE a b 0");
  db("MULTI");
  for (const auto line : {"SET b 1", "SET a 2", "DEL b", "SET b 3"}) db(line);
  CHECK(db("EXEC") == "[OK OK 1 OK]");
  CHECK(waiter.reply() == "[b 3]");
  CHECK(db("GET a") == "2");
}

TEST_CASE("A key that is gone again when EXEC is over serves nobody", "[blocking]") {
  fixture db;
  auto waiter = db.connect();
  waiter.send("TAKE a 0");
  db("MULTI");
  db("SET a 1");
  db("DEL a");
  db("EXEC");
  CHECK(waiter.blocked());
}

TEST_CASE("Serving one client may feed another", "[blocking]") {
  fixture db;
  auto last = db.connect(), middle = db.connect(), first = db.connect();
  last.send("TAKE c 0");
  middle.send("HANDON b c 0");
  first.send("HANDON a b 0");
  db("SET a 1");
  CHECK(first.reply() == "b");
  CHECK(middle.reply() == "c");
  CHECK(last.reply() == "[c 1]");
  CHECK(db("DBSIZE") == "0");
}

TEST_CASE("A try that fails replies its error and ends the wait", "[blocking]") {
  fixture db;
  auto first = db.connect(), second = db.connect();
  db("SET b x");
  first.send("HANDON a b 0");
  second.send("TAKE a 0");
  db("SET a 1");
  CHECK(first.reply() == "!ERR it exists");
  CHECK(second.reply() == "[a 1]");
  CHECK_THAT(db("INFO commandstats"), Catch::Contains("cmdstat_handon:calls=1,") &&
                                          Catch::Contains("rejected_calls=0,failed_calls=1"));
}

TEST_CASE("Every command that makes a key appear wakes", "[blocking]") {
  fixture db;
  auto waiter = db.connect();
  db("MSET from 1");
  waiter.send("TAKE a 0");
  SECTION("RENAME") { db("RENAME from a"); }
  SECTION("COPY") { db("COPY from a"); }
  SECTION("GETEX leaves the key") { db("APPEND a 1"); }
  SECTION("MOVE") {
    db("SELECT 1");
    db("SET a 1");
    db("MOVE a 0");
  }
  SECTION("SWAPDB") {
    db("SELECT 1");
    db("SET a 1");
    db("SWAPDB 0 1");
  }
  CHECK(waiter.reply() == "[a 1]");
}

TEST_CASE("Only the database in which a client waits matters", "[blocking]") {
  fixture db;
  auto waiter = db.connect();
  waiter("SELECT 3");
  waiter.send("TAKE a 0");
  db("SET a 1");
  CHECK(waiter.blocked());
  db("SELECT 3");
  db("SET a 2");
  CHECK(waiter.reply() == "[a 2]");
}

TEST_CASE("Who waits for a loss is told of each kind of it", "[blocking]") {
  fixture db;
  auto watcher = db.connect(), taker = db.connect();
  CHECK(watcher("LOSS a 0") == "absent");
  db("SET a 1");
  watcher.send("LOSS a 0");
  CHECK(watcher.blocked());
  db("SET a 2");
  CHECK(watcher.blocked());
  SECTION("DEL") { db("DEL a"); }
  SECTION("FLUSHALL") { db("FLUSHALL"); }
  SECTION("SWAPDB") { db("SWAPDB 0 1"); }
  SECTION("RENAME") { db("RENAME a b"); }
  SECTION("MOVE") { db("MOVE a 1"); }
  SECTION("a deadline, met by a command") {
    db("PEXPIRE a 10");
    db.advance_ms(10);
    db("GET a");
  }
  CHECK(watcher.reply() == "!LOST it has gone");
}

TEST_CASE("A wait ends at its deadline", "[blocking]") {
  fixture db;
  auto waiter = db.connect(), patient = db.connect(), other = db.connect();
  const auto begin = db.clock.ms();
  other.send("TAKE a 100");
  waiter.send("TAKE a 0.0105");
  patient.send("TAKE a 0");
  CHECK(db.alarm_ms() == begin + 11);
  db.advance_ms(10);
  CHECK(waiter.blocked());
  db.advance_ms(1);
  CHECK(waiter.reply() == "nil[]");
  CHECK(db.alarm_ms() == begin + 100'000);
  db("SET a 1");
  CHECK(other.reply() == "[a 1]");
  db.advance_ms(1'000'000);
  CHECK(!db.alarm_ms());
  CHECK(patient.blocked());
}

TEST_CASE("There is one alarm, for the nearest deadline", "[blocking]") {
  fixture db;
  auto first = db.connect(), second = db.connect();
  const auto begin = db.clock.ms();
  first.send("TAKE a 0");
  CHECK(!db.alarm_ms());
  first.send("CLIENT ID");
  second.send("TAKE a 9223372036854");
  CHECK(!db.alarm_ms());
  CHECK(db("CLIENT UNBLOCK " + std::to_string(second.state().id)) == "1");
  second.reply();
  second.send("TAKE a 5");
  CHECK(db.alarm_ms() == begin + 5000);
  db("SET a 1");
  db("SET a 1");
  CHECK(second.reply() == "[a 1]");
  second.send("TAKE a 7");
  CHECK(db.alarm_ms() == begin + 5000);
  db.advance_ms(5000);
  CHECK(second.blocked());
  CHECK(db.alarm_ms() == begin + 7000);
  db.advance_ms(2000);
  CHECK(second.reply() == "nil[]");
}

TEST_CASE("Timeouts are seconds with fractions, and refused as Redis does", "[blocking]") {
  fixture db;
  for (const auto* wrong : {"abc", "nan", "\"\"", "\" 1\"", "1x"})
    CHECK(db(std::string("TAKE a ") + wrong) == "!ERR timeout is not a float or out of range");
  for (const auto* negative : {"-1", "-0.002", "inf", "1e400", "9223372036854776", "1e16"})
    CHECK(db(std::string("TAKE a ") + negative) == "!ERR timeout is negative");
  for (const auto* good : {"0", "0x10", "-0.0001", "1e3", "9223372036854775"}) {
    auto waiter = db.connect();
    waiter.send(std::string("TAKE a ") + good);
    CHECK(waiter.blocked());
  }
}

TEST_CASE("Inside a transaction nothing waits", "[blocking]") {
  fixture db;
  db("MULTI");
  db("TAKE a 0");
  db("HANDON a b 0");
  db("SET a 1");
  db("TAKE a 0");
  CHECK(db("EXEC") == "[nil[] nil OK [a 1]]");
}

TEST_CASE("CLIENT UNBLOCK ends a wait as its time would, or with an error", "[blocking]") {
  fixture db;
  auto waiter = db.connect();
  const auto id = std::to_string(waiter.state().id);
  for (const auto* how : {"", " TIMEOUT", " timeout"}) {
    waiter.send("TAKE a 0");
    CHECK(db("CLIENT UNBLOCK " + id + how) == "1");
    CHECK(waiter.reply() == "nil[]");
  }
  waiter.send("TAKE a 5");
  CHECK(db("CLIENT UNBLOCK " + id + " ERROR") == "1");
  CHECK(waiter.reply() == "!UNBLOCKED client unblocked via CLIENT UNBLOCK");
  CHECK(db("CLIENT UNBLOCK " + id + " ERROR") == "0");
  CHECK(db("CLIENT UNBLOCK 999") == "0");
  CHECK(db("CLIENT UNBLOCK -1") == "0");
  CHECK_THAT(db("INFO errorstats"), Catch::Contains("errorstat_UNBLOCKED:count=1"));
}

TEST_CASE("CLIENT UNBLOCK leaves a client alone that a pause holds back", "[blocking]") {
  fixture db;
  auto paused = db.connect();
  db("CLIENT PAUSE 1000 WRITE");
  paused.send("SET a 1");
  CHECK(db("CLIENT UNBLOCK " + std::to_string(paused.state().id)) == "0");
  CHECK(paused.postponed());
  db("CLIENT UNPAUSE");
  CHECK(paused.reply() == "OK");
}

TEST_CASE("A killed client is in nobody's way", "[blocking]") {
  fixture db;
  auto dead = db.connect(), alive = db.connect();
  dead.send("TAKE a 5");
  alive.send("TAKE a 0");
  CHECK(db("CLIENT KILL ID " + std::to_string(dead.state().id)) == "1");
  CHECK(dead.closed());
  db("SET a 1");
  CHECK(alive.reply() == "[a 1]");
  db.advance_ms(6000);
  CHECK(!dead.has_reply());
}

TEST_CASE("A client that hangs up while it waits takes nothing", "[blocking]") {
  fixture db;
  {
    auto gone = db.connect();
    gone.send("TAKE a b 3");
  }
  db("SET a 1");
  db.advance_ms(5000);
  CHECK(db("GET a") == "1");
  CHECK(db.node.waits.key_count() == 0);
}

TEST_CASE("What is sent behind a blocked command runs after it, and after all who waited",
          "[blocking]") {
  fixture db;
  auto first = db.connect(), second = db.connect();
  first.send("TAKE a 0");
  first.send("EXISTS a");
  first.send("TAKE a 0");
  first.send("PING");
  second.send("TAKE a 0");
  db("SET a 1");
  CHECK(first.reply() == "[a 1]");
  CHECK(first.reply() == "0");
  CHECK(first.blocked());
  db("SET a 2");
  CHECK(second.reply() == "[a 2]");
  db("SET a 3");
  CHECK(first.reply() == "[a 3]");
  CHECK(first.reply() == "PONG");
}

TEST_CASE("Blocked clients are shown as such", "[blocking]") {
  fixture db;
  auto waiter = db.connect(), watcher = db.connect();
  db("SET l 1");
  waiter.send("TAKE a b 5");
  watcher.send("LOSS l 0");
  const auto id = std::to_string(waiter.state().id);
  CHECK_THAT(db("CLIENT LIST ID " + id),
             Catch::Contains(" flags=b ") && Catch::Contains("cmd=take"));
  CHECK(blocked_clients(db).substr(0, 1) == "2");
  const auto info = db("INFO clients");
  CHECK_THAT(info, Catch::Contains("clients_in_timeout_table:1") &&
                       Catch::Contains("total_blocking_keys:3") &&
                       Catch::Contains("total_blocking_keys_on_nokey:1"));
}

TEST_CASE("A blocked command counts when it comes, its time when it is over", "[blocking]") {
  fixture db;
  db.set("slowlog-log-slower-than", "0");
  auto waiter = db.connect(), monitor = db.connect();
  monitor("MONITOR");
  waiter.send("TAKE a 0");
  CHECK_THAT(monitor.reply(), Catch::Contains("TAKE"));
  CHECK_THAT(db("INFO commandstats"), Catch::Contains("cmdstat_take:calls=1,"));
  CHECK_THAT(db("INFO latencystats"), !Catch::Contains("usec_take"));
  db("SLOWLOG RESET");
  CHECK_THAT(db("SLOWLOG GET"), !Catch::Contains("TAKE"));
  db("SET a 1");
  CHECK_THAT(db("INFO commandstats"), Catch::Contains("cmdstat_take:calls=1,"));
  CHECK_THAT(db("INFO latencystats"), Catch::Contains("usec_take"));
  CHECK_THAT(db("SLOWLOG GET"), Catch::Contains("[TAKE a 0]"));
}

TEST_CASE("CLIENT REPLY holds back the reply of a blocked command too", "[blocking]") {
  fixture db;
  auto waiter = db.connect();
  waiter.send("CLIENT REPLY SKIP");
  waiter.send("TAKE a 0");
  db("SET a 1");
  CHECK(!waiter.has_reply());
  CHECK(waiter("PING") == "PONG");
  waiter.send("CLIENT REPLY OFF");
  waiter.send("TAKE a 0");
  db("SET a 1");
  waiter.send("PING");
  CHECK(!waiter.has_reply());
  CHECK(waiter("CLIENT REPLY ON") == "OK");
  CHECK(db("EXISTS a") == "0");
}

TEST_CASE("A wait's changes are watched and told of like any other's", "[blocking]") {
  fixture db;
  db.set("notify-keyspace-events", "EA");
  auto waiter = db.connect(), watcher = db.connect(), listener = db.connect();
  watcher("WATCH b");
  listener.send("PSUBSCRIBE *");
  listener.reply();
  waiter.send("HANDON a b 0");
  db("SET a 1");
  watcher("MULTI");
  CHECK(watcher("EXEC") == "nil[]");
  std::string told;
  while (listener.has_reply()) told += listener.reply();
  CHECK(told.find(":set a") < told.find(":rename_to b"));
}

TEST_CASE("Ten thousand clients of one key and of ten thousand keys are served in order",
          "[blocking]") {
  fixture db;
  constexpr int count = 10'000;
  std::deque<std::unique_ptr<engine_client>> same, own;
  for (int i = 0; i < count; ++i) {
    same.push_back(std::unique_ptr<engine_client>(new engine_client(db.connect())));
    same.back()->send("TAKE a 0");
    own.push_back(std::unique_ptr<engine_client>(new engine_client(db.connect())));
    own.back()->send("TAKE " + std::to_string(i) + " 0");
  }
  for (int i = 0; i < count; ++i) {
    db("SET a " + std::to_string(i));
    db("SET " + std::to_string(i) + " x");
  }
  for (int i = 0; i < count; ++i) {
    const auto number = std::to_string(i);
    REQUIRE(same[static_cast<std::size_t>(i)]->reply() == "[a " + number + "]");
    REQUIRE(own[static_cast<std::size_t>(i)]->reply() == "[" + number + " x]");
  }
}
