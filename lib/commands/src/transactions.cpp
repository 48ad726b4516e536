#include "family.hpp"
#include <engine/dispatcher.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using engine::presence;
using engine::queued_command;

/// MULTI
void multi(context& cx) {
  auto& transaction = cx.who.transaction;
  if (transaction.active()) throw command_error("ERR MULTI calls can not be nested");
  transaction.begin();
  cx.reply.ok();
}

/// DISCARD
void discard(context& cx) {
  if (!cx.who.transaction.active()) throw command_error("ERR DISCARD without MULTI");
  cx.server.end_transaction(cx.who);
  cx.reply.ok();
}

/// A watched key that has come to its deadline has changed, even if nobody has removed it yet.
bool watched_key_expired(context& cx) {
  const auto& watched = cx.who.watched;
  return std::any_of(watched.begin(), watched.end(), [&](const auto& each) {
    return !each.was_expired && cx.server.find(each.db, each.key) == presence::expired;
  });
}

std::string not_any_more(const engine::acl::denial& why) {
  using enum engine::acl::denial::reason;
  const auto reason = why.why == command ? "no permission to execute the command or subcommand"
                      : why.why == key
                          ? "no permission to touch the specified keys"
                          : "no permission to access one of the channels used as arguments";
  return fmt::format(
      "NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC "
      "call. This command is no longer allowed for the following reason: {}",
      reason);
}

void run_queue(context& cx) {
  std::vector<std::string_view> words;
  for (const auto& queued : cx.who.transaction.queue()) {
    words.assign(queued.words.begin(), queued.words.end());
    if (const auto no = cx.dispatcher.denied(cx.who, *queued.what, words,
                                             engine::acl::access_log_entry::where::multi)) {
      cx.fail(not_any_more(*no));
      continue;
    }
    cx.dispatcher.call(cx.who, *queued.what, words, queued.bytes);
    // Nothing is replied to a client that has killed itself.
    if (cx.who.closing) cx.dispatcher.set_replies(cx.who, engine::reply_mode::off);
  }
}

/// EXEC -- each command is counted, logged and monitored on its own.
void exec(context& cx) {
  auto& transaction = cx.who.transaction;
  if (!transaction.active()) throw command_error("ERR EXEC without MULTI");
  if (transaction.spoiled()) {
    cx.server.end_transaction(cx.who);
    throw command_error("EXECABORT Transaction discarded because of previous errors.");
  }
  if (transaction.outdated() || watched_key_expired(cx)) {
    cx.server.end_transaction(cx.who);
    cx.reply.null_array();
    return;
  }
  cx.server.watches.unwatch_all(cx.who);
  cx.reply.array(transaction.queue().size());
  cx.no_effect();  // each command has its own
  run_queue(cx);
  transaction.finish();
}

/// WATCH key [key ...]
void watch(context& cx) {
  auto& who = cx.who;
  if (who.transaction.active()) throw command_error("ERR WATCH inside MULTI is not allowed");
  if (!who.transaction.outdated())
    for (const auto key : cx.args.rest())
      cx.server.watches.watch(who, who.db, key, cx.server.find(who.db, key));
  cx.reply.ok();
}

/// UNWATCH
void unwatch(context& cx) {
  cx.server.watches.unwatch_all(cx.who);
  cx.who.transaction.forget_outdated();
  cx.reply.ok();
}

std::string joined(const queued_command& command) {
  std::string line;
  for (const auto& word : command.words) {
    if (&word != &command.words.front()) line += ' ';
    line += word;
  }
  return line;
}

std::size_t undo_count(context& cx) {
  if (cx.args.empty()) return 1;
  constexpr auto invalid = "ERR invalid undo count";
  const auto count = cx.args.integer(invalid);
  if (count < 1) throw command_error(invalid);
  return static_cast<std::size_t>(count);
}

/// UNDO [count] -- takes the newest queued commands back.
void undo(context& cx) {
  auto& transaction = cx.who.transaction;
  if (!transaction.active()) throw command_error("ERR UNDO without MULTI");
  const auto count = undo_count(cx);
  const auto queued = transaction.queue().size();
  if (queued == 0) {
    cx.reply.array(0);
    return;
  }
  if (count > queued)
    throw command_error(fmt::format("ERR cannot undo {} commands, only {} queued", count, queued));
  cx.reply.array(count + 2);
  cx.reply.bulk(fmt::format("Removed {} commands:", count));
  for (const auto& removed : transaction.take_back(count)) cx.reply.bulk(joined(removed));
  cx.reply.bulk(fmt::format("{} commands remaining in queue", queued - count));
}

constexpr auto any_time = noscript | loading | stale | fast | allow_busy;

constexpr command_spec table[] = {
    {"discard", arity::exactly(1), any_time | immediate, key_range::none(), discard},
    {"exec", arity::exactly(1), noscript | loading | stale | skip_slowlog | immediate,
     key_range::none(), exec},
    {"multi", arity::exactly(1), any_time | immediate, key_range::none(), multi},
    {"undo", {1, 2}, any_time | immediate, key_range::none(), undo},
    {"unwatch", arity::exactly(1), any_time, key_range::none(), unwatch},
    {"watch", arity::at_least(2), any_time | immediate, key_range::all(), watch},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows transaction_commands() { return table; }

}  // namespace hawser::commands
