#include "streams_trim.hpp"

namespace hawser::commands {

namespace {

using namespace engine::flags;
using store::stream_references;
using store::stream_trimming;
using bound = stream_trimming::bound;

/// How much approximate trimming does at once when no LIMIT is given, in entries.
std::int64_t usual_limit(std::int64_t node_entries) {
  constexpr std::int64_t nodes = 100, least = 10'000, most = 1'000'000;
  const auto entries = node_entries > most / nodes ? most : node_entries * nodes;
  return entries > 0 ? entries : least;
}

/// MAXLEN|MINID [=|~] threshold, of which the first word is taken.
void read_threshold(context& cx, stream_trimming& to, bound by) {
  if (to.by != bound::none)
    throw command_error(
        "ERR syntax error, MAXLEN and MINID options at the same time are not compatible");
  to.approximate = cx.args.accept_with("~", 1);
  if (!to.approximate) cx.args.accept_with("=", 1);
  if (by == bound::length) {
    to.length = cx.args.integer();
    if (to.length < 0) throw command_error("ERR The MAXLEN argument must be >= 0.");
  } else {
    to.least = read_id(cx.args.next());
  }
  to.by = by;
}

/// The ID after the last one: now, or one more in the same millisecond.
stream_id id_for_now(const stream_id& last, base::milliseconds_t now) {
  const auto ms = static_cast<std::uint64_t>(now);
  return ms > last.ms ? stream_id{ms, 0} : *last.next();
}

/// The ID of a new entry, which is above the last one.
stream_id next_id(const stream_id& last, const std::optional<parsed_id>& wanted,
                  base::milliseconds_t now) {
  if (last == stream_id::largest())
    throw command_error(
        "ERR The stream has exhausted the last possible ID, unable to add more items");
  if (!wanted) return id_for_now(last, now);
  auto id = wanted->id;
  if (!wanted->has_seq && id.ms == last.ms) {
    // The oracle's word for a millisecond that is full.
    if (last.seq == stream_id::largest().seq)
      throw command_error("ERR Elements are too large to be stored");
    id.seq = last.seq + 1;
  }
  if (id <= last)
    throw command_error(
        "ERR The ID specified in XADD is equal or smaller than the target stream top item");
  return id;
}

/// Trimming as it came out, which takes the same entries wherever it is done again.
void add_trimming(std::vector<std::string_view>& words, std::string_view length,
                  stream_references references) {
  words.insert(words.end(), {"MAXLEN", "=", length});
  if (references == stream_references::drop) words.push_back("DELREF");
  if (references == stream_references::acked) words.push_back("ACKED");
}

/// XADD key [NOMKSTREAM] [KEEPREF|DELREF|ACKED] [MAXLEN|MINID [=|~] threshold [LIMIT count]]
/// *|id field value [field value ...]
void xadd(context& cx) {
  const auto key = cx.args.next();
  const auto options = read_trim_options(cx, true);
  const auto& wanted = options.id;
  const auto fields = cx.args.rest();
  if (fields.size() < 2 || fields.size() % 2 == 1) engine::wrong_arity(cx.what);
  if (wanted && wanted->has_seq && wanted->id.is_zero())
    throw command_error("ERR The ID specified in XADD must be greater than 0-0");
  if (options.no_make && !cx.keys.write<stream_value>(key)) return void(cx.reply.null());

  auto stream = cx.keys.write_or_create<stream_value>(key);
  const auto id = next_id(stream->last_id, wanted, cx.now);
  stream.append(id, fields);
  reply_id(cx.reply, id);
  cx.modified(key, notify::stream, "xadd");
  const bool trimmed = options.trimming.by != bound::none && stream->trim(options.trimming) > 0;
  if (trimmed) cx.server.notify(cx.keys.index(), key, notify::stream, "xtrim");
  if (!cx.has_journal()) return;
  std::vector<std::string_view> words{"XADD", key};
  const auto length = std::to_string(stream->length()), name = to_string(id);
  if (trimmed) add_trimming(words, length, options.trimming.references);
  words.push_back(name);
  words.insert(words.end(), fields.begin(), fields.end());
  cx.effect_of(words);
}

/// XTRIM key MAXLEN|MINID [=|~] threshold [LIMIT count] [KEEPREF|DELREF|ACKED]
void xtrim(context& cx) {
  const auto key = cx.args.next();
  const auto options = read_trim_options(cx, false);
  auto stream = cx.keys.write<stream_value>(key);
  const auto removed = stream ? (*stream)->trim(options.trimming) : 0;
  if (removed > 0) {
    cx.modified(key, notify::stream, "xtrim");
    cx.server.changes += removed - 1;
    if (cx.has_journal()) {
      std::vector<std::string_view> words{"XTRIM", key};
      const auto length = std::to_string((*stream)->length());
      add_trimming(words, length, options.trimming.references);
      cx.effect_of(words);
    }
  }
  cx.reply.integer(static_cast<std::int64_t>(removed));
}

/// XLEN key
void xlen(context& cx) {
  const auto stream = cx.keys.read<stream_value>(cx.args.next());
  cx.reply.integer(stream ? (*stream)->length() : 0);
}

/// XSETID key last-id [ENTRIESADDED entries-added] [MAXDELETEDID max-deleted-id]
void xsetid(context& cx) {
  const auto key = cx.args.next();
  const auto id = read_id(cx.args.next());
  std::optional<std::int64_t> added;
  stream_id max_deleted;
  while (!cx.args.empty()) {
    if (cx.args.accept_with("ENTRIESADDED", 1)) {
      added = cx.args.integer();
      if (*added < 0) throw command_error("ERR entries_added must be positive");
    } else if (cx.args.accept_with("MAXDELETEDID", 1)) {
      max_deleted = read_id(cx.args.next());
      if (id < max_deleted)
        throw command_error(
            "ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id");
    } else {
      throw command_error(errors::syntax);
    }
  }
  auto stream = cx.keys.write<stream_value>(key);
  if (!stream) throw command_error(errors::no_such_key);
  auto& of = **stream;
  if (of.length() > 0) {
    if (id < of.last_entry_id())
      throw command_error(
          "ERR The ID specified in XSETID is smaller than the target stream top item");
    if (added && of.length() > *added)
      throw command_error(
          "ERR The entries_added specified in XSETID is smaller than the target stream length");
  }
  of.last_id = id;
  if (added) of.entries_added = *added;
  if (!max_deleted.is_zero()) of.max_deleted_id = max_deleted;
  cx.reply.ok();
  group_modified(cx, key, "xsetid");
}

constexpr command_spec table[] = {
    {"xadd", arity::at_least(5), write | denyoom | fast, key_range::one(), xadd},
    {"xlen", arity::exactly(2), readonly | fast, key_range::one(), xlen},
    {"xsetid", arity::at_least(3), write | denyoom | fast, key_range::one(), xsetid},
    {"xtrim", arity::at_least(4), write, key_range::one(), xtrim},
};
static_assert(well_formed(table));

}  // namespace

std::optional<stream_references> accept_references(context& cx) {
  if (cx.args.accept("KEEPREF")) return stream_references::keep;
  if (cx.args.accept("DELREF")) return stream_references::drop;
  if (cx.args.accept("ACKED")) return stream_references::acked;
  return std::nullopt;
}

trim_options read_trim_options(context& cx, bool adding) {
  trim_options options;
  auto& trimming = options.trimming;
  std::optional<std::int64_t> limit;
  std::optional<stream_references> references;
  while (!cx.args.empty()) {
    if (adding && cx.args.peek() == "*") {
      cx.args.next();
      break;
    }
    if (cx.args.accept_with("MAXLEN", 1)) {
      read_threshold(cx, trimming, bound::length);
    } else if (cx.args.accept_with("MINID", 1)) {
      read_threshold(cx, trimming, bound::id);
    } else if (cx.args.accept_with("LIMIT", 1)) {
      limit = cx.args.integer();
      if (*limit < 0) throw command_error("ERR The LIMIT argument must be >= 0.");
    } else if (adding && cx.args.accept("NOMKSTREAM")) {
      options.no_make = true;
    } else if (const auto some = accept_references(cx)) {
      if (references) throw command_error(errors::syntax);
      references = some;
    } else if (adding) {
      options.id = read_parsed_id(cx.args.next(), {0, false, true});
      break;
    } else {
      throw command_error(errors::syntax);
    }
  }
  if (limit.value_or(0) != 0 && trimming.by == bound::none)
    throw command_error(
        "ERR syntax error, LIMIT cannot be used without specifying a trimming strategy");
  if (!adding && trimming.by == bound::none)
    throw command_error("ERR syntax error, XTRIM must be called with a trimming strategy");
  if (limit && !trimming.approximate)
    throw command_error("ERR syntax error, LIMIT cannot be used without the special ~ option");
  trimming.limit = limit.value_or(usual_limit(cx.keys.data().limits().stream_node_max_entries));
  if (!trimming.approximate) trimming.limit = 0;
  trimming.references = references.value_or(stream_references::keep);
  return options;
}

engine::command_table::rows stream_write_commands() { return table; }

}  // namespace hawser::commands
