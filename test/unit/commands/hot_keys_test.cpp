#include "catch.hpp"
#include "engine_fixture.hpp"
#include <engine/heavy_keys.hpp>

#include <map>
#include <random>

using hawser::engine::heavy_keys;
using hawser::test::engine_fixture;

TEST_CASE("HOTKEYS tells the keys that most bytes were spent on", "[hotkeys]") {
  engine_fixture db;
  CHECK(db("HOTKEYS GET") == "nil");
  CHECK(db("HOTKEYS STOP") == "nil");
  CHECK(db("HOTKEYS START METRICS 1 NET COUNT 2") == "OK");
  db("SET small 1");
  db("SET large 123456789012345678901234567890");
  db("GET large");
  db("MGET middle other-middle");
  db.clock.advance_ms(250);
  // The request SET large took 61 bytes and its reply 5, GET large 24 and 37; HOTKEYS START counts.
  CHECK(db("HOTKEYS GET")
            .ends_with("collection-duration-ms 250 total-net-bytes 302 by-net-bytes "
                       "[large 127 small 36]]]"));
  CHECK(db("HOTKEYS STOP") == "OK");
  const auto kept = db("HOTKEYS GET");
  CHECK(kept.starts_with("[[tracking-active 0 sample-ratio 1 selected-slots [[0 16383]] "));
  db("GET large");
  CHECK(db("HOTKEYS GET") == kept);
  CHECK(db("HOTKEYS RESET") == "OK");
  CHECK(db("HOTKEYS GET") == "nil");
}

TEST_CASE("HOTKEYS tells the keys that most time was spent on", "[hotkeys]") {
  engine_fixture db;
  CHECK(db("HOTKEYS START METRICS 2 NET CPU") == "OK");
  CHECK(
      db("HOTKEYS GET").find("total-cpu-time-user-ms 0 total-cpu-time-sys-ms 0 total-net-bytes") !=
      std::string::npos);
  db("MULTI");
  db("GET a");
  CHECK(db("EXEC") == "[nil]");
  CHECK(db("HOTKEYS GET").find("by-net-bytes [a ") != std::string::npos);
  auto newer = db.connect();
  newer("HELLO 3");
  CHECK(newer("HOTKEYS GET").starts_with("[{"));
}

TEST_CASE("A session of HOTKEYS ends when its time is over", "[hotkeys]") {
  engine_fixture db;
  db("HOTKEYS START METRICS 1 NET DURATION 2");
  CHECK(db("HOTKEYS START METRICS 1 NET") == "!ERR hotkeys tracking session already in progress");
  CHECK(db("HOTKEYS RESET").starts_with("!ERR"));
  db("GET before");
  db.clock.advance_ms(2'000);
  db("GET after");
  const auto found = db("HOTKEYS GET");
  CHECK(found.starts_with("[[tracking-active 0 "));
  CHECK(found.find("collection-duration-ms 2000") != std::string::npos);
  CHECK(found.find("before") != std::string::npos);
  CHECK(found.find("after") == std::string::npos);
  CHECK(db("HOTKEYS START METRICS 1 CPU") == "OK");
}

TEST_CASE("What a script reads is its keys' that it was called with", "[hotkeys]") {
  engine_fixture db;
  db("HOTKEYS START METRICS 1 NET");
  db("EVAL \"redis.call('GET','inner') return 1\" 1 outer");
  const auto found = db("HOTKEYS GET");
  CHECK(found.find("outer") != std::string::npos);
  CHECK(found.find("inner") == std::string::npos);
}

TEST_CASE("With SAMPLE, HOTKEYS estimates what all commands have cost", "[hotkeys]") {
  engine_fixture db;
  db("HOTKEYS START METRICS 1 NET SAMPLE 10");
  for (int i = 0; i < 5'000; ++i) db("GET key");  // 22 bytes and 5
  const auto found = db("HOTKEYS GET");
  const auto at = found.find("[key ");
  REQUIRE(at != std::string::npos);
  const auto estimate = std::stol(found.substr(at + 5));
  CHECK(estimate > 5'000 * 27 * 8 / 10);
  CHECK(estimate < 5'000 * 27 * 12 / 10);
}

TEST_CASE("HOTKEYS START refuses what it does not know", "[hotkeys]") {
  engine_fixture db;
  for (const auto* bad :
       {"", "COUNT 3", "METRICS", "METRICS 0", "METRICS 2 CPU", "METRICS 1 GPU",
        "METRICS 2 CPU CPU", "METRICS 1 CPU COUNT 0", "METRICS 1 CPU COUNT 65",
        "METRICS 1 CPU SAMPLE 0", "METRICS 1 CPU DURATION 0", "METRICS 1 CPU SLOTS 1 0",
        "METRICS 1 CPU x", "METRICS 1 CPU METRICS 1 NET"})
    CHECK(db("HOTKEYS START " + std::string(bad)).starts_with("!ERR"));
  CHECK(db("HOTKEYS GET") == "nil");
}

TEST_CASE("Counters find what is heavy among much that is not, and say no more than is true",
          "[hotkeys]") {
  const auto seed = GENERATE(range(1, 6));
  std::mt19937 random(static_cast<unsigned>(seed));
  constexpr std::size_t counters = 64;
  heavy_keys sketch(counters);
  std::map<std::string, std::uint64_t> model;
  std::uint64_t all = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto number = random() % 4 == 0 ? random() % 8 : 8 + random() % 5'000;
    const auto amount = 1 + random() % 100;
    const auto key = "key:" + std::to_string(number);
    // What tells keys apart is the hash alone.
    sketch.add(std::hash<std::string>()(key), key, amount);
    model[key] += amount;
    all += amount;
  }
  const auto top = sketch.top(8);
  REQUIRE(top.size() == 8);
  for (const auto& each : top) {
    CHECK(each.amount <= model[std::string(each.key)]);
    CHECK(each.amount + all / counters >= model[std::string(each.key)]);
    CHECK(each.key.size() == std::string("key:0").size());
  }
  CHECK(std::ranges::is_sorted(top, std::ranges::greater(), &heavy_keys::spent::amount));
}

TEST_CASE("A very long key has no counter", "[hotkeys]") {
  heavy_keys sketch(4);
  sketch.add(1, std::string(heavy_keys::longest_key + 1, 'k'), 10);
  CHECK(sketch.top(4).empty());
}
