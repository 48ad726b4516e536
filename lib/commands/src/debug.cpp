#include "data_set.hpp"
#include "debug_crashes.hpp"
#include "debug_digest.hpp"
#include "debug_layout.hpp"
#include "debug_protocol.hpp"
#include "debug_switches.hpp"
#include "family.hpp"
#include <base/glob.hpp>
#include <base/numbers.hpp>
#include <commands/append_only_file.hpp>
#include <commands/data_file.hpp>
#include <store/list_value.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <persistence/dump_payload.hpp>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using store::entry;

entry& existing(context& cx, std::string_view key) {
  entry* found = cx.keys.peek(key);
  if (found == nullptr) throw command_error(errors::no_such_key);
  return *found;
}

/// DEBUG SLEEP seconds -- what is no number, or less than nothing, is 0.
void sleep(context& cx) {
  constexpr double second = 1e6, longest = 1e9;
  const auto seconds = base::parse_double(cx.args.next()).value_or(0);
  cx.server.process.sleep(
      static_cast<base::microseconds_t>(std::clamp(seconds, 0.0, longest) * second));
  cx.reply.ok();
}

/// What is told of lists alone.
std::string list_facts(context& cx, entry& of) {
  if (of.type() != store::value_type::list) return {};
  const store::list_value list(cx.keys.data(), of);
  const auto seen = list.laid_out();
  return fmt::format(
      " ql_nodes:{} ql_avg_node:{:.2f} ql_listpack_max:{} ql_compressed:{} ql_uncompressed_size:{}",
      seen.nodes, static_cast<double>(list.size()) / static_cast<double>(seen.nodes),
      seen.shape.fill, int{seen.shape.depth != 0}, seen.bytes);
}

/// DEBUG OBJECT key
void object(context& cx) {
  auto& found = existing(cx, cx.args.next());
  const auto length =
      persistence::serialized_size(cx.keys.data(), found, rdb_options_of(cx.server));
  const auto clock = static_cast<std::uint32_t>(cx.now / 1000);
  const auto idle = cx.server.uses_lfu() ? 0 : (clock - found.access()) & 0xffffff;
  cx.reply.simple(fmt::format(
      "Value at:{} refcount:1 encoding:{} serializedlength:{} lru:{} lru_seconds_idle:{}{}",
      fmt::ptr(&found), store::shown_encoding(found), length, found.access(), idle,
      list_facts(cx, found)));
}

/// DEBUG SET-ACTIVE-EXPIRE 0|1
void set_active_expire(context& cx) {
  cx.server.active_expire = debug_switch(cx);
  cx.reply.ok();
}

/// DEBUG DIGEST
void digest_all(context& cx) { cx.reply.simple(hex(digest_of(cx.server))); }

/// DEBUG DIGEST-VALUE [key ...]
void digest_values(context& cx) {
  cx.reply.array(cx.args.left());
  for (const auto key : cx.args.rest()) {
    auto* found = cx.keys.peek(key);
    cx.reply.simple(hex(found == nullptr ? digest{} : digest_of(cx.keys.data(), *found)));
  }
}

/// Half a data set is not to be added to, saved or thrown away.
void refuse_while_loading(const context& cx) {
  if (cx.server.loading) throw command_error(engine::errors::loading);
}

/// DEBUG POPULATE count [prefix [size]] -- keys that exist stay as they are.
void populate(context& cx) {
  constexpr const char* bad = "ERR value is out of range, must be positive";
  const auto positive = [&] {
    const auto value = cx.args.integer(bad);
    if (value < 0) throw command_error(bad);
    return static_cast<std::size_t>(value);
  };
  const auto count = positive();
  const auto prefix = cx.args.empty() ? std::string_view("key") : cx.args.next();
  const auto size = cx.args.empty() ? 0 : positive();
  refuse_while_loading(cx);
  for (std::size_t i = 0; i < count; ++i) {
    const auto key = fmt::format("{}:{}", prefix, i);
    if (cx.keys.exists(key)) continue;
    auto value = fmt::format("value:{}", i);
    if (size > 0) value.resize(size);
    cx.keys.put(key, value, {});
    cx.modified(key, 0, "");
  }
  cx.reply.ok();
}

/// DEBUG RELOAD [MERGE] [NOFLUSH] [NOSAVE] -- MERGE: keys of the file replace those that are there.
void reload(context& cx) {
  bool merge = false, flush = true, save = true;
  while (!cx.args.empty()) {
    if (cx.args.accept("MERGE")) {
      merge = true;
    } else if (cx.args.accept("NOFLUSH")) {
      flush = false;
    } else if (cx.args.accept("NOSAVE")) {
      save = false;
    } else {
      throw command_error("ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.");
    }
  }
  refuse_while_loading(cx);
  if (save && !save_data(cx.server)) throw command_error("ERR");
  if (flush) cx.server.flush_all(engine::node::freeing::now, &cx.who);
  const auto result = load_data(cx.server, merge ? present_keys::replace : present_keys::refuse);
  if (result.what != load_result::outcome::loaded) {
    cx.server.log(engine::log_level::warning, "DEBUG RELOAD failed: " + result.reason);
    throw command_error("ERR Error trying to load the RDB dump");
  }
  cx.server.log(engine::log_level::warning, "DB reloaded by DEBUG RELOAD");
  cx.reply.ok();
}

