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

/// Within a server, which would not let an exception through.
void world::broken(std::string promise) {
  if (broken_.empty()) broken_ = std::move(promise);
}

/// What servers tell only their logs.
void world::heard(int server, std::string_view line) {
  // Descriptors have other numbers each time.
  events_.note("log", {server}, line.substr(0, line.find(" (user request from")));
  auto& here = at(server);
  if (line.starts_with("Protocol error")) broken(fmt::format("server {}: {}", server, line));
  if (line.starts_with("MASTER <-> REPLICA sync: Flushing old data")) here.has_data = false;
  if (line.find("AOF incr file") != std::string_view::npos) here.named_at = time_.now();
  if (line.starts_with("MASTER <-> REPLICA sync: Finished")) here.keeps_changes = false;
  if (const auto asked = between(line, "Trying a partial resynchronization (request ", ")");
      !asked.empty()) {
    const auto colon = asked.find(':');
    here.asked.id = asked.substr(0, colon);
    here.asked.offset = number_in<std::uint64_t>(asked.substr(colon + 1)) - 1;
  }
  if (line.starts_with("Partial resynchronization request from")) ++counts_.partial_syncs;
  asked_for_data(server, line);
}

/// A replica is going to be sent all data, which needs a cause.
void world::asked_for_data(int server, std::string_view line) {
  auto& here = at(server);
  if (line.ends_with(" asks for synchronization"))
    here.asking = number_in<int>(between(line, ":700", " "));
  const bool all = line.starts_with("Full resync requested by replica");
  const bool refused = line.starts_with("Partial resynchronization not accepted");
  if (!all && !refused) return;
  ++here.full_syncs;
  ++counts_.full_syncs;
  const auto& replica = at(here.asking);
  if (all && replica.has_data)
    broken(fmt::format("server {} asks for all data, and has them", here.asking));
  if (all) return;
  const auto& node = here.up->node();
  const auto& asked = replica.asked;
  const histories::place end{node.replication.past.id(), node.journal.log.end()};
  if (!histories_.leads_to(asked, end)) return;
  // It knows two names of its history, and the older one up to where it has learnt the other.
  const bool known =
      node.replication.past.covers(asked.id, static_cast<std::int64_t>(asked.offset) + 1);
  const auto kept = static_cast<std::uint64_t>(node.options.repl_backlog_size);
  const bool held =
      here.keeps_changes && asked.offset >= here.kept_since && asked.offset + kept >= end.offset;
  if (known && held)
    broken(fmt::format("server {} sends all data to {}, which has {}:{}", server, here.asking,
                       asked.id, asked.offset));
}

void world::note_kept_changes(machine& of, const engine::node& node) {
  const bool keeps = node.replication.backlog && !node.loading;
  const auto end = node.journal.log.end();
  if (!of.keeps_changes || end < of.kept_since) of.kept_since = end;
  of.keeps_changes = keeps;
}

/// Nobody says to have what it never had.
void world::check_acknowledged(const engine::node& node) {
  for (const auto* each : node.replication.replicas) {
    const auto& facts = *each->replica;
    if (facts.at != engine::replica_facts::stage::online || facts.acknowledged == 0) continue;
    const auto number = static_cast<int>(facts.listening_port - 7000);
    const auto& id = node.replication.past.id();
    const histories::place said{id, static_cast<std::uint64_t>(facts.acknowledged)};
    const histories::place on_disk{id, static_cast<std::uint64_t>(facts.acknowledged_on_disk)};
    if (!histories_.has_reached(number, said))
      throw broken_promise(fmt::format("server {} has acknowledged {}:{} and never had it", number,
                                       said.id, said.offset));
    if (on_disk.offset > 0 && !histories_.has_on_disk(number, on_disk))
      throw broken_promise(fmt::format("server {} says that {}:{} was on its disk, and it was not",
                                       number, on_disk.id, on_disk.offset));
  }
}

/// The server has been killed and is there again.
void world::check_saved(machine& of, const engine::node& node) {
  const auto saved = std::exchange(of.saved, {});
  const auto& past = node.replication.past;
  const bool replica = node.is_replica();
  const histories::place loaded{
      replica ? past.id() : past.second_id(),
      static_cast<std::uint64_t>(replica ? node.stream_offset() : past.second_offset() - 1)};
  const bool renamed = loaded.offset >= saved.offset && histories_.leads_to(loaded, saved);
  const bool known = histories_.leads_to(saved, loaded) || renamed;
  if (!known && !of.may_have_lost_name)
    throw broken_promise(fmt::format("server {} had {}:{} on disk and has {}:{} now",
                                     of.start.number, saved.id, saved.offset, loaded.id,
                                     loaded.offset));
  of.has_data = known;
}

void world::look_at(int server) {
  auto& here = at(server);
  auto& node = here.up->node();
  if (!here.saved.id.empty() && !node.loading) check_saved(here, node);
  histories_.observe(server, node);
  if (!histories_.now(server).id.empty()) here.has_data = true;
  if (std::exchange(here.history, node.replication.past.id()) != here.history)
    here.named_at = time_.now();
  note_kept_changes(here, node);
  check_acknowledged(node);
}

}  // namespace hawser::simulation
