#include "catch.hpp"
#include "engine_fixture.hpp"
#include "grammar.hpp"

#include <map>
#include <string>
#include <vector>

using namespace hawser;
using namespace hawser::test;

namespace {

/// What each key of all databases holds, and until when.
std::map<std::string, std::string> data_of(engine_fixture& db) {
  std::map<std::string, std::string> found;
  for (int index = 0; index < db.node.database_count(); ++index) {
    db("SELECT " + std::to_string(index));
    std::vector<std::string> keys;
    db.node.database(index).for_each(
        [&](const store::entry* each) { keys.emplace_back(each->key()); });
    for (const auto& key : keys) {
      const auto ask = [&](std::vector<std::string> words) {
        words.push_back(key);
        db.own_client().send_argv(words);
        return db.own_client().reply();
      };
      found[std::to_string(index) + " " + key] =
          ask({"DEBUG", "DIGEST-VALUE"}) + " until " + ask({"PEXPIRETIME"});
    }
  }
  db("SELECT 0");
  return found;
}

/// What depends on chance and on the clock, which servers cannot be compared by.
const command_family chance{
    "chance",
    1,
    {
        {9, "SADD (s0|s1|s2) <member>+ <int>+"},
        {3, "SPOP (s0|s1|s2) [1|2|5|40]"},
        {6, "HSET (h0|h1|h2) <member> <text> <member> <text>"},
        {3, "(HPEXPIRE|HEXPIRE) (h0|h1|h2) (1|100|1000) FIELDS 2 <member> <member>"},
        {2, "HINCRBYFLOAT (h0|h1|h2) <int> 0.5"},
        {2, "HGETEX (h0|h1|h2) (PX 100|PERSIST) FIELDS 1 <member>"},
        {2, "HSETEX (h0|h1|h2) (PX 100|KEEPTTL) FIELDS 1 <member> <text>"},
        {2, "HGETDEL (h0|h1|h2) FIELDS 1 <member>"},
        {2, "HGETALL (h0|h1|h2)"},
        {6, "XADD (x0|x1) * <member> <text>"},
        {3, "XADD (x0|x1) [MAXLEN ~ 5|MAXLEN 5] * <member> <text>"},
        {2, "XGROUP CREATE (x0|x1) (g0|g1) ($|0)"},
        {6, "XREADGROUP GROUP (g0|g1) (c0|c1) COUNT (1|3) [NOACK] STREAMS (x0|x1) (>|0)"},
        {2, "XAUTOCLAIM (x0|x1) (g0|g1) (c0|c1) (0|100) 0 [COUNT 2]"},
        {6, "SET (a0|a1|a2) <text> [PX 10|EX 1|PX 100]"},
        {3, "(PEXPIRE|EXPIRE) (a0|a1|h0|s1|x1) (10|100|1000)"},
        {2, "PERSIST (a0|a1|h0|s1|x1)"},
        {3, "GET (a0|a1|a2)"},
        {2, "APPEND (a0|a1|a2) <text>"},
        {2, "INCRBYFLOAT f0 0.1"},
        {1, "MULTI"},
        {3, "EXEC"},
        {1, "SELECT (0|1)"},
        {1, "FLUSHDB"},
    }};

struct debugged_fixture : engine_fixture {
  debugged_fixture() {
    node.config.change([](auto& all) { all.enable_debug_command = engine::access::yes; });
  }
};

void replay(const command_family& family) {
  INFO(family.name);
  debugged_fixture primary;
  // Its clock stands still, as if it were behind: nothing expires but by the journal.
  debugged_fixture copy;
  primary.journalled();
  auto who = primary.connect();
  command_generator generator(family, 7);
  for (int i = 0; i < 4'000; ++i) {
    play(primary, who, generator.next().argv);
    if (generator.below(10) == 0)
      primary.advance_ms(static_cast<base::milliseconds_t>(generator.below(200)));
  }
  play(primary, who, {"DISCARD"});
  primary.node.update_time();
  while (primary.node.background_slice()) {
  }
  auto reader = copy.connect();
  for (const auto& words : primary.journalled_words()) {
    reader.send_argv(words);
    INFO(words.front());
    while (reader.has_reply()) CHECK_FALSE(reader.reply().starts_with("!"));
  }
  const auto expected = data_of(primary);
  CHECK(!expected.empty());
  for (const auto& [key, value] : expected) CHECK_FALSE(value.starts_with("!"));
  const auto found = data_of(copy);
  CHECK(found.size() == expected.size());
  for (const auto& [key, value] : expected) {
    INFO("database and key " << key);
    REQUIRE(found.contains(key));
    CHECK(found.at(key) == value);
  }
}

}  // namespace

TEST_CASE("What is journalled of random commands makes the same data elsewhere, and later",
          "[journal][random]") {
  for (const auto& family : command_families())
    if (!family.pushes) replay(family);
  replay(chance);
}
