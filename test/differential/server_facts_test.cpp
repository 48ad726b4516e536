// What the server says of itself, compared with what the oracle says: there are too many commands
// and fields for a transcript.
#include "catch.hpp"
#include "oracle.hpp"
#include "tcp_client.hpp"

#include <algorithm>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace hawser::test;

namespace {

struct both_servers {
  oracle oracle_server;
  server_process tested_server{tested_options()};
  tcp_client expected{oracle_server};
  tcp_client actual{tested_server};

  std::pair<reply_value, reply_value> ask(const std::string& line) {
    expected.send(line);
    actual.send(line);
    return {expected.receive().value, actual.receive().value};
  }
};

// Sorted at every depth, because the oracle lists flags and the like in no order; without the pairs
// whose name is among those.
std::string sorted_without(const reply_value& value, const std::set<std::string>& names) {
  if (!is_aggregate(value.kind)) return to_string(value);
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    if (names.contains(value.items[i].text)) {
      ++i;
    } else {
      parts.push_back(sorted_without(value.items[i], names));
    }
  }
  std::sort(parts.begin(), parts.end());
  std::string text = "[";
  for (const auto& part : parts) text += part + " ";
  return text + "]";
}

std::vector<std::string> commands(tcp_client& of) {
  of.send("COMMAND LIST");
  std::vector<std::string> names;
  for (const auto& each : of.receive().value.items) names.push_back(each.text);
  return names;
}

// Titles and names of fields, in order.
std::vector<std::string> field_names(const std::string& info) {
  std::vector<std::string> names;
  std::istringstream lines(info);
  for (std::string line; std::getline(lines, line);) {
    const auto colon = line.find(':');
    if (line.starts_with("# ") || colon != line.npos) names.push_back(line.substr(0, colon));
  }
  return names;
}

}  // namespace

TEST_CASE("COMMAND INFO and COMMAND DOCS describe each command as the oracle does", "[facts]") {
  both_servers servers;
  const auto of_oracle = commands(servers.expected);
  const std::set<std::string> known(of_oracle.begin(), of_oracle.end());
  // Sentences are the server's own, and there are subcommands that the oracle lacks.
  const std::set<std::string> own{"summary", "complexity", "history", "notes", "subcommands"};
  // These take arguments that the oracle does not know.
  const std::set<std::string> extended{"bitop",      "hscan", "set",   "xadd",
                                       "xreadgroup", "xtrim", "zrank", "zrevrank"};
  constexpr std::size_t arity = 1;
  int compared = 0;
  for (const auto& name : commands(servers.actual)) {
    if (!known.contains(name)) continue;
    INFO(name);
    auto [expected, actual] = servers.ask("COMMAND INFO " + name);
    // The subcommands come by themselves.
    for (auto* each : {&expected, &actual}) each->items.at(0).items.resize(9);
    if (extended.contains(name)) actual.items[0].items[arity] = expected.items[0].items[arity];
    CHECK(sorted_without(actual, own) == sorted_without(expected, own));
    ++compared;
    if (extended.contains(name)) continue;
    const auto [documented, described] = servers.ask("COMMAND DOCS " + name);
    CHECK(sorted_without(described, own) == sorted_without(documented, own));
  }
  CHECK(compared >= 100);
}

TEST_CASE("INFO has every field of the oracle, in its order", "[facts]") {
  both_servers servers;
  const auto [expected, actual] = servers.ask("INFO everything");
  const auto wanted = field_names(expected.text);
  const auto found = field_names(actual.text);
  REQUIRE(wanted.size() > 150);
  auto at = found.begin();
  for (const auto& name : wanted) {
    INFO(name);
    const auto next = std::find(at, found.end(), name);
    CHECK(next != found.end());
    if (next != found.end()) at = next;
  }
}

TEST_CASE("MEMORY STATS has the fields of the oracle, in its order", "[facts]") {
  both_servers servers;
  servers.ask("SET a 1");
  const auto [expected, actual] = servers.ask("MEMORY STATS");
  const auto names = [](const reply_value& of) {
    std::vector<std::string> found;
    for (std::size_t i = 0; i < of.items.size(); i += 2) found.push_back(of.items[i].text);
    return found;
  };
  CHECK(names(actual) == names(expected));
}
