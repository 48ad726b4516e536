#include "data_set.hpp"
#include "family.hpp"

#include <optional>
#include <persistence/dump_payload.hpp>

namespace hawser::commands {

namespace {

using namespace engine::flags;

/// DUMP key
void dump(context& cx) {
  store::entry* found = cx.keys.read(cx.args.next());
  if (found == nullptr) return void(cx.reply.null());
  cx.reply.bulk(persistence::dump_payload(cx.keys.data(), *found, rdb_options_of(cx.server)));
}

/// What may follow the payload of RESTORE.
struct restore_options {
  bool replace = false;
  bool absolute = false;
  std::optional<std::uint64_t> idle_seconds;
  std::optional<std::uint8_t> frequency;

  explicit restore_options(engine::arg_reader& args) {
    while (!args.empty()) {
      if (args.accept("REPLACE")) {
        replace = true;
      } else if (args.accept("ABSTTL")) {
        absolute = true;
      } else if (!frequency && args.accept_with("IDLETIME", 1)) {
        const auto given = args.integer();
        if (given < 0) throw command_error("ERR Invalid IDLETIME value, must be >= 0");
        idle_seconds = static_cast<std::uint64_t>(given);
      } else if (!idle_seconds && args.accept_with("FREQ", 1)) {
        const auto given = args.integer();
        if (given < 0 || given > 255)
          throw command_error("ERR Invalid FREQ value, must be >= 0 and <= 255");
        frequency = static_cast<std::uint8_t>(given);
      } else {
        throw command_error(errors::syntax);
      }
    }
  }
};

/// A sum that cannot be represented lies in the past, as in Redis.
std::optional<base::milliseconds_t> restored_deadline(const context& cx, std::int64_t ttl,
                                                      bool absolute) {
  if (ttl == 0) return std::nullopt;
  if (absolute) return ttl;
  std::int64_t sum;
  return __builtin_add_overflow(cx.now, ttl, &sum) ? 0 : sum;
}

void put(context& cx, std::string_view key, persistence::decoded_value& value,
         std::optional<base::milliseconds_t> deadline) {
  if (value.type() != store::value_type::string) {
    cx.keys.put_collection(key, value.type(), value.take(), deadline);
  } else if (const auto& text = value.string(); text.is_integer) {
    cx.keys.put_integer(key, text.integer, deadline);
  } else {
    cx.keys.put(key, text.text, deadline);
  }
}

/// RESTORE key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency] -- a
/// value whose time is over is not stored, but takes the place of an old one all the same.
void restore(context& cx) {
  const auto key = cx.args.next();
  const auto ttl_word = cx.args.next();
  const auto payload = cx.args.next();
  const restore_options options(cx.args);
  const bool exists = cx.keys.write(key) != nullptr;
  if (exists && !options.replace) throw command_error("BUSYKEY Target key name already exists.");
  const auto ttl = base::parse_int(ttl_word);
  if (!ttl) throw command_error(errors::not_integer);
  if (*ttl < 0) throw command_error("ERR Invalid TTL value, must be >= 0");

  auto checked = persistence::checked_payload::check(payload, cx.server.verifies_checksums);
  if (!checked) throw command_error("ERR DUMP payload version or checksum are wrong");
  auto value = checked->decode(cx.keys.data());
  if (!value) throw command_error("ERR Bad data format");

  const auto deadline = restored_deadline(cx, *ttl, options.absolute);
  if (exists) cx.keys.remove(key);
  if (deadline && cx.is_past(*deadline)) {
    if (!exists) return void(cx.reply.ok());
    cx.modified(key, notify::generic, "del");
    cx.effect("DEL", key);
  } else {
    put(cx, key, *value, deadline);
    const auto access = cx.server.kept_access_clock(options.idle_seconds, options.frequency);
    if (access) cx.keys.data().find(key)->set_access(*access);
    cx.modified(key, notify::generic, "restore");
    cx.effect("RESTORE", key, deadline.value_or(0), payload, "REPLACE", "ABSTTL");
  }
  cx.reply.ok();
}

constexpr command_spec table[] = {
    {"dump", arity::exactly(2), readonly, key_range::one(), dump},
    {"restore", arity::at_least(4), write | denyoom, key_range::one(), restore},
    {"restore-asking", arity::at_least(4), write | denyoom | asking, key_range::one(), restore},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows key_dump_commands() { return table; }

}  // namespace hawser::commands
