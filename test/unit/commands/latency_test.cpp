#include "catch.hpp"
#include "engine_fixture.hpp"
#include "reply_decoder.hpp"

#include <latency_report.hpp>

using namespace hawser;
using hawser::test::engine_fixture;

namespace {

struct monitored : engine_fixture {
  monitored() : engine_fixture({{"latency-monitor-threshold", "10"}}) {
    node.config.change([](auto& all) { all.enable_debug_command = engine::access::yes; });
  }
};

}  // namespace

TEST_CASE("LATENCY keeps samples of what takes longer than the threshold", "[latency]") {
  monitored db;
  db("DEBUG SLEEP 0.009");
  CHECK(db("LATENCY LATEST") == "[]");
  db("DEBUG SLEEP 0.010");
  db.clock.advance_ms(2000);
  db("DEBUG SLEEP 0.030");
  db.clock.advance_ms(2000);
  db("DEBUG SLEEP 0.020");
  CHECK(db("LATENCY LATEST") == "[[command 1700000004 20 30]]");
  CHECK(db("LATENCY HISTORY command") == "[[1700000000 10] [1700000002 30] [1700000004 20]]");
  CHECK(db("LATENCY HISTORY nosuch") == "[]");
  CHECK(db("LATENCY RESET nosuch command") == "1");
  CHECK(db("LATENCY RESET") == "0");
}

TEST_CASE("LATENCY GRAPH draws a column for each sample", "[latency]") {
  engine::latency_monitor all;
  const std::uint32_t lengths[] = {10, 27, 31, 42, 99};
  for (int i = 0; i < 5; ++i) all.add("x", 100 + 60 * i, lengths[i]);
  // As redis-server draws these.
  CHECK(commands::draw_latency("x", *all.find("x"), 345) ==
        "x - high 99 ms, low 10 ms (all time high 99 ms)\n" + std::string(80, '-') + "\n" +
            "    #\n"
            "    |\n"
            "   o|\n"
            "_##||\n"
            "     \n"
            "43215\n"
            "mmmms\n");
  engine_fixture db;
  CHECK(db("LATENCY GRAPH x") == "!ERR No samples available for event 'x'");
}

TEST_CASE("LATENCY GRAPH goes on below after 80 columns", "[latency]") {
  engine::latency_monitor all;
  for (int i = 0; i < 81; ++i) all.add("x", 100 + i, 5);
  const auto drawn = commands::draw_latency("x", *all.find("x"), 181);
  CHECK(drawn.ends_with("\n\n \n \n \n_\n \n1\ns\n"));
}

TEST_CASE("LATENCY DOCTOR explains what there is", "[latency]") {
  engine_fixture off;
  CHECK(off("LATENCY DOCTOR").starts_with("\"I'm sorry, Dave, I can't do that. "));
  monitored db;
  CHECK(db("LATENCY DOCTOR").starts_with("\"Dave, no latency spike was observed"));
  db("DEBUG SLEEP 0.010");
  db.clock.advance_ms(4000);
  db("DEBUG SLEEP 0.030");
  db.clock.advance_ms(4000);
  const auto found = db("LATENCY DOCTOR");
  CHECK(found.find(
            "\\n\\n1. command: 2 latency spikes (average 20ms, mean deviation 10ms, period "
            "4.00 sec). Worst all time event 30ms.\\n\\nI have a few advices for you:\\n\\n- ") !=
        std::string::npos);
  const auto advises = [&](std::string_view text) {
    return db("LATENCY DOCTOR").find(text) != std::string::npos;
  };
  CHECK(advises("- Check your Slow Log "));
  db.set("slowlog-log-slower-than", "-1");
  CHECK(advises("- There are latency issues with potentially slow commands"));
  CHECK_FALSE(advises("noisy neighbour"));
  db.node.latency.add("fast-command", db.clock.ms() / 1000, 20);
  CHECK(advises("noisy neighbour"));
}

TEST_CASE("LATENCY HISTOGRAM counts calls up to powers of two", "[latency]") {
  monitored db;
  db("DEBUG SLEEP 0.001");
  db("DEBUG SLEEP 0.002");
  db("DEBUG SLEEP 0.003");
  CHECK(db("LATENCY HISTOGRAM debug nosuch") ==
        "[debug [calls 3 histogram_usec [1056 1 2113 2 4227 3]]]");
  CHECK(db("LATENCY HISTOGRAM config") == "[]");
  db("CONFIG GET x");
  CHECK(db("LATENCY HISTOGRAM config") == "[config|get [calls 1 histogram_usec [1 1]]]");
  CHECK(db("LATENCY HISTOGRAM").find("latency|histogram [calls 3") != std::string::npos);
  db.set("latency-tracking", "no");
  db("CONFIG GET x");
  CHECK(db("LATENCY HISTOGRAM config") == "[config|get [calls 1 histogram_usec [1 1]]]");
}
