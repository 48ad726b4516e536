#include "family.hpp"
#include <commands/append_only_file.hpp>

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

constexpr command_spec table[] = {
    {"bgrewriteaof", arity::exactly(1), admin | noscript | no_async_loading, key_range::none(),
     bgrewriteaof},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows append_only_commands() { return table; }

}  // namespace hawser::commands
