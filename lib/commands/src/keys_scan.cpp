#include "family.hpp"
#include <base/bytes.hpp>
#include <base/glob.hpp>

#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <optional>
#include <vector>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using store::entry;

/// An asterisk alone selects the empty key too, which no pattern matches.
bool selects(std::string_view pattern, std::string_view key) {
  return pattern == "*" || base::glob_match(pattern, key);
}

/// KEYS pattern
void keys(context& cx) {
  const auto pattern = cx.args.next();
  std::vector<std::string_view> found;
  cx.keys.data().for_each([&](const entry* each) {
    if (!each->expired(cx.now) && selects(pattern, each->key())) found.push_back(each->key());
  });
  cx.reply.array(found.size());
  for (const auto key : found) cx.reply.bulk(key);
}

/// RANDOMKEY
void randomkey(context& cx) {
  if (const auto key = cx.keys.random_key()) {
    cx.reply.bulk(*key);
  } else {
    cx.reply.null();
  }
}

/// Reads a cursor as C's strtoul does, which clients have come to rely on: a sign may precede it,
/// it ends at a NUL, and nothing at all is 0.
std::uint64_t read_cursor(std::string_view word) {
  auto text = word.substr(0, word.find('\0'));
  if (text.empty()) return 0;
  const bool negative = text.front() == '-';
  if (negative || text.front() == '+') text.remove_prefix(1);
  std::uint64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) throw command_error("ERR invalid cursor");
  return negative ? 0 - value : value;
}

struct scan_options {
  std::optional<std::string_view> pattern;
  std::optional<std::string_view> type;
  std::uint64_t count = 10;

  explicit scan_options(engine::arg_reader& args) {
    while (!args.empty()) {
      if (args.accept_with("COUNT", 1)) {
        const auto given = args.integer();
        if (given < 1) throw command_error(errors::syntax);
        count = static_cast<std::uint64_t>(given);
      } else if (args.accept_with("MATCH", 1)) {
        pattern = args.next();
      } else if (args.accept_with("TYPE", 1)) {
        type = args.next();
      } else {
        throw command_error(errors::syntax);
      }
    }
  }

  bool select(const entry& each) const {
    return (!pattern || selects(*pattern, each.key())) &&
           (!type || base::iequals(*type, store::name_of(each.type())));
  }
};

/// Visits buckets from the cursor on until they have given `count` entries, and no more than ten
/// times as many buckets; moves the cursor.
std::vector<const entry*> visit(store::database& data, std::uint64_t& cursor, std::uint64_t count) {
  constexpr std::uint64_t buckets_an_entry = 10;
  std::uint64_t left = count;
  if (__builtin_mul_overflow(count, buckets_an_entry, &left))
    left = std::numeric_limits<std::uint64_t>::max();
  std::vector<const entry*> found;
  do {
    cursor = data.scan(cursor, [&](const entry* each) { found.push_back(each); });
  } while (cursor != 0 && --left > 0 && found.size() < count);
  return found;
}

/// SCAN cursor [MATCH pattern] [COUNT count] [TYPE type]
void scan(context& cx) {
  auto cursor = read_cursor(cx.args.next());
  const scan_options options(cx.args);
  auto found = visit(cx.keys.data(), cursor, options.count);
  // Looking a key up removes it if it is past its deadline; the other entries stay where they are.
  std::erase_if(found, [&](const entry* each) {
    return !options.select(*each) || (each->expired(cx.now) && !cx.keys.exists(each->key()));
  });
  cx.reply.array(2).bulk(fmt::format_int(cursor).c_str()).array(found.size());
  for (const entry* each : found) cx.reply.bulk(each->key());
}

constexpr command_spec table[] = {
    {"keys", arity::exactly(2), readonly, key_range::none(), keys},
    {"randomkey", arity::exactly(1), readonly, key_range::none(), randomkey},
    {"scan", arity::at_least(2), readonly, key_range::none(), scan},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows key_scan_commands() { return table; }

}  // namespace hawser::commands
