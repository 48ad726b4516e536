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
        [&](const store::entry& each) { keys.emplace_back(each.key()); });
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

/// Nothing waits for ever, and nobody is kept waiting.
void play(engine_fixture& db, engine_client& who, const std::vector<std::string>& argv) {
  who.send_argv(argv);
  while (who.blocked()) {
    db.advance_ms(1'000);
    if (who.blocked()) db("CLIENT UNBLOCK " + std::to_string(who.state().id));
  }
  while (who.has_reply()) who.reply();
}

}  // namespace

TEST_CASE("What is journalled of random commands makes the same data elsewhere, and later",
          "[journal][random]") {
  for (const auto& family : command_families()) {
    if (family.pushes) continue;
    DYNAMIC_SECTION(family.name) {
      engine_fixture primary{{"list-compress-depth", "1"}};
      // Its clock stands still, as if it were behind: nothing expires but by the journal.
      engine_fixture copy;
      primary.journalled();
      auto who = primary.connect();
      command_generator generator(family, 7);
      for (int i = 0; i < 4'000; ++i) {
        if (who.closed()) break;
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
        while (reader.has_reply()) {
          const auto reply = reader.reply();
          if (reply.starts_with("!")) FAIL(words.front() << ": " << reply);
        }
      }
      const auto expected = data_of(primary);
      CHECK(!expected.empty());
      CHECK(data_of(copy) == expected);
    }
  }
}
