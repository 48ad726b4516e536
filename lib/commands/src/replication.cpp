#include "family.hpp"
#include "full_sync.hpp"
#include <base/numbers.hpp>
#include <engine/client_info.hpp>
#include <engine/dispatcher.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <replication/acknowledgement.hpp>
#include <replication/failover.hpp>
#include <replication/roles.hpp>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using engine::link_state;
using engine::log_level;
using engine::replica_facts;

void become_primary(context& cx) {
  if (!cx.server.is_replica()) return;
  replication::lead(cx.server);
  cx.server.log(log_level::notice, fmt::format("MASTER MODE enabled (user request from '{}')",
                                               describe(cx.who, cx.now)));
}

/// REPLICAOF host port | NO ONE
void replicaof(context& cx) {
  if (cx.server.replication.failover.state != engine::failover_state::none)
    throw command_error("ERR REPLICAOF not allowed while failing over.");
  const auto host = cx.args.next();
  const auto port = cx.args.next();
  if (base::iequals(host, "no") && base::iequals(port, "one")) {
    become_primary(cx);
    return void(cx.reply.ok());
  }
  if (cx.who.follows()) throw command_error("ERR Command is not valid when client is a replica.");
  constexpr std::int64_t most = 65535;
  const auto number = base::parse_int(port);
  if (!number || *number < 0 || *number > most) throw command_error("ERR Invalid master port");
  const auto& now = cx.server.options.replicaof;
  if (base::iequals(now.host, host) && now.port == *number) {
    cx.server.log(log_level::notice,
                  "REPLICAOF would result into synchronization with the master we are already "
                  "connected with. No operation performed.");
    return void(cx.reply.simple("OK Already connected to specified master"));
  }
  replication::follow(cx.server, host, *number);
  cx.server.log(log_level::notice, fmt::format("REPLICAOF {}:{} enabled (user request from '{}')",
                                               host, *number, describe(cx.who, cx.now)));
  cx.reply.ok();
}

void role_of_primary(context& cx) {
  std::vector<const engine::client*> online;
  for (const auto* each : cx.server.replication.replicas)
    if (each->replica->at >= replica_facts::stage::loading) online.push_back(each);
  cx.reply.array(3).bulk("master").integer(cx.server.stream_offset()).array(online.size());
  for (const auto* each : online) {
    const auto& facts = *each->replica;
    cx.reply.array(3).bulk(engine::address_of_replica(*each)).bulk_integer(facts.listening_port);
    cx.reply.bulk_integer(facts.acknowledged);
  }
}

/// ROLE
void role(context& cx) {
  if (!cx.server.is_replica()) return role_of_primary(cx);
  const auto& [host, port] = cx.server.options.replicaof;
  const auto& primary = cx.server.replication.primary;
  const bool up = primary.state == link_state::connected;
  cx.reply.array(5).bulk("slave").bulk(host).integer(port);
  cx.reply.bulk(name_of(primary.state)).integer(up ? cx.server.stream_offset() : -1);
}

void acknowledge(context& cx, std::int64_t offset, std::int64_t on_disk) {
  auto& facts = *cx.who.replica;
  facts.acknowledged = std::max(facts.acknowledged, offset);
  facts.acknowledged_on_disk = std::max(facts.acknowledged_on_disk, on_disk);
  facts.acknowledged_at = cx.now;
  if (facts.at == replica_facts::stage::loading) {
    facts.at = replica_facts::stage::online;
    cx.server.log(log_level::notice, fmt::format("Synchronization with replica {} succeeded",
                                                 engine::name_of_replica(cx.who)));
    cx.who.link->changes_ready();
  }
  cx.dispatcher.serve_acknowledged();
  replication::check_failover(cx.server);
}

replica_facts& facts_of(engine::client& who) {
  if (!who.replica) who.replica = std::make_unique<replica_facts>();
  return *who.replica;
}

