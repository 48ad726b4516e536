#include "catch.hpp"
#include "engine_fixture.hpp"
#include "file_text.hpp"
#include "reply_decoder.hpp"
#include <commands/command_grammar.hpp>
#include <commands/command_metadata.hpp>

#include <boost/json/src.hpp>

#include <algorithm>
#include <bit>
#include <map>
#include <set>
#include <string>

using namespace hawser;
using namespace hawser::commands;
using hawser::engine::all_categories;
using hawser::engine::find_acl_category;
using hawser::test::engine_fixture;

namespace {

using names = std::set<std::string>;

// The published facts of all commands of Redis and its relatives, by full name.
class reference {
 public:
  reference() {
    const auto text = test::file_text(HAWSER_REFERENCE "/commands.json");
    document_ = boost::json::parse(text).as_object();
    for (const auto& [name, facts] : document_) {
      all_.emplace(name, &facts.as_object());
      if (const auto* more = facts.as_object().if_contains("subcommands"))
        for (const auto& [sub, of] : more->as_object()) all_.emplace(sub, &of.as_object());
    }
  }

  const boost::json::object* find(const std::string& name) const {
    const auto found = all_.find(name);
    return found == all_.end() ? nullptr : found->second;
  }

 private:
  boost::json::object document_;
  std::map<std::string, const boost::json::object*> all_;
};

names strings(const boost::json::object& of, std::string_view field) {
  names found;
  if (const auto* list = of.if_contains(field))
    for (const auto& each : list->as_array()) found.insert(std::string(each.as_string()));
  return found;
}

// The words that COMMAND INFO replies in place `index`.
names shown(engine_fixture& db, const std::string& name, std::size_t index) {
  auto client = db.connect();
  client.send("COMMAND INFO " + name);
  const auto reply = test::decode_reply(client.raw_reply())->value;
  names found;
  for (const auto& each : reply.items.at(0).items.at(index).items) found.insert(each.text);
  return found;
}

// Facts of which the oracle, whose replies are the specification, says something else than the
// reference, which is newer.
bool oracle_differs(const std::string& name, const std::string& field) {
  static const std::set<std::pair<std::string, std::string>> known{
      {"blmove", "flags"},
      {"blpop", "flags"},
      {"brpop", "flags"},
      {"brpoplpush", "flags"},
      {"bzpopmax", "flags"},
      {"bzpopmin", "flags"},
      {"client|pause", "since"},
      {"cluster|shards", "flags"},
      {"cluster|slots", "flags"},
      {"command|getkeys", "arity"},
      {"command|getkeysandflags", "arity"},
      {"wait", "flags"},
      {"wait", "acl"},
  };
  return known.contains({name, field});
}

// Hawser's own commands, and those that are newer than the reference.
bool beyond_reference(const std::string& name) {
  static const names known{"commandlog", "delex",   "delifeq", "digest", "hgetdel",
                           "hgetex",     "hotkeys", "hsetex",  "increx", "msetex",
                           "undo",       "xackdel", "xdelex"};
  return known.contains(name.substr(0, name.find('|')));
}

}  // namespace

TEST_CASE("Rows agree with the published facts of their commands", "[commands][metadata]") {
  engine_fixture db;
  const reference published;
  db.node.commands.for_each([&](const engine::command& each) {
    const auto& name = each.full_name;
    if (beyond_reference(name)) return;
    INFO(name);
    const auto* facts = published.find(name);
    REQUIRE(facts != nullptr);
    if (!oracle_differs(name, "arity"))
      CHECK(each.spec->words.shown() == facts->at("arity").as_int64());
    const auto& keys = each.spec->keys;
    const auto* range = facts->if_contains("keys");
    const auto key = [&](std::size_t i) { return range ? range->as_array().at(i).as_int64() : 0; };
    CHECK(keys.first == key(0));
    CHECK(keys.last == key(1));
    CHECK(keys.step == key(2));
    if (!oracle_differs(name, "flags")) CHECK(shown(db, name, 2) == strings(*facts, "flags"));
    if (!oracle_differs(name, "acl")) CHECK(shown(db, name, 6) == strings(*facts, "acl"));
    const auto* specs = facts->if_contains("key_specs");
    CHECK(find_metadata(name)->keys.size() == (specs ? specs->as_array().size() : 0));
    if (!oracle_differs(name, "since"))
      CHECK(find_metadata(name)->since == std::string(facts->at("since").as_string()));
    CHECK(name_of(find_metadata(name)->group) == std::string(facts->at("group").as_string()));
  });
}

TEST_CASE("Something is said of every command, and of nothing else", "[commands][metadata]") {
  engine_fixture db;
  names known, said;
  db.node.commands.for_each([&](const engine::command& each) { known.insert(each.full_name); });
  for (const auto rows : all_metadata())
    for (const auto& each : rows) said.insert(std::string(each.name));
  for (const auto& name : known) {
    INFO("no row of metadata for " << name);
    CHECK(said.contains(name));
  }
  for (const auto& name : said) {
    INFO("metadata of " << name << ", which does not exist");
    CHECK(known.contains(name));
  }
}

TEST_CASE("Every description of arguments can be read", "[commands][metadata]") {
  for (const auto rows : all_metadata())
    for (const auto& each : rows) {
      INFO(each.name << ": " << each.arguments);
      CHECK_NOTHROW(parse_grammar(each.arguments));
    }
}

TEST_CASE("The arguments that are keys are those of the key specs", "[commands][metadata]") {
  for (const auto rows : all_metadata())
    for (const auto& each : rows) {
      INFO(each.name);
      names indexes;
      for (const auto& argument : parse_grammar(each.arguments)) {
        if (argument.key_spec >= 0) indexes.insert(std::to_string(argument.key_spec));
        for (const auto& part : argument.parts)
          if (part.key_spec >= 0) indexes.insert(std::to_string(part.key_spec));
      }
      std::size_t keys = 0;
      for (const auto& spec : each.keys) keys += !(spec.what & use::not_key);
      CHECK(indexes.size() == keys);
    }
}

TEST_CASE("ACL categories follow from flags", "[commands][metadata]") {
  using engine::command_flag;
  using engine::operator|;
  CHECK(all_categories({}, acl::none) == acl::slow);
  CHECK(all_categories(command_flag::fast, acl::none) == acl::fast);
  CHECK(all_categories(command_flag::readonly, acl::none) == (acl::read | acl::slow));
  CHECK(all_categories(command_flag::readonly, acl::scripting) == (acl::scripting | acl::slow));
  CHECK(all_categories(command_flag::write | command_flag::blocking, acl::list) ==
        (acl::write | acl::blocking | acl::list | acl::slow));
  CHECK(all_categories(command_flag::admin, acl::none) ==
        (acl::admin | acl::dangerous | acl::slow));
  CHECK(find_acl_category("STRING") == acl::string);
  CHECK(find_acl_category("@string") == std::nullopt);
}
