#include "catch.hpp"
#include <commands/families.hpp>
#include <engine/acl/access_control.hpp>

#include <map>
#include <string>
#include <vector>

using namespace hawser;
using namespace hawser::engine;
using acl::access_log_entry;

namespace {

struct fixture {
  settings options;
  command_table commands{commands::families()};
  acl::access_control access{commands, options};

  /// The user with these rules, which must be taken.
  acl::user& with(std::string_view name, const std::vector<std::string>& rules) {
    auto made = access.draft(name);
    CHECK_FALSE(acl::access_control::apply(made, rules));
    return access.put(std::move(made));
  }
  std::string load(std::string_view text) {
    return access.load(text, "users.acl", [](const acl::user&) {}).value_or("loaded");
  }
  /// "ok", or what is denied.
  std::string check(const acl::user& who, const std::vector<std::string_view>& words) const {
    const auto* what = commands.find(words[0]);
    if (what->is_container()) what = what->find_subcommand(words[1]);
    const auto no = who.check(*what, words);
    if (!no) return "ok";
    if (no->why == acl::denial::reason::command) return "command";
    return std::string(words[no->word]);
  }
};

constexpr std::string_view unchanged =
    "WARNING: ACL errors detected, no change to the previously active ACL rules was performed\n";

}  // namespace

TEST_CASE("The default user is there from the start and may do everything", "[acl]") {
  fixture all;
  CHECK(all.access.describe() == std::vector<std::string>{"user default on nopass ~* &* +@all"});
  CHECK(all.access.default_user().unlimited());
  CHECK_FALSE(all.access.requires_authentication());
  CHECK(all.access.authenticate("default", "anything") == &all.access.default_user());
  all.access.set_default_password("secret");
  CHECK(all.access.requires_authentication());
  CHECK(all.access.authenticate("default", "anything") == nullptr);
  CHECK(all.access.authenticate("default", "secret") != nullptr);
  all.access.remove("default");
  CHECK(all.access.find("default") != nullptr);
}

TEST_CASE("A user that is described and declared again is the same", "[acl]") {
  fixture all;
  for (const std::vector<std::string>& rules : std::vector<std::vector<std::string>>{
           {},
           {"on", ">a", ">b", "~x*", "%R~y", "%W~z", "&ch", "+@all", "-@dangerous"},
           {"nopass", "allkeys", "allchannels", "+config|get", "+select|0", "+select|1"},
           {"on", "+@all", "-select", "+select|0", "-config", "+config|set"},
           {"(+get ~a)", "(%R~b &c -@all +@read)", "+@string", "-set", "sanitize-payload"}}) {
    const auto& first = all.with("a", rules);
    const auto text = first.describe();
    CHECK(all.load("user " + text) == "loaded");
    CHECK(all.access.find("a")->describe() == text);
  }
}

TEST_CASE("Every command that a list of rules allows is allowed by what is shown of it", "[acl]") {
  fixture all;
  for (const std::string rules : {"+@all -@write -@admin +set -get", "+@read +@hash -hset -hscan",
                                  "+@fast -@string +config -config|set", "+@slow -@blocking"}) {
    std::vector<std::string_view> words{"a"};
    for (std::string_view left = rules; !left.empty();) {
      const auto size = std::min(left.find(' '), left.size());
      words.push_back(left.substr(0, size));
      left.remove_prefix(std::min(size + 1, left.size()));
    }
    all.access.remove("a");
    CHECK_FALSE(all.access.declare(words));
    CHECK(all.load("user " + all.access.find("a")->describe() + "\nuser b " + rules) == "loaded");
    all.commands.for_each([&](const command& each) {
      const std::vector<std::string_view> line{each.full_name};
      INFO(rules << ": " << each.full_name);
      const auto denied = [&](std::string_view name) {
        const auto no = all.access.find(name)->check(each, line);
        return no && no->why == acl::denial::reason::command;
      };
      CHECK(denied("a") == denied("b"));
    });
  }
}

