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
  engine::latency_monitor::series of;
  engine::latency_monitor all;
  all.add("x", 100, 10);
  all.add("x", 103, 40);
  all.add("x", 160, 20);
  CHECK(commands::draw_latency("x", *all.find("x"), 165) ==
        "x - from 10 to 40 ms in this picture, 40 ms at worst\n" + std::string(80, '-') + "\n" +
            " # \n"
            " # \n"
            " ##\n"
            "###\n"
            "115\n"
            "mms\n");
  engine_fixture db;
  CHECK(db("LATENCY GRAPH x") == "!ERR No samples available for event 'x'");
}

TEST_CASE("LATENCY DOCTOR explains what there is", "[latency]") {
  engine_fixture off;
  CHECK(off("LATENCY DOCTOR").find("latency-monitor-threshold is 0") != std::string::npos);
  monitored db;
  CHECK(db("LATENCY DOCTOR").find("No slow moment") != std::string::npos);
  db("DEBUG SLEEP 0.010");
  db.clock.advance_ms(4000);
  db("DEBUG SLEEP 0.030");
  CHECK(db("LATENCY DOCTOR")
            .find("command: 2 samples, 20 ms on average (give or take 10), one "
                  "every 4.0 s, 30 ms at worst") != std::string::npos);
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
