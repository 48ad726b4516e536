#include "catch.hpp"
#include "engine_fixture.hpp"

using hawser::test::engine_fixture;

TEST_CASE("COMMAND INFO describes commands and subcommands in any case", "[commands]") {
  engine_fixture db;
  CHECK(db("COMMAND INFO GET") ==
        "[[get 2 [readonly fast] 1 1 1 [@read @string @fast] [] [[flags [RO access] begin_search "
        "[type index spec [index 1]] find_keys [type range spec [lastkey 0 keystep 1 limit 0]]]] "
        "[]]]");
  CHECK(db("COMMAND INFO Config|Rewrite nosuch config|nosuch config|rewrite|x") ==
        "[[config|rewrite 2 [admin noscript loading stale] 0 0 0 [@admin @slow @dangerous] [] [] "
        "[]] nil nil nil]");
}

TEST_CASE("COMMAND and COMMAND INFO without names describe every command", "[commands]") {
  engine_fixture db;
  const auto all = db("COMMAND");
  CHECK(all == db("COMMAND INFO"));
  CHECK(all.find("[get 2 ") != std::string::npos);
  CHECK(db("COMMAND COUNT") == std::to_string(db.node.commands.all().size()));
}

TEST_CASE("COMMAND LIST filters by pattern and category", "[commands]") {
  engine_fixture db;
  CHECK(db("COMMAND LIST FILTERBY PATTERN CONFIG|S*") == "[config|set]");
  CHECK(db("COMMAND LIST FILTERBY ACLCAT TRANSACTION") ==
        "[discard exec multi undo unwatch watch]");
  CHECK(db("COMMAND LIST FILTERBY ACLCAT @transaction") == "[]");
  CHECK(db("COMMAND LIST FILTERBY MODULE x") == "[]");
  CHECK(db("COMMAND LIST FILTERBY PATTERN") == "!ERR syntax error");
  CHECK(db("COMMAND LIST x").starts_with("!ERR syntax"));
}

TEST_CASE("COMMAND DOCS has what hints need", "[commands]") {
  engine_fixture db;
  const auto docs = db("COMMAND DOCS SET nosuch");
  CHECK(docs.starts_with("[set [summary "));
  CHECK(docs.find("[name seconds type integer token EX since 2.6.12]") != std::string::npos);
  CHECK(docs.find("[name condition type oneof since 2.6.12 flags [optional] arguments [[name nx "
                  "type pure-token token NX]") != std::string::npos);
  CHECK(db("COMMAND DOCS nosuch") == "[]");
  CHECK(
      db("COMMAND DOCS substr").find("doc_flags [deprecated] deprecated_since 2.0.0 replaced_by") !=
      std::string::npos);
  CHECK(db("COMMAND DOCS config").find("subcommands [config|get [summary") != std::string::npos);
}

TEST_CASE("COMMAND GETKEYS finds keys or says why there are none", "[commands]") {
  engine_fixture db;
  CHECK(db("COMMAND GETKEYS MSET a 1 b 2") == "[a b]");
  CHECK(db("COMMAND GETKEYS MEMORY USAGE a") == "[a]");
  CHECK(db("COMMAND GETKEYS NOSUCH a") == "!ERR Invalid command specified");
  CHECK(db("COMMAND GETKEYS MEMORY nosuch") == "!ERR Invalid command specified");
  CHECK(db("COMMAND GETKEYS PING a") == "!ERR The command has no key arguments");
  CHECK(db("COMMAND GETKEYS SSUBSCRIBE a") == "!ERR The command has no key arguments");
  CHECK(db("COMMAND GETKEYS SET a") == "!ERR Invalid number of arguments specified for command");
}

TEST_CASE("HELP lists the syntax of every subcommand", "[commands]") {
  engine_fixture db;
  CHECK(db("SLOWLOG HELP") ==
        "[\"SLOWLOG <subcommand> [arguments]; the subcommands:\" \"GET [count]\" \"    Replies the "
        "newest records.\" HELP \"    Lists the subcommands.\" LEN \"    Counts the records.\" "
        "RESET \"    Removes all records.\"]");
  for (const auto* container : {"COMMAND", "CONFIG", "LATENCY", "MEMORY", "MODULE", "DEBUG"}) {
    db.node.config.change(
        [](auto& all) { all.enable_debug_command = hawser::engine::access::yes; });
    CHECK(db(std::string(container) + " HELP").starts_with("[\"" + std::string(container) + " <"));
  }
}