/// DEBUG LOADAOF
void load_append_only(context& cx) {
  refuse_while_loading(cx);
  if (!append_only_file::of(cx.server).reload())
    throw command_error("ERR Error trying to load the AOF files, check server logs.");
  cx.server.log(engine::log_level::warning, "Append Only File loaded by DEBUG LOADAOF");
  cx.reply.ok();
}

/// DEBUG LOG message
void log(context& cx) {
  cx.server.log(engine::log_level::warning, fmt::format("DEBUG LOG: {}", cx.args.next()));
  cx.reply.ok();
}

/// DEBUG ERROR text -- line ends become blanks, those at the end too. Does not count as an error.
void error(context& cx) {
  std::string text(cx.args.next());
  for (char& c : text)
    if (c == '\r' || c == '\n') c = ' ';
  cx.reply.raw('-' + text + "\r\n");
}

std::string table_statistics(const store::database& of) {
  const auto by_length = of.chain_lengths();
  const auto buckets = std::accumulate(by_length.begin(), by_length.end(), std::size_t{0});
  const auto empty = by_length.empty() ? 0 : by_length[0];
  const auto used = buckets - empty;
  auto text = fmt::format(
      "Hash table 0 stats (main hash table):\n table size: {}\n number of elements: {}\n "
      "different slots: {}\n max chain length: {}\n avg chain length (counted): {:.2f}\n avg "
      "chain length (computed): {:.2f}\n Chain length distribution:\n",
      buckets, of.size(), used, by_length.empty() ? 0 : by_length.size() - 1,
      static_cast<double>(of.size()) / static_cast<double>(used),
      static_cast<double>(of.size()) / static_cast<double>(used));
  for (std::size_t length = 0; length < by_length.size(); ++length)
    if (by_length[length] > 0)
      text += fmt::format(
          "   {}: {} ({:.2f}%)\n", length, by_length[length],
          100.0 * static_cast<double>(by_length[length]) / static_cast<double>(buckets));
  return text;
}

constexpr std::string_view empty_table =
    "Hash table 0 stats (main hash table):\nNo stats available for empty dictionaries\n";

/// DEBUG HTSTATS db -- deadlines are not in a hash table: of those there is only the number.
void table_of_database(context& cx) {
  const auto index = cx.args.integer();
  if (index < 0 || index >= cx.server.database_count())
    throw command_error("ERR Out of range database");
  const auto& data = cx.server.database(static_cast<int>(index));
  std::string text = "[Dictionary HT]\n";
  text += data.empty() ? std::string(empty_table) : table_statistics(data);
  text += "[Expires HT]\n";
  text += data.deadline_count() == 0
              ? std::string(empty_table)
              : fmt::format(" number of elements: {}\n", data.deadline_count());
  cx.reply.verbatim(text);
}

/// DEBUG HTSTATS-KEY key
void table_of_key(context& cx) {
  existing(cx, cx.args.next());
  throw command_error(
      "ERR The value stored at the specified key is not represented using an hash table");
}

/// DEBUG CHANGE-REPL-ID
void change_replication_id(context& cx) {
  cx.server.log(engine::log_level::notice,
                "Changing replication IDs after receiving change-repl-id");
  cx.server.replication.past.begin_anew(cx.server.random);
  cx.reply.ok();
}

/// DEBUG STRINGMATCH-LEN pattern text
void string_match(context& cx) {
  const auto pattern = cx.args.next();
  cx.reply.integer(base::glob_match(pattern, cx.args.next()) ? 1 : 0);
}

/// DEBUG JMAP -- there is nothing of the kind to show.
void jmap(context& cx) { cx.reply.ok(); }

void help(context& cx);

struct subcommand {
  std::string_view name;
  arity words;
  engine::handler run;
  std::string_view arguments;
  std::string_view summary;
};

