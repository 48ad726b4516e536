#include "family.hpp"
#include <engine/dispatcher.hpp>

#include <algorithm>
#include <replication/acknowledgement.hpp>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using engine::node;
using engine::replica_facts;
using replication::lasting;

constexpr const char* needs_file =
    "ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.";

/// What a client waits for with WAIT or WAITAOF: that its last write is somewhere else as well.
struct wait_for_copies {
  std::uint64_t offset = 0;  // where in the journal the write ends
  bool on_disk = false;      // of the replicas and, if `local`, of this server
  bool local = false;
  std::int64_t replicas = 0;

  bool is_on_own_disk(const node& server) const {
    const auto end = lasting(server);
    return end && *end >= offset;
  }
  std::int64_t replicas_with_it(const node& server) const {
    const auto has_it = [this](const engine::client* each) {
      const auto& facts = *each->replica;
      const auto known = on_disk ? facts.acknowledged_on_disk : facts.acknowledged;
      return facts.at == replica_facts::stage::online && known >= static_cast<std::int64_t>(offset);
    };
    return std::ranges::count_if(server.replication.replicas, has_it);
  }

  /// Replies if there are enough copies.
  bool operator()(context& cx, std::span<const std::string_view>) const {
    if (local && !lasting(cx.server)) throw command_error(needs_file);
    if (replicas_with_it(cx.server) < replicas || (local && !is_on_own_disk(cx.server)))
      return false;
    reply(cx.server, cx.reply);
    return true;
  }
  void reply(const node& server, resp::reply_writer& to) const {
    const auto elsewhere = replicas_with_it(server);
    if (on_disk) to.array(2).integer(is_on_own_disk(server));
    to.integer(elsewhere);
  }
};

/// Replicas are asked once for all who begin to wait in a pass, when it is over.
void wait_until(context& cx, const wait_for_copies& wanted, std::int64_t timeout) {
  auto& server = cx.server;
  engine::wait_terms terms;
  terms.timeout = timeout;
  terms.at_timeout = [&server, wanted](engine::client& who) { wanted.reply(server, who.reply); };
  cx.serve_or_block({}, terms, wanted);
  if (!cx.who.blocked) return;
  server.replication.waiting.push_back(cx.who.id);
  server.replication.asks_for_acknowledgements = true;
  server.journal.log.tell();
}

std::int64_t read_timeout(context& cx) {
  const auto timeout = cx.args.integer("ERR timeout is not an integer or out of range");
  if (timeout < 0) throw command_error("ERR timeout is negative");
  return timeout;
}

/// WAIT numreplicas timeout -- until so many replicas have what this client has written.
void wait(context& cx) {
  if (cx.server.is_replica())
    throw command_error(
        "ERR WAIT cannot be used with replica instances. Please also note that since Redis 4.0 if "
        "a replica is configured to be writable (which is not the default) writes to replicas are "
        "just local and are not propagated.");
  wait_for_copies wanted;
  wanted.offset = cx.who.last_write;
  wanted.replicas = cx.args.integer();
  wait_until(cx, wanted, read_timeout(cx));
}

/// WAITAOF numlocal numreplicas timeout -- until what this client has written is on the disk of
/// this server and of so many replicas.
void waitaof(context& cx) {
  wait_for_copies wanted;
  wanted.offset = cx.who.last_write;
  wanted.on_disk = true;
  const auto local = cx.args.integer();
  if (local < 0 || local > 1)
    throw command_error("ERR value is out of range, value must between 0 and 1");
  wanted.local = local == 1;
  wanted.replicas = cx.args.integer("ERR value is out of range, must be positive");
  if (wanted.replicas < 0) throw command_error("ERR value is out of range, must be positive");
  const auto timeout = read_timeout(cx);
  if (cx.server.is_replica())
    throw command_error(
        "ERR WAITAOF cannot be used with replica instances. Please also note that writes to "
        "replicas are just local and are not propagated.");
  wait_until(cx, wanted, timeout);
}

constexpr command_spec table[] = {
    {"wait", arity::exactly(3), noscript, key_range::none(), wait},
    {"waitaof", arity::exactly(4), blocking, key_range::none(), waitaof},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows replication_wait_commands() { return table; }

}  // namespace hawser::commands
