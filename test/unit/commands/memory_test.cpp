#include "catch.hpp"
#include "engine_fixture.hpp"
#include "reply_decoder.hpp"

using hawser::test::engine_fixture;

TEST_CASE("MEMORY USAGE grows with the value", "[memory]") {
  engine_fixture db;
  db("SET small x");
  db("SET large " + std::string(10'000, 'x'));
  const auto small = std::stoll(db("MEMORY USAGE small"));
  const auto large = std::stoll(db("MEMORY USAGE large SAMPLES 0"));
  CHECK(small >= 8);
  CHECK(small < 200);
  CHECK(large >= 10'000);
  CHECK(large < 12'000);
  CHECK(db("MEMORY USAGE nosuch") == "nil");
}

TEST_CASE("MEMORY USAGE checks its options before it looks for the key", "[memory]") {
  engine_fixture db;
  CHECK(db("MEMORY USAGE nosuch SAMPLES") == "!ERR syntax error");
  CHECK(db("MEMORY USAGE nosuch SAMPLES x") == "!ERR value is not an integer or out of range");
  CHECK(db("MEMORY USAGE nosuch SAMPLES -1") == "!ERR syntax error");
  CHECK(db("MEMORY USAGE nosuch OTHER 1") == "!ERR syntax error");
}

TEST_CASE("MEMORY STATS announces as many fields as it has", "[memory]") {
  engine_fixture db;
  for (const int databases : {0, 1, 2}) {
    if (databases > 0) db("SELECT " + std::to_string(databases));
    if (databases > 0) db("SET a 1");
    db.own_client().send("MEMORY STATS");
    const auto reply = hawser::test::decode_reply(db.own_client().raw_reply())->value;
    CHECK_FALSE(db.own_client().has_reply());
    CHECK(reply.items.at(0).text == "peak.allocated");
    CHECK(reply.items.at(reply.items.size() - 2).text == "fragmentation.bytes");
  }
  const auto stats = db("MEMORY STATS");
  CHECK(stats.find("db.2 [overhead.hashtable.main ") != std::string::npos);
  CHECK(stats.find("keys.count 2 ") != std::string::npos);
  CHECK(stats.find("startup.allocated 100000 ") != std::string::npos);
}

TEST_CASE("MEMORY DOCTOR finds what is out of proportion", "[memory]") {
  engine_fixture db;
  CHECK(
      db("MEMORY DOCTOR").starts_with("\"Hi Sam, this instance is empty or is using very little"));
  db.allocated = 7'000'000;
  CHECK(db("MEMORY DOCTOR") ==
        "\"Hi Sam, I can't find any memory issue in your instance. I can only account for what "
        "occurs on this base.\\n\"");
  db.node.peak_memory = 20'000'000;
  const auto found = db("MEMORY DOCTOR");
  CHECK(
      found.starts_with("\"Sam, I detected a few issues in this Redis instance memory "
                        "implants:\\n\\n * Peak memory: "));
  CHECK(found.ends_with(".\\n\\nI'm here to keep you safe, Sam. I want to help you.\\n\""));
  db.node.peak_memory = 0;
  for (int i = 0; i <= 1000; ++i) db("SCRIPT LOAD \"return " + std::to_string(i) + "\"");
  CHECK(db("MEMORY DOCTOR").find(" * Many scripts: ") != std::string::npos);
}

TEST_CASE("MEMORY PURGE gives free memory back and MALLOC-STATS describes it", "[memory]") {
  engine_fixture db;
  CHECK(db("MEMORY PURGE") == "OK");
  CHECK(db.memory_releases() == 1);
  CHECK(db("MEMORY MALLOC-STATS").find("held from the system: 2000000") != std::string::npos);
}
