#include "family.hpp"
#include "memory_doctor.hpp"
#include "memory_overview.hpp"
#include <commands/subcommand_help.hpp>

#include <fmt/format.h>

namespace hawser::commands {

namespace {

using namespace engine::flags;

/// MEMORY USAGE key [SAMPLES count] -- every element is counted, whatever the number of samples.
void usage(context& cx) {
  const auto key = cx.args.next();
  while (!cx.args.empty()) {
    if (!cx.args.accept_with("samples", 1)) throw command_error(errors::syntax);
    if (cx.args.integer() < 0) throw command_error(errors::syntax);
  }
  const auto* found = cx.keys.peek(key);
  if (found == nullptr) return void(cx.reply.null());
  cx.reply.integer(static_cast<std::int64_t>(cx.keys.data().memory_of(*found)));
}

void reply_database(resp::reply_writer& reply, int index, const store::database& of) {
  reply.bulk(fmt::format("db.{}", index)).map(3);
  reply.bulk("overhead.hashtable.main").integer(static_cast<std::int64_t>(of.table_memory()));
  reply.bulk("overhead.hashtable.expires").integer(static_cast<std::int64_t>(of.deadline_memory()));
  reply.bulk("overhead.hashtable.slot-to-keys").integer(0);
}

/// MEMORY STATS
void stats(context& cx) {
  const auto seen = look_at_memory(cx.server, cx.server.process.facts());
  const auto scripts = cx.server.scripts ? cx.server.scripts->facts() : engine::script_facts{};
  std::vector<int> filled;
  for (int i = 0; i < cx.server.database_count(); ++i)
    if (!cx.server.database(i).empty()) filled.push_back(i);

  auto& reply = cx.reply;
  const auto bytes = [&](std::string_view name, std::size_t value) {
    reply.bulk(name).integer(static_cast<std::int64_t>(value));
  };
  const auto ratio = [&](std::string_view name, double value) { reply.bulk(name).number(value); };
  const auto more = [&](std::string_view name, std::size_t a, std::size_t b) {
    reply.bulk(name).integer(memory_overview::difference(a, b));
  };
  reply.map(27 + filled.size());
  bytes("peak.allocated", seen.peak);
  bytes("total.allocated", seen.used);
  bytes("startup.allocated", seen.startup);
  bytes("replication.backlog", seen.backlog);
  bytes("clients.slaves", seen.replicas);
  bytes("clients.normal", seen.clients);
  bytes("cluster.links", 0);
  bytes("aof.buffer", seen.append_only);
  bytes("lua.caches", scripts.scripts_memory);
  bytes("functions.caches", scripts.functions_memory);
  for (const int index : filled) reply_database(reply, index, cx.server.database(index));
  bytes("overhead.total", seen.overhead);
  bytes("keys.count", seen.keys);
  bytes("keys.bytes-per-key", seen.bytes_per_key());
  bytes("dataset.bytes", seen.data_set);
  ratio("dataset.percentage", seen.data_set_percentage());
  ratio("peak.percentage", seen.peak_percentage());
  bytes("allocator.allocated", seen.used);
  bytes("allocator.active", seen.active);
  bytes("allocator.resident", seen.resident);
  ratio("allocator-fragmentation.ratio", seen.allocator_fragmentation());
  more("allocator-fragmentation.bytes", seen.active, seen.used);
  ratio("allocator-rss.ratio", seen.allocator_overhead());
  more("allocator-rss.bytes", seen.resident, seen.active);
  ratio("rss-overhead.ratio", seen.process_overhead());
  more("rss-overhead.bytes", seen.process, seen.resident);
  ratio("fragmentation", seen.fragmentation());
  more("fragmentation.bytes", seen.process, seen.used);
}

/// MEMORY DOCTOR
void doctor(context& cx) { cx.reply.verbatim(examine_memory(cx.server)); }

/// MEMORY MALLOC-STATS
void malloc_stats(context& cx) {
  const auto facts = cx.server.process.facts();
  auto text =
      fmt::format("allocator: {}\nallocated: {}\nheld from the system: {}\n", facts.allocator,
                  cx.server.process.allocated_memory(), facts.allocator_held);
  for (int i = 0; i < cx.server.database_count(); ++i) {
    const auto& data = cx.server.database(i);
    if (data.empty()) continue;
    text +=
        fmt::format("database {}: used: {}, held: {}\n", i, data.used_memory(), data.held_memory());
  }
  cx.reply.verbatim(text);
}

/// MEMORY PURGE
void purge(context& cx) {
  cx.server.process.release_free_memory();
  cx.reply.ok();
}

constexpr command_spec subcommands[] = {
    {"doctor", arity::exactly(2), {}, key_range::none(), doctor},
    {"help", arity::exactly(2), loading | stale, key_range::none(), help},
    {"malloc-stats", arity::exactly(2), {}, key_range::none(), malloc_stats},
    {"purge", arity::exactly(2), {}, key_range::none(), purge},
    {"stats", arity::exactly(2), {}, key_range::none(), stats},
    {"usage", arity::at_least(3), readonly, {2, 2, 1}, usage},
};
static_assert(well_formed(subcommands));

constexpr command_spec table[] = {
    {"memory", arity::at_least(2), {}, key_range::none(), nullptr, subcommands},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows memory_commands() { return table; }

}  // namespace hawser::commands