TEST_CASE("The denial that is told is the one that came nearest", "[acl]") {
  fixture all;
  const auto& who = all.with("a", {"+get", "~x", "(+mget ~a ~b)"});
  CHECK(all.check(who, {"SET", "x", "1"}) == "command");
  CHECK(all.check(who, {"GET", "y"}) == "y");
  CHECK(all.check(who, {"GET", "x"}) == "ok");
  CHECK(all.check(who, {"MGET", "a", "b"}) == "ok");
  CHECK(all.check(who, {"MGET", "a", "c"}) == "c");
  CHECK(all.check(who, {"MGET", "x", "a"}) == "x");
}

TEST_CASE("An ACL file replaces all users or none", "[acl]") {
  fixture all;
  all.with("old", {"on"});
  CHECK(all.load("user a on >x (+get ~x)\n\n  user b off\r\n") == "loaded");
  CHECK(all.access.users().size() == 3);
  CHECK(all.access.find("old") == nullptr);
  CHECK(all.load("user\n") ==
        "users.acl:1 should start with user keyword followed by the username. " +
            std::string(unchanged));
  CHECK(all.load("user c on\nuser a on\nuser a off\n") ==
        "WARNING: Duplicate user 'a' found on line 3. " + std::string(unchanged));
  CHECK(all.load("user c +nosuch\nuser b foo\n") ==
        "users.acl:1: Error in applying operation '+nosuch': Unknown command or category name in "
        "ACL. users.acl:2: Syntax error. " +
            std::string(unchanged));
  CHECK(all.load("user c (+get\n") ==
        "users.acl:1: Unmatched parenthesis in selector definition." + std::string(unchanged));
  CHECK(all.load("# comment\n").starts_with("users.acl:1 should start with user"));
  CHECK(all.access.find("a") != nullptr);
  CHECK(all.access.find("c") == nullptr);
}

TEST_CASE("Loading tells of every user but the default one, and keeps their addresses", "[acl]") {
  fixture all;
  const auto* kept = &all.with("kept", {"on"});
  all.with("gone", {"on"});
  std::vector<std::string> told;
  const auto failed = all.access.load("user kept off\nuser new on\n", "x",
                                      [&](const acl::user& old) { told.push_back(old.name()); });
  CHECK_FALSE(failed);
  CHECK(told == std::vector<std::string>{"gone", "kept"});
  CHECK(all.access.find("kept") == kept);
  CHECK_FALSE(kept->enabled());
}

TEST_CASE("A user is declared once in a configuration", "[acl]") {
  fixture all;
  const std::vector<std::string_view> good{"a", "on", "(+get", "~x)"};
  CHECK_FALSE(all.access.declare(good));
  CHECK(all.access.declare(good) ==
        "Error in user declaration 'a': Duplicate user found. A user can only be defined once in "
        "config files");
  const std::vector<std::string_view> bad{"b", "foo"};
  CHECK(all.access.declare(bad) == "Error in user declaration 'user': Syntax error");
  const std::vector<std::string_view> anew{"default", "on", ">bar"};
  CHECK_FALSE(all.access.declare(anew));
  CHECK(all.access.default_user().describe().ends_with("resetchannels -@all"));
}

TEST_CASE("What is denied again within a minute is counted", "[acl]") {
  acl::access_log log;
  const auto add = [&](std::string object, base::milliseconds_t time) {
    log.add({access_log_entry::reason::key, access_log_entry::where::toplevel, std::move(object),
             "u", "client at " + std::to_string(time), time},
            3);
  };
  add("a", 0);
  add("b", 10);
  add("a", 60'000);
  REQUIRE(log.entries().size() == 2);
  CHECK(log.entries()[0].object == "a");
  CHECK(log.entries()[0].count == 2);
  CHECK(log.entries()[0].client == "client at 60000");
  add("b", 60'011);
  CHECK(log.entries()[0].count == 1);
  add("c", 60'012);
  CHECK(log.entries().size() == 3);
}
