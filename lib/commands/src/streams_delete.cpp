#include "streams_trim.hpp"

#include <algorithm>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using store::stream_references;

void tell_deleted(context& cx, std::string_view key, std::size_t deleted) {
  if (deleted == 0) return;
  cx.modified(key, notify::stream, "xdel");
  cx.server.changes += deleted - 1;
}

/// XDEL key id [id ...]
void xdel(context& cx) {
  const auto key = cx.args.next();
  auto stream = cx.keys.write<stream_value>(key);
  if (!stream) return void(cx.reply.integer(0));
  const auto ids = read_ids(cx);
  const auto deleted = std::ranges::count_if(ids, [&](auto& id) { return (*stream)->erase(id); });
  tell_deleted(cx, key, static_cast<std::size_t>(deleted));
  cx.reply.integer(deleted);
}

/// [KEEPREF|DELREF|ACKED] IDS numids id [id ...], in either order.
struct deletion {
  stream_references references = stream_references::keep;
  std::vector<stream_id> ids;
};

deletion read_deletion(context& cx) {
  deletion what;
  bool has_references = false, has_ids = false;
  while (!cx.args.empty()) {
    if (const auto some = accept_references(cx); some && !has_references) {
      what.references = *some;
      has_references = true;
    } else if (!some && !has_ids && cx.args.accept_with("IDS", 1)) {
      constexpr const char* no_count = "ERR Number of IDs must be a positive integer";
      const auto count = cx.args.integer(no_count);
      if (count < 1) throw command_error(no_count);
      if (static_cast<std::uint64_t>(count) > cx.args.left())
        throw command_error("ERR The `numids` parameter must match the number of arguments");
      for (auto i = count; i > 0; --i) what.ids.push_back(read_id(cx.args.next()));
      has_ids = true;
    } else {
      throw command_error(errors::syntax);
    }
  }
  if (!has_ids) throw command_error(errors::syntax);
  return what;
}

/// What became of an entry, as XDELEX and XACKDEL reply it.
enum outcome : std::int64_t { missing = -1, deleted = 1, kept = 2 };

void reply_missing(context& cx, std::size_t count) {
  cx.reply.array(count);
  for (; count > 0; --count) cx.reply.integer(outcome::missing);
}

/// XDELEX key [KEEPREF|DELREF|ACKED] IDS numids id [id ...] -- without a group nobody can have
/// acknowledged anything, so that ACKED deletes nothing.
void xdelex(context& cx) {
  const auto key = cx.args.next();
  const auto what = read_deletion(cx);
  auto stream = cx.keys.write<stream_value>(key);
  if (!stream) return reply_missing(cx, what.ids.size());
  auto& of = **stream;
  std::size_t count = 0;
  cx.reply.array(what.ids.size());
  for (const auto& id : what.ids) {
    if (what.references == stream_references::drop) of.drop_references(id);
    auto became = outcome::missing;
    if (what.references == stream_references::acked && of.contains(id) &&
        (of.groups().empty() || of.is_referenced(id)))
      became = outcome::kept;
    else if (of.erase(id))
      became = outcome::deleted;
    count += became == outcome::deleted;
    cx.reply.integer(became);
  }
  tell_deleted(cx, key, count);
}

/// XACKDEL key group [KEEPREF|DELREF|ACKED] IDS numids id [id ...] -- an entry is looked at only if
/// it is pending in the group.
void xackdel(context& cx) {
  const auto key = cx.args.next();
  const auto name = cx.args.next();
  const auto what = read_deletion(cx);
  auto stream = cx.keys.write<stream_value>(key);
  auto* group = stream ? (*stream)->find_group(name) : nullptr;
  if (group == nullptr) return reply_missing(cx, what.ids.size());
  auto& of = **stream;
  std::size_t count = 0;
  cx.reply.array(what.ids.size());
  for (const auto& id : what.ids) {
    auto became = outcome::missing;
    if (group->acknowledge(id)) {
      ++cx.server.changes;
      if (what.references == stream_references::drop) of.drop_references(id);
      const bool stays = what.references == stream_references::acked && of.is_referenced(id);
      if (!stays) count += of.erase(id);
      became = stays ? outcome::kept : outcome::deleted;
    }
    cx.reply.integer(became);
  }
  tell_deleted(cx, key, count);
}

constexpr command_spec table[] = {
    {"xackdel", arity::at_least(6), write | fast, key_range::one(), xackdel},
    {"xdel", arity::at_least(3), write | fast, key_range::one(), xdel},
    {"xdelex", arity::at_least(5), write | fast, key_range::one(), xdelex},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows stream_delete_commands() { return table; }

}  // namespace hawser::commands
