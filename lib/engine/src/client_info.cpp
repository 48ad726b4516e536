#include <base/bytes.hpp>
#include <engine/acl/user.hpp>
#include <engine/client_info.hpp>
#include <engine/command_error.hpp>
#include <engine/command_table.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace hawser::engine {

namespace {

std::string flags_of(const client& who) {
  const std::pair<bool, char> all[] = {
      {who.monitor, 'O'},
      {who.follows(), 'S'},
      {who.primary, 'M'},
      {who.subscribed(), 'P'},
      {who.transaction.active(), 'x'},
      {who.waits(), 'b'},
      {who.tracking != nullptr, 't'},
      {who.tracking && who.tracking->broken, 'R'},
      {who.tracking && who.tracking->broadcast, 'B'},
      {who.transaction.outdated(), 'd'},
      {who.closing, 'c'},
      {who.unix_socket, 'U'},
      {who.no_evict, 'e'},
      {who.no_touch, 'T'},
  };
  std::string letters;
  for (const auto& [set, letter] : all)
    if (set) letters += letter;
  return letters.empty() ? "N" : letters;
}

/// Output is shown as Redis holds it: what a fixed buffer would take, and what is beyond.
void describe_output(std::back_insert_iterator<std::string> line, const client& who) {
  constexpr auto chunk = base::chunked_buffer::chunk_bytes;
  const auto bytes = who.output_bytes();
  const auto first = std::min(bytes, chunk);
  const auto beyond = bytes - first;
  fmt::format_to(line, " rbs={} rbp={} obl={} oll={} omem={}", who.out.memory(), first, first,
                 (beyond + chunk - 1) / chunk, beyond);
}

}  // namespace

std::int64_t redirection(const client& who) {
  return who.tracking ? static_cast<std::int64_t>(who.tracking->redirect) : -1;
}

client_type parse_client_type(std::string_view name) {
  if (base::iequals(name, "normal")) return client_type::normal;
  if (base::iequals(name, "pubsub")) return client_type::pubsub;
  if (base::iequals(name, "replica") || base::iequals(name, "slave")) return client_type::replica;
  if (base::iequals(name, "master")) return client_type::master;
  throw command_error(fmt::format("ERR Unknown client type '{}'", name));
}

client_type type_of(const client& who) {
  if (who.primary) return client_type::master;
  if (who.follows()) return client_type::replica;
  return who.subscribed() ? client_type::pubsub : client_type::normal;
}

std::string describe(const client& who, base::milliseconds_t now) {
  const auto [input, room] = who.link->input_held();
  const auto& transaction = who.transaction;
  const auto queued =
      transaction.active() ? static_cast<std::int64_t>(transaction.queue().size()) : -1;
  std::string text;
  const auto line = std::back_inserter(text);
  fmt::format_to(line, "id={} addr={} laddr={} fd={} name={} age={} idle={} flags={} db={}", who.id,
                 who.address, who.local_address, who.descriptor, who.name,
                 (now - who.created) / 1000, (now - who.last_interaction) / 1000, flags_of(who),
                 who.db);
  fmt::format_to(line, " sub={} psub={} ssub={} multi={} watch={} qbuf={} qbuf-free={}",
                 who.channels.size(), who.patterns.size(), who.shard_channels.size(), queued,
                 who.watched.size(), input, room);
  // Words are views into the input, so that argv-mem is part of qbuf.
  fmt::format_to(line, " argv-mem=0 multi-mem={}", transaction.memory());
  describe_output(line, who);
  fmt::format_to(line, " tot-mem={} events={} cmd={} user={} redir={} resp={}", who.memory(),
                 who.link->unsent() == 0 ? "r" : "rw",
                 who.last_command == nullptr ? "NULL" : who.last_command->full_name,
                 who.user->name(), redirection(who), who.resp3() ? 3 : 2);
  fmt::format_to(line, " lib-name={} lib-ver={}", who.library_name, who.library_version);
  return text;
}

}  // namespace hawser::engine