constexpr subcommand subcommands[] = {
    {"assert", arity::at_least(2), debug_assert, "", "Ends the server with a failed assertion."},
    {"change-repl-id", arity::exactly(2), change_replication_id, "", "Makes a new replication ID."},
    {"client-eviction", arity::exactly(2), debug_client_eviction, "",
     "How many clients take how much memory, under maxmemory-clients."},
    {"config-rewrite-force-all", arity::exactly(2), debug_rewrite_all, "",
     "Writes all directives to the configuration file, also those that have their defaults."},
    {"crash-and-recover", arity::at_least(2), debug_crash_and_recover, " [milliseconds]",
     "Begins anew without saving, after a while."},
    {"digest", arity::exactly(2), digest_all, "", "The digest of the whole data set."},
    {"digest-value", arity::at_least(2), digest_values, " [key ...]",
     "The digests of some values."},
    {"error", arity::exactly(3), error, " text", "Replies an error."},
    {"help", arity::exactly(2), help, "", "These lines."},
    {"htstats", arity::exactly(3), table_of_database, " db", "How full a database's table is."},
    {"htstats-key", arity::exactly(3), table_of_key, " key", "The same of the table in a value."},
    {"jmap", arity::exactly(2), jmap, "", "Does nothing."},
    {"listpack", arity::exactly(3), debug_listpack, " key",
     "Writes the elements of a listpack to the log."},
    {"loadaof", arity::exactly(2), load_append_only, "",
     "Writes the append-only file, forgets the data set and loads it from there."},
    {"log", arity::exactly(3), log, " message", "Writes a line to the log."},
    {"mallctl", arity::at_least(3), debug_allocator_number, " name [value]",
     "Replies a number that the allocator knows, and gives it another value."},
    {"mallctl-str", arity::at_least(3), debug_allocator_text, " name [value]",
     "The same for a text."},
    {"object", arity::exactly(3), object, " key", "How a value is kept."},
    {"oom", arity::at_least(2), debug_out_of_memory, "", "Ends the server for want of memory."},
    {"panic", arity::at_least(2), debug_panic, "", "Ends the server with an error of its own."},
    {"pause-cron", arity::exactly(3), debug_pause_cron, " 0|1",
     "Whether what is done by the clock waits."},
    {"populate",
     {3, 5},
     populate,
     " count [prefix [size]]",
     "Makes strings prefix:0, prefix:1..., of a size in bytes."},
    {"protocol", arity::exactly(3), debug_protocol, " type", "A sample of a kind of reply."},
    {"quicklist", {3, 4}, debug_quicklist, " key [0|1]", "Writes the shape of a list to the log."},
    {"quicklist-packed-threshold", arity::exactly(3), debug_packed_threshold, " size",
     "Does nothing: all elements of lists are kept alike."},
    {"reload",
     {2, 5},
     reload,
     " [MERGE] [NOFLUSH] [NOSAVE]",
     "Saves the data set, forgets it and loads it again."},
    {"replicate", arity::at_least(3), debug_replicate, " word [word ...]",
     "Sends a command to replicas that is not executed here."},
    {"replybuffer", arity::exactly(4), debug_reply_buffer, " PEAK-RESET-TIME|RESIZING value",
     "Does nothing: output is kept in chunks that are given back at once."},
    {"restart", arity::at_least(2), debug_restart, " [milliseconds]",
     "Saves the configuration and the data set and begins anew, after a while."},
    {"sdslen", arity::exactly(3), debug_string_length, " key",
     "How long a key and its string are."},
    {"segfault", arity::at_least(2), debug_segfault, "", "Crashes the server."},
    {"set-active-expire", arity::exactly(3), set_active_expire, " 0|1",
     "Whether keys are removed when their time has come, or only when they are asked for."},
    {"set-skip-checksum-validation", arity::exactly(3), debug_skip_checksums, " 0|1",
     "Whether RDB files and payloads of RESTORE are taken with wrong checksums."},
    {"sleep", arity::exactly(3), sleep, " seconds", "Stops the server for a while."},
    {"stringmatch-len", arity::exactly(4), string_match, " pattern text",
     "Whether a text matches a pattern."},
};

void help(context& cx) {
  cx.reply.array(1 + 2 * std::size(subcommands));
  cx.reply.simple("DEBUG <subcommand> [arguments]; the subcommands:");
  for (const auto& each : subcommands) {
    std::string name(each.name);
    for (char& c : name)
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    cx.reply.simple(fmt::format("{}{}", name, each.arguments));
    cx.reply.simple(fmt::format("    {}", each.summary));
  }
}

/// DEBUG subcommand [arg ...]
void debug(context& cx) {
  const auto name = cx.args.next();
  const auto found = std::ranges::find_if(
      subcommands, [&](const auto& each) { return base::iequals(each.name, name); });
  if (found == std::end(subcommands) || !found->words.accepts(cx.args.words().size()))
    throw command_error(
        fmt::format("ERR unknown subcommand or wrong number of arguments for '{}'. Try DEBUG HELP.",
                    name.substr(0, 128)));
  found->run(cx);
}

constexpr command_spec table[] = {
    {"debug", arity::at_least(2), admin | noscript | loading | stale | permitted, key_range::none(),
     debug},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows debug_commands() { return table; }

}  // namespace hawser::commands
