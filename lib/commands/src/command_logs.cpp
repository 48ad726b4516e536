#include "family.hpp"
#include "help.hpp"
#include <base/bytes.hpp>
#include <base/numbers.hpp>
#include <commands/subcommand_help.hpp>

#include <algorithm>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using engine::command_log;
using engine::logged_cost;

constexpr std::size_t shown_by_default = 10;

std::size_t wanted_records(context& cx, std::size_t all) {
  const auto count = base::parse_int(cx.args.next());
  if (!count || *count < -1) throw command_error("ERR count should be greater than or equal to -1");
  return *count == -1 ? all : std::min(all, static_cast<std::size_t>(*count));
}

logged_cost kind_of_log(context& cx) {
  const auto word = cx.args.next();
  if (base::iequals(word, "slow")) return logged_cost::time;
  if (base::iequals(word, "large-request")) return logged_cost::request;
  if (base::iequals(word, "large-reply")) return logged_cost::reply;
  throw command_error("ERR type should be one of the following: slow, large-request, large-reply");
}

void reply_record(resp::reply_writer& reply, const command_log::record& of) {
  reply.array(6).integer(static_cast<std::int64_t>(of.id)).integer(of.when).integer(of.cost);
  reply.array(of.words.size());
  for (const auto& word : of.words) reply.bulk(word);
  reply.bulk(of.address).bulk(of.name);
}

void reply_newest(context& cx, const command_log& log, std::size_t count) {
  cx.reply.array(count);
  for (std::size_t i = 0; i < count; ++i) reply_record(cx.reply, log.records()[i]);
}

void reply_length(context& cx, const command_log& log) {
  cx.reply.integer(static_cast<std::int64_t>(log.records().size()));
}

command_log& slow_log(context& cx) { return cx.server.command_logs[logged_cost::time]; }
command_log& named_log(context& cx) { return cx.server.command_logs[kind_of_log(cx)]; }

/// SLOWLOG GET [count] -- the newest records; -1 is all of them.
void get_slow(context& cx) {
  if (cx.args.left() > 1) wrong_subcommand(cx);
  const auto& log = slow_log(cx);
  const auto all = log.records().size();
  reply_newest(cx, log,
               cx.args.empty() ? std::min(all, shown_by_default) : wanted_records(cx, all));
}

/// SLOWLOG LEN
void count_slow(context& cx) { reply_length(cx, slow_log(cx)); }

/// SLOWLOG RESET
void reset_slow(context& cx) {
  slow_log(cx).clear();
  cx.reply.ok();
}

/// COMMANDLOG GET count slow|large-request|large-reply -- the newest records; -1 is all of them.
void get(context& cx) {
  const auto count = wanted_records(cx, std::numeric_limits<std::size_t>::max());
  const auto& log = named_log(cx);
  reply_newest(cx, log, std::min(count, log.records().size()));
}

/// COMMANDLOG LEN slow|large-request|large-reply
void count(context& cx) { reply_length(cx, named_log(cx)); }

/// COMMANDLOG RESET slow|large-request|large-reply
void reset(context& cx) {
  named_log(cx).clear();
  cx.reply.ok();
}

constexpr auto for_admins = admin | loading | stale;

constexpr command_spec slow_subcommands[] = {
    {"get", arity::at_least(2), for_admins, key_range::none(), get_slow},
    {"help", arity::exactly(2), loading | stale, key_range::none(), help},
    {"len", arity::exactly(2), for_admins, key_range::none(), count_slow},
    {"reset", arity::exactly(2), for_admins, key_range::none(), reset_slow},
};
static_assert(well_formed(slow_subcommands));

constexpr command_spec subcommands[] = {
    {"get", arity::exactly(4), for_admins, key_range::none(), get},
    {"help", arity::exactly(2), loading | stale, key_range::none(), help},
    {"len", arity::exactly(3), for_admins, key_range::none(), count},
    {"reset", arity::exactly(3), for_admins, key_range::none(), reset},
};
static_assert(well_formed(subcommands));

constexpr command_spec table[] = {
    {"commandlog", arity::at_least(2), {}, key_range::none(), nullptr, subcommands},
    {"slowlog", arity::at_least(2), {}, key_range::none(), nullptr, slow_subcommands},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows command_log_commands() { return table; }

}  // namespace hawser::commands
