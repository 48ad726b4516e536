#include "catch.hpp"
#include <commands/command_grammar.hpp>

#include <stdexcept>

using namespace hawser::commands;

namespace {

argument only(std::string_view text) {
  auto all = parse_grammar(text);
  REQUIRE(all.size() == 1);
  return all[0];
}

std::string syntax(std::string_view text) { return syntax_of(parse_grammar(text)); }

}  // namespace

TEST_CASE("A value has a name and a type, which is string unless it is named", "[grammar]") {
  CHECK(only("value").name == "value");
  CHECK(only("value").type == argument_type::string);
  CHECK(only("count:integer").name == "count");
  CHECK(only("count:integer").type == argument_type::integer);
  CHECK(only("at:unix-time").type == argument_type::unix_time);
  CHECK(only("ip:port").name == "ip:port");
  CHECK(only("newkey:key#1").type == argument_type::key);
  CHECK(only("newkey:key#1").key_spec == 1);
  CHECK(only("key:key").key_spec == 0);
}

TEST_CASE("Words in upper case or quotes are fixed", "[grammar]") {
  CHECK(only("NX").type == argument_type::pure_token);
  CHECK(only("NX").name == "nx");
  CHECK(only("NX").token == "NX");
  CHECK(only("change!CH").name == "change");
  CHECK(only("change!CH").token == "CH");
  CHECK(only("equal!'='").token == "=");
  CHECK(only("EX=seconds:integer").token == "EX");
  CHECK(only("EX=seconds:integer").type == argument_type::integer);
}

TEST_CASE("Arguments may be optional, repeated, dated and made of others", "[grammar]") {
  const auto some = only("[PREFIX=prefix...*@6.0.0~7.0.0]");
  CHECK(some.optional);
  CHECK(some.multiple);
  CHECK(some.multiple_token);
  CHECK(some.since == "6.0.0");
  CHECK(some.deprecated_since == "7.0.0");
  const auto pairs = only("pair{key:key value}...");
  CHECK(pairs.type == argument_type::block);
  CHECK(pairs.multiple);
  CHECK_FALSE(pairs.multiple_token);
  CHECK(pairs.parts.size() == 2);
  const auto choice = only("how(NX|EX=seconds:integer|both{a b})");
  CHECK(choice.type == argument_type::oneof);
  REQUIRE(choice.parts.size() == 3);
  CHECK(choice.parts[2].parts[1].name == "b");
  CHECK(parse_grammar("").empty());
  CHECK(parse_grammar("a b [c]").size() == 3);
}

TEST_CASE("What is not understood is refused with its place", "[grammar]") {
  for (const auto* bad :
       {"a ", " a", "[a", "a]", "x(", "x(a|", "x{a", "a@", "EX=", "a||b", "'x", "a*"}) {
    INFO(bad);
    CHECK_THROWS_AS(parse_grammar(bad), std::invalid_argument);
  }
}

TEST_CASE("Syntax is written as manuals do", "[grammar]") {
  CHECK(syntax("key:key value [condition(NX|XX)] [GET] [EX=seconds:integer]") ==
        "key value [NX|XX] [GET] [EX seconds]");
  CHECK(syntax("key:key...") == "key [key ...]");
  CHECK(syntax("[key:key...]") == "[key [key ...]]");
  CHECK(syntax("pair{key:key value}...") == "key value [key value ...]");
  CHECK(syntax("mode(ON|OFF)") == "<ON|OFF>");
  CHECK(syntax("[PREFIX=prefix...*]") == "[PREFIX prefix [PREFIX prefix ...]]");
  CHECK(syntax("[FILTERBY=by(MODULE=name|ACLCAT=category)]") ==
        "[FILTERBY <MODULE name|ACLCAT category>]");
  CHECK(syntax("f(old|new([ID=id]|[USER=name])...)") ==
        "<old|<ID id|USER name> [<ID id|USER name> ...]>");
}
