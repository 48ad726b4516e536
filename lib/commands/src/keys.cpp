#include "databases.hpp"

#include <fmt/format.h>

#include <limits>

namespace hawser::commands {

int database_index(context& cx) {
  constexpr std::int64_t least = std::numeric_limits<int>::min();
  constexpr std::int64_t most = std::numeric_limits<int>::max();
  const auto index = cx.args.integer();
  if (index < least || index > most)
    throw command_error(
        fmt::format("ERR value is out of range, value must between {} and {}", least, most));
  if (index < 0 || index >= cx.server.database_count())
    throw command_error("ERR DB index is out of range");
  return static_cast<int>(index);
}

namespace {

using namespace engine::flags;
using store::entry;

/// DEL key [key ...]
/// UNLINK key [key ...]
void del(context& cx) {
  std::int64_t removed = 0;
  for (const auto key : cx.args.rest())
    if (cx.keys.remove(key)) {
      cx.modified(key, notify::generic, "del");
      ++removed;
    }
  cx.reply.integer(removed);
}

/// EXISTS key [key ...]
void exists(context& cx) {
  std::int64_t found = 0;
  for (const auto key : cx.args.rest()) found += cx.keys.inspect(key) != nullptr;
  cx.reply.integer(found);
}

/// TOUCH key [key ...]
void touch(context& cx) {
  std::int64_t found = 0;
  for (const auto key : cx.args.rest()) found += cx.keys.read(key) != nullptr;
  cx.reply.integer(found);
}

/// TYPE key
void type(context& cx) {
  const entry* found = cx.keys.inspect(cx.args.next());
  cx.reply.simple(found == nullptr ? "none" : store::name_of(found->type()));
}

/// False: the new name is the old one, or must not be replaced and exists.
bool rename_key(context& cx, bool replace) {
  const auto from = cx.args.next();
  const auto to = cx.args.next();
  if (cx.keys.write(from) == nullptr) throw command_error(errors::no_such_key);
  if (from == to || (!replace && cx.keys.write(to) != nullptr)) return false;
  cx.keys.rename(from, to);
  cx.modified(from, notify::generic, "rename_from");
  cx.touched(cx.keys.index(), to, notify::generic, "rename_to");
  return true;
}

/// RENAME key newkey
void rename(context& cx) {
  rename_key(cx, true);
  cx.reply.ok();
}

/// RENAMENX key newkey
void renamenx(context& cx) { cx.reply.integer(rename_key(cx, false)); }

[[noreturn]] void same_key() {
  throw command_error("ERR source and destination objects are the same");
}

/// COPY source destination [DB index] [REPLACE]
void copy(context& cx) {
  const auto from = cx.args.next();
  const auto to = cx.args.next();
  int index = cx.keys.index();
  bool replace = false;
  while (!cx.args.empty()) {
    if (cx.args.accept("REPLACE")) {
      replace = true;
    } else if (cx.args.accept_with("DB", 1)) {
      index = database_index(cx);
    } else {
      throw command_error(errors::syntax);
    }
  }
  if (index == cx.keys.index() && from == to) same_key();

  engine::keyspace target(cx.server, cx.who, index);
  const entry* found = cx.keys.read(from);
  const bool refused = found == nullptr || (target.write(to) != nullptr && !replace);
  if (!refused) {
    target.put_copy(*found, to);
    cx.modified(index, to, notify::generic, "copy_to");
  }
  cx.reply.integer(!refused);
}

/// MOVE key db
void move(context& cx) {
  const auto key = cx.args.next();
  const int index = database_index(cx);
  if (index == cx.keys.index()) same_key();

  engine::keyspace target(cx.server, cx.who, index);
  const bool refused = cx.keys.write(key) == nullptr || target.write(key) != nullptr;
  if (!refused) {
    cx.keys.move(key, target);
    cx.modified(key, notify::generic, "move_from");
    cx.touched(index, key, notify::generic, "move_to");
  }
  cx.reply.integer(!refused);
}

constexpr key_range two{1, 2, 1};

constexpr command_spec table[] = {
    {"copy", arity::at_least(3), write | denyoom, two, copy},
    {"del", arity::at_least(2), write, key_range::all(), del},
    {"exists", arity::at_least(2), readonly | fast, key_range::all(), exists},
    {"move", arity::exactly(3), write | fast, key_range::one(), move},
    {"rename", arity::exactly(3), write, two, rename},
    {"renamenx", arity::exactly(3), write | fast, two, renamenx},
    {"touch", arity::at_least(2), readonly | fast, key_range::all(), touch},
    {"type", arity::exactly(2), readonly | fast, key_range::one(), type},
    {"unlink", arity::at_least(2), write | fast, key_range::all(), del},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows key_commands() { return table; }

}  // namespace hawser::commands
