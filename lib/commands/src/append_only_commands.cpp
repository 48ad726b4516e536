#include "family.hpp"
#include <commands/append_only_file.hpp>

#include <algorithm>

namespace hawser::commands {

namespace {

using namespace engine::flags;

/// BGREWRITEAOF -- within a transaction it is put off.
void bgrewriteaof(context& cx) {
  auto& file = append_only_file::of(cx.server);
  if (file.rewrites.in_progress)
    throw command_error("ERR Background append only file rewriting already in progress");
  if (cx.who.transaction.active() || cx.server.snapshot) {
    file.rewrites.scheduled = true;
    return void(cx.reply.simple("Background append only file rewriting scheduled"));
  }
  if (!file.start_rewrite())
    throw command_error(
        "ERR Can't execute an AOF background rewriting. Please check the server logs for more "
        "information.");
  cx.reply.simple("Background append only file rewriting started");
}

/// What a client waits for with WAITAOF.
struct durability_wait {
  std::uint64_t position;  // of the journal
  bool local;
  std::int64_t replicas;
  std::int64_t deadline_ns;  // 0: none

  bool operator()(context& cx, std::span<const std::string_view>) const {
    constexpr std::int64_t ms = 1'000'000;
    const auto& file = append_only_file::of(cx.server);
    const bool synced = file.is_on() && file.durable() >= position;
    const auto left = deadline_ns - cx.server.clock.monotonic_ns();
    const bool over = deadline_ns != 0 && left <= 0;
    if (!over && ((local && !synced) || replicas > 0)) {
      if (deadline_ns != 0) cx.retry_after((left + ms - 1) / ms);
      return false;
    }
    reply(cx, synced);
    return true;
  }
  static void reply(context& cx, bool synced) { cx.reply.array(2).integer(synced).integer(0); }
};

/// WAITAOF numlocal numreplicas timeout -- there are no replicas to wait for.
void waitaof(context& cx) {
  constexpr std::int64_t ms = 1'000'000;
  const auto local = cx.args.integer();
  if (local < 0 || local > 1)
    throw command_error("ERR value is out of range, value must between 0 and 1");
  const auto replicas = cx.args.integer("ERR value is out of range, must be positive");
  if (replicas < 0) throw command_error("ERR value is out of range, must be positive");
  const auto timeout = cx.args.integer("ERR timeout is not an integer or out of range");
  if (timeout < 0) throw command_error("ERR timeout is negative");
  auto& file = append_only_file::of(cx.server);
  if (local == 1 && !file.is_on())
    throw command_error(
        "ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.");
  const auto end = cx.server.journal.log.end();
  if (cx.who.transaction.active()) return durability_wait::reply(cx, file.durable() >= end);
  file.hand_over(0);
  const auto now_ns = cx.server.clock.monotonic_ns();
  const bool ends =
      timeout > 0 && timeout < (std::numeric_limits<std::int64_t>::max() - now_ns) / ms;
  const std::string_view key = append_only_file::progress_key;
  engine::wait_terms terms;
  terms.sees_loss = true;
  cx.serve_or_block({&key, 1}, terms,
                    durability_wait{end, local == 1, replicas, ends ? now_ns + timeout * ms : 0});
}

constexpr command_spec table[] = {
    {"bgrewriteaof", arity::exactly(1), admin | noscript | no_async_loading, key_range::none(),
     bgrewriteaof},
    {"waitaof", arity::exactly(4), blocking, key_range::none(), waitaof},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows append_only_commands() { return table; }

}  // namespace hawser::commands
