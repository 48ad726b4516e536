#include "family.hpp"
#include "help.hpp"
#include <commands/subcommand_help.hpp>
#include <base/numbers.hpp>

#include <algorithm>

namespace hawser::commands {

namespace {

using namespace engine::flags;

constexpr std::size_t shown_by_default = 10;

std::size_t wanted_records(context& cx, std::size_t all) {
  if (cx.args.empty()) return std::min(all, shown_by_default);
  const auto count = base::parse_int(cx.args.next());
  if (!count || *count < -1) throw command_error("ERR count should be greater than or equal to -1");
  return *count == -1 ? all : std::min(all, static_cast<std::size_t>(*count));
}

void reply_record(resp::reply_writer& reply, const engine::slow_log::record& of) {
  reply.array(6).integer(static_cast<std::int64_t>(of.id)).integer(of.when).integer(of.took);
  reply.array(of.words.size());
  for (const auto& word : of.words) reply.bulk(word);
  reply.bulk(of.address).bulk(of.name);
}

/// SLOWLOG GET [count] -- the newest records; -1 is all of them.
void get(context& cx) {
  if (cx.args.left() > 1) wrong_subcommand(cx);
  const auto& records = cx.server.slow.records();
  const auto count = wanted_records(cx, records.size());
  cx.reply.array(count);
  for (std::size_t i = 0; i < count; ++i) reply_record(cx.reply, records[i]);
}

/// SLOWLOG LEN
void len(context& cx) {
  cx.reply.integer(static_cast<std::int64_t>(cx.server.slow.records().size()));
}

/// SLOWLOG RESET
void reset(context& cx) {
  cx.server.slow.clear();
  cx.reply.ok();
}

constexpr command_spec subcommands[] = {
    {"get", arity::at_least(2), admin | loading | stale, key_range::none(), get},
    {"help", arity::exactly(2), loading | stale, key_range::none(), help},
    {"len", arity::exactly(2), admin | loading | stale, key_range::none(), len},
    {"reset", arity::exactly(2), admin | loading | stale, key_range::none(), reset},
};
static_assert(well_formed(subcommands));

constexpr command_spec table[] = {
    {"slowlog", arity::at_least(2), {}, key_range::none(), nullptr, subcommands},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows slowlog_commands() { return table; }

}  // namespace hawser::commands