/// One option of REPLCONF and its value; false: there is no reply.
bool configure(context& cx) {
  constexpr std::size_t longest_address = 255;
  auto& args = cx.args;
  if (args.accept("listening-port")) {
    facts_of(cx.who).listening_port = args.integer();
  } else if (args.accept("ip-address")) {
    const auto address = args.next();
    if (address.size() > longest_address)
      throw command_error(
          fmt::format("ERR REPLCONF ip-address provided by replica instance is too long: {} bytes",
                      address.size()));
    facts_of(cx.who).address = address;
  } else if (args.accept("capa")) {
    const auto ability = args.next();
    if (base::iequals(ability, "eof")) facts_of(cx.who).knows_eof = true;
    if (base::iequals(ability, "psync2")) facts_of(cx.who).knows_psync2 = true;
  } else if (args.accept("ack")) {
    const auto offset = base::parse_int(args.next());
    const auto on_disk = args.accept("fack") ? base::parse_int(args.next()) : std::nullopt;
    if (cx.who.follows() && offset) acknowledge(cx, *offset, on_disk.value_or(0));
    return false;
  } else if (args.accept("getack")) {
    args.next();
    if (!cx.who.primary) return false;
    cx.who.out.append(replication::acknowledgement(cx.server));
    cx.server.replication.primary.asked_of_disk = cx.server.journal.log.end();
    replication::disk_has_caught_up(cx.server);  // then it has been told of that
    return false;
  } else if (args.accept("rdb-only")) {
    args.integer();
  } else if (args.accept("rdb-filter-only")) {
    const auto what = args.next();
    if (!what.empty() && !base::iequals(what, "functions"))
      throw command_error(fmt::format("ERR Unsupported rdb-filter-only option: {}", what));
  } else {
    throw command_error(fmt::format("ERR Unrecognized REPLCONF option: {}", args.next()));
  }
  return true;
}

/// REPLCONF [option value ...] -- said by replicas to their primary, and GETACK the other way.
void replconf(context& cx) {
  if (cx.args.left() % 2 != 0) throw command_error(errors::syntax);
  while (!cx.args.empty())
    if (!configure(cx)) return;
  cx.reply.ok();
}

void refuse_replica(context& cx) {
  if (cx.server.is_replica() && cx.server.replication.primary.state != link_state::connected)
    throw command_error("NOMASTERLINK Can't SYNC while not connected with my master");
  if (!cx.who.out.empty())
    throw command_error("ERR SYNC and PSYNC are invalid with pending output");
}

/// This server's primary wants to change places with it.
void take_over_from_primary(context& cx, std::string_view id) {
  auto& server = cx.server;
  server.log(log_level::warning, fmt::format("Failover request received for replid {}.", id));
  if (!server.is_replica()) throw command_error("ERR PSYNC FAILOVER can't be sent to a master.");
  if (!base::iequals(id, server.replication.past.id()))
    throw command_error("ERR PSYNC FAILOVER replid must match my replid.");
  replication::lead(server);
  server.log(log_level::notice, fmt::format("MASTER MODE enabled (failover request from '{}')",
                                            describe(cx.who, cx.now)));
}

/// PSYNC id offset [FAILOVER] -- the stream from that offset of a history, or all data and the
/// stream from there.
void psync(context& cx) {
  if (cx.who.follows() || cx.who.monitor) return;
  const auto words = cx.args.words();
  constexpr std::size_t option = 3;
  if (words.size() > option && base::iequals(words[option], "failover"))
    take_over_from_primary(cx, words[1]);
  refuse_replica(cx);
  const auto id = cx.args.next();
  const auto next = cx.args.integer();
  facts_of(cx.who);
  cx.server.log(log_level::notice, fmt::format("Replica {} asks for synchronization",
                                               engine::name_of_replica(cx.who)));
  if (continue_from(cx, id, next)) return;
  wait_for_data(cx);
}

/// SYNC -- of replicas before Redis 2.8 and tools: all data and the stream.
void sync(context& cx) {
  if (cx.who.follows() || cx.who.monitor) return;
  refuse_replica(cx);
  facts_of(cx.who).old_protocol = true;
  cx.server.log(log_level::notice, fmt::format("Replica {} asks for synchronization",
                                               engine::name_of_replica(cx.who)));
  wait_for_data(cx);
}

constexpr auto to_replicas = admin | noscript | no_async_loading | no_multi;

constexpr command_spec table[] = {
    {"psync", arity::at_least(3), to_replicas, key_range::none(), psync},
    {"replconf", arity::at_least(1), admin | noscript | loading | stale | allow_busy,
     key_range::none(), replconf},
    {"replicaof", arity::exactly(3), admin | noscript | stale | no_async_loading, key_range::none(),
     replicaof},
    {"role", arity::exactly(1), noscript | loading | stale | fast, key_range::none(), role},
    {"slaveof", arity::exactly(3), admin | noscript | stale | no_async_loading, key_range::none(),
     replicaof},
    {"sync", arity::exactly(1), to_replicas, key_range::none(), sync},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows replication_commands() { return table; }

}  // namespace hawser::commands
