// Whether servers are in step, and whether each full sync has a cause.

#include "world.hpp"

#include <fmt/format.h>

#include <charconv>

namespace hawser::simulation {

namespace {

/// The text between two others; empty if they are not there.
std::string_view between(std::string_view text, std::string_view before, std::string_view after) {
  const auto begin = text.find(before);
  if (begin == std::string_view::npos) return {};
  text.remove_prefix(begin + before.size());
  return text.substr(0, text.find(after));
}

template <class Number>
Number number_in(std::string_view text) {
  Number value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

/// What servers tell only their logs.
void world::heard(int server, std::string_view line) {
  // Descriptors have other numbers each time.
  events_.note("log", {server}, line.substr(0, line.find(" (user request from")));
  auto& here = at(server);
  if (line.starts_with("Protocol error"))
    throw broken_promise(fmt::format("server {}: {}", server, line));
  if (line.starts_with("MASTER <-> REPLICA sync: Flushing old data")) here.has_data = false;
  if (const auto asked = between(line, "Trying a partial resynchronization (request ", ")");
      !asked.empty()) {
    const auto colon = asked.find(':');
    here.asked.id = asked.substr(0, colon);
    here.asked.offset = number_in<std::uint64_t>(asked.substr(colon + 1)) - 1;
  }
  if (line.find("no cached master") != std::string_view::npos) here.asked = {};
  if (line.starts_with("Partial resynchronization request from")) ++counts_.partial_syncs;
  asked_for_data(server, line);
}

/// A replica is going to be sent all data. It is said why, which is to be true.
void world::asked_for_data(int server, std::string_view line) {
  const bool all = line.starts_with("Full resync requested by replica");
  const bool refused = line.starts_with("Partial resynchronization not accepted");
  if (!all && !refused) return;
  auto& here = at(server);
  ++here.full_syncs;
  ++counts_.full_syncs;
}

void world::look_at(int server) {
  auto& here = at(server);
  auto& node = here.up->node();
  histories_.observe(server, node);
  if (!histories_.now(server).id.empty()) here.has_data = true;
  // Nobody says to have what it never had.
  for (const auto* each : node.replication.replicas) {
    const auto& facts = *each->replica;
    if (facts.at != engine::replica_facts::stage::online || facts.acknowledged == 0) continue;
    const auto number = static_cast<int>(facts.listening_port - 7000);
    const histories::place said{node.replication.past.id(),
                                static_cast<std::uint64_t>(facts.acknowledged)};
    if (!histories_.has_reached(number, said))
      throw broken_promise(fmt::format("server {} has acknowledged {}:{} and never had it", number,
                                       said.id, said.offset));
  }
}

}  // namespace hawser::simulation
