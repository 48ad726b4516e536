#include "hashes_fields.hpp"

#include <fmt/format.h>

#include <vector>

namespace hawser::commands {

namespace {

using namespace engine::flags;

constexpr const char* bad_count = "ERR Number of fields must be a positive integer";

/// HGETDEL key FIELDS numfields field [field ...]
void hgetdel(context& cx) {
  const auto key = cx.args.next();
  const auto fields = named_fields(cx, bad_count);
  auto hash = cx.keys.write<hash_value>(key);
  bool any = false;
  cx.reply.array(fields.size());
  for (const auto field : fields) {
    reply_value(cx, hash, field);
    if (!hash || !hash->remove(field)) continue;
    cx.effect("HDEL", key, field);
    any = true;
  }
  if (!any) return;
  cx.modified(key, notify::hash, "hdel");
  cx.drop_if_empty(key, *hash);
}

/// HGETEX key [EX seconds | PX milliseconds | EXAT unix-seconds | PXAT unix-milliseconds | PERSIST]
/// FIELDS numfields field [field ...]
void hgetex(context& cx) {
  const auto key = cx.args.next();
  const auto deadline = accept_field_deadline(cx);
  const bool persist = !deadline && cx.args.accept("PERSIST");
  if ((deadline || persist) && (accept_field_deadline(cx) || cx.args.accept("PERSIST")))
    throw command_error("ERR Only one of EX, PX, EXAT, PXAT or PERSIST arguments can be specified");
  const auto fields = named_fields(cx, bad_count);

  auto hash = cx.keys.write<hash_value>(key);
  bool any = false;
  cx.reply.array(fields.size());
  for (const auto field : fields) {
    reply_value(cx, hash, field);
    if (!hash || !hash->contains(field)) continue;
    if (deadline) {
      expire_field(cx, key, *hash, field, *deadline);
      any = true;
    } else if (persist && hash->deadline(field)) {
      hash->set_deadline(field, std::nullopt);
      cx.effect("HPERSIST", key, "FIELDS", 1, field);
      any = true;
    }
  }
  if (!any) return;
  if (deadline)
    fields_expired_at(cx, key, *hash, *deadline);
  else
    cx.modified(key, notify::hash, "hpersist");
}

/// The options of HSETEX, which come in any order before FIELDS.
struct set_options {
  enum class condition : std::uint8_t { none, none_exists, all_exist };
  condition when = condition::none;
  bool keep_deadlines = false;
  std::optional<base::milliseconds_t> deadline;

  explicit set_options(context& cx) {
    while (!cx.args.accept("FIELDS")) {
      if (cx.args.empty()) throw command_error(fields_missing);
      if (cx.args.accept("FNX"))
        set(condition::none_exists);
      else if (cx.args.accept("FXX"))
        set(condition::all_exist);
      else
        read_expiry(cx);
    }
  }

 private:
  void set(condition wanted) {
    if (when != condition::none)
      throw command_error("ERR Only one of FXX or FNX arguments can be specified");
    when = wanted;
  }

  void read_expiry(context& cx) {
    const bool given = keep_deadlines || deadline;
    if (cx.args.accept("KEEPTTL"))
      keep_deadlines = true;
    else if (const auto when = accept_field_deadline(cx))
      deadline = when;
    else
      throw command_error(fmt::format("ERR unknown argument: {}", cx.args.next()));
    if (given)
      throw command_error(
          "ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified");
  }
};

bool condition_met(set_options::condition when, const std::optional<hash_value>& hash,
                   std::span<const std::string_view> pairs) {
  if (when == set_options::condition::none) return true;
  const bool wanted = when == set_options::condition::all_exist;
  for (std::size_t i = 0; i < pairs.size(); i += 2)
    if ((hash && hash->contains(pairs[i])) != wanted) return false;
  return true;
}

/// HSETEX key [FNX | FXX] [EX seconds | PX milliseconds | EXAT unix-seconds | PXAT
/// unix-milliseconds | KEEPTTL] FIELDS numfields field value [field value ...]
void hsetex(context& cx) {
  constexpr const char* bad_number = "ERR invalid number of fields";
  const auto key = cx.args.next();
  const set_options options(cx);
  const auto count = cx.args.integer(bad_number);
  if (count < 1) throw command_error(bad_number);
  const auto pairs = cx.args.rest();
  if (pairs.size() % 2 != 0 || pairs.size() / 2 != static_cast<std::uint64_t>(count))
    engine::wrong_arity(cx.what);

  auto hash = cx.keys.write<hash_value>(key);
  const bool met = condition_met(options.when, hash, pairs);
  cx.reply.integer(met);
  if (!met) return;
  if (!hash) hash.emplace(cx.keys.write_or_create<hash_value>(key));
  const auto keep =
      options.keep_deadlines ? hash_value::keep_deadline::yes : hash_value::keep_deadline::no;
  for (std::size_t i = 0; i < pairs.size(); i += 2) hash->set(pairs[i], pairs[i + 1], keep);
  cx.modified(key, notify::hash, "hset");
  if (!options.deadline) return;
  if (cx.has_journal()) {
    std::vector<std::string_view> words{"HSET", key};
    words.insert(words.end(), pairs.begin(), pairs.end());
    cx.effect_of(words);
  }
  for (std::size_t i = 0; i < pairs.size(); i += 2)
    if (hash->contains(pairs[i])) expire_field(cx, key, *hash, pairs[i], *options.deadline);
  fields_expired_at(cx, key, *hash, *options.deadline);
}

constexpr command_spec table[] = {
    {"hgetdel", arity::at_least(5), write | fast, key_range::one(), hgetdel},
    {"hgetex", arity::at_least(5), write | fast, key_range::one(), hgetex},
    {"hsetex", arity::at_least(6), write | denyoom | fast, key_range::one(), hsetex},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows hash_getex_commands() { return table; }

}  // namespace hawser::commands
