#include "family.hpp"
#include <base/numbers.hpp>
#include <commands/data_file.hpp>

#include <limits>

namespace hawser::commands {

namespace {

using namespace engine::flags;

/// [ASYNC | SYNC] -- without either as the configuration says.
engine::node::freeing read_flush_mode(context& cx) {
  bool background = cx.server.options.lazyfree_lazy_user_flush;
  if (!cx.args.empty()) {
    background = cx.args.accept("ASYNC");
    if (!background && !cx.args.accept("SYNC")) throw command_error(errors::syntax);
    cx.args.done();
  }
  return background ? engine::node::freeing::in_background : engine::node::freeing::now;
}

/// DBSIZE
void dbsize(context& cx) { cx.reply.integer(static_cast<std::int64_t>(cx.keys.data().size())); }

/// FLUSHDB [ASYNC | SYNC]
void flushdb(context& cx) {
  const auto how = read_flush_mode(cx);
  cx.server.changes += cx.server.flush(cx.keys.index(), how, &cx.who);
  // Even of an empty database: replicas may hold what is past its deadline here.
  cx.effect_of(cx.args.words());
  cx.reply.ok();
}

/// FLUSHALL [ASYNC | SYNC]
void flushall(context& cx) {
  const auto how = read_flush_mode(cx);
  cancel_background_save(cx.server);
  cx.server.changes += cx.server.flush_all(how, &cx.who);
  cx.effect_of(cx.args.words());
  // What is on disk would come back at the next start.
  if (!cx.server.options.save_points.empty()) save_data(cx.server);
  cx.reply.ok();
}

int read_index(context& cx, const char* error) {
  const auto index = cx.args.integer(error);
  if (index < std::numeric_limits<int>::min() || index > std::numeric_limits<int>::max())
    throw command_error(error);
  return static_cast<int>(index);
}

/// SWAPDB index1 index2
void swapdb(context& cx) {
  const int one = read_index(cx, "ERR invalid first DB index");
  const int other = read_index(cx, "ERR invalid second DB index");
  for (const int index : {one, other})
    if (index < 0 || index >= cx.server.database_count())
      throw command_error("ERR DB index is out of range");
  cx.server.swap_databases(one, other);
  ++cx.server.changes;
  cx.reply.ok();
}

constexpr command_spec table[] = {
    {"dbsize", arity::exactly(1), readonly | fast, key_range::none(), dbsize},
    {"flushall", arity::at_least(1), write, key_range::none(), flushall},
    {"flushdb", arity::at_least(1), write, key_range::none(), flushdb},
    {"swapdb", arity::exactly(3), write | fast, key_range::none(), swapdb},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows key_database_commands() { return table; }

}  // namespace hawser::commands
