#include "hashes_fields.hpp"

namespace hawser::commands {

namespace {

using namespace engine::flags;

constexpr const char* bad_count = "ERR Parameter `numFields` should be greater than 0";

// What is replied of a field.
constexpr std::int64_t no_field = -2;
constexpr std::int64_t no_deadline = -1;
constexpr std::int64_t not_met = 0;
constexpr std::int64_t changed = 1;
constexpr std::int64_t removed = 2;

/// When HEXPIRE is to have an effect.
enum class condition : std::uint8_t { none, without, with, later, earlier };

condition read_condition(context& cx) {
  if (cx.args.accept("NX")) return condition::without;
  if (cx.args.accept("XX")) return condition::with;
  if (cx.args.accept("GT")) return condition::later;
  return cx.args.accept("LT") ? condition::earlier : condition::none;
}

/// A field without a deadline counts as one that goes at the end of time.
bool allows(condition what, hash_value::deadline_t current, base::milliseconds_t wanted) {
  switch (what) {
    case condition::without:
      return !current;
    case condition::with:
      return current.has_value();
    case condition::later:
      return current && wanted > *current;
    case condition::earlier:
      return !current || wanted < *current;
    default:
      return true;
  }
}

/// Replies the same for each field of a key that does not exist.
void reply_no_fields(context& cx, std::size_t fields) {
  cx.reply.array(fields);
  while (fields-- > 0) cx.reply.integer(no_field);
}

void expire_in(context& cx, time_form form) {
  const auto key = cx.args.next();
  const auto deadline = field_deadline(cx, form, cx.args.next());
  const auto when = read_condition(cx);
  const auto fields = named_fields(cx, bad_count);

  auto hash = cx.keys.write<hash_value>(key);
  if (!hash) return reply_no_fields(cx, fields.size());
  const auto done = cx.is_past(deadline) ? removed : changed;
  bool any = false;
  cx.reply.array(fields.size());
  for (const auto field : fields) {
    if (!hash->contains(field)) {
      cx.reply.integer(no_field);
    } else if (!allows(when, hash->deadline(field), deadline)) {
      cx.reply.integer(not_met);
    } else {
      expire_field(cx, key, *hash, field, deadline);
      any = true;
      cx.reply.integer(done);
    }
  }
  if (any) fields_expired_at(cx, key, *hash, deadline);
}

/// HEXPIRE key seconds [NX | XX | GT | LT] FIELDS numfields field [field ...]
void hexpire(context& cx) { expire_in(cx, time_form::seconds); }

/// HPEXPIRE key milliseconds [NX | XX | GT | LT] FIELDS numfields field [field ...]
void hpexpire(context& cx) { expire_in(cx, time_form::milliseconds); }

/// HEXPIREAT key unix-seconds [NX | XX | GT | LT] FIELDS numfields field [field ...]
void hexpireat(context& cx) { expire_in(cx, time_form::unix_seconds); }

/// HPEXPIREAT key unix-milliseconds [NX | XX | GT | LT] FIELDS numfields field [field ...]
void hpexpireat(context& cx) { expire_in(cx, time_form::unix_milliseconds); }

/// Seconds are rounded up, unlike those of keys.
void reply_deadlines(context& cx, time_form form) {
  const auto key = cx.args.next();
  const auto fields = named_fields(cx, bad_count);
  const auto hash = cx.keys.read<hash_value>(key);
  if (!hash) return reply_no_fields(cx, fields.size());
  cx.reply.array(fields.size());
  for (const auto field : fields) {
    const bool here = hash->contains(field);
    const auto deadline = here ? hash->deadline(field) : std::nullopt;
    if (!deadline) {
      cx.reply.integer(here ? no_deadline : no_field);
      continue;
    }
    const auto time = from_now(form) ? *deadline - cx.now : *deadline;
    cx.reply.integer(in_seconds(form) ? (time + 999) / 1000 : time);
  }
}

/// HTTL key FIELDS numfields field [field ...]
void httl(context& cx) { reply_deadlines(cx, time_form::seconds); }

/// HPTTL key FIELDS numfields field [field ...]
void hpttl(context& cx) { reply_deadlines(cx, time_form::milliseconds); }

/// HEXPIRETIME key FIELDS numfields field [field ...]
void hexpiretime(context& cx) { reply_deadlines(cx, time_form::unix_seconds); }

/// HPEXPIRETIME key FIELDS numfields field [field ...]
void hpexpiretime(context& cx) { reply_deadlines(cx, time_form::unix_milliseconds); }

/// HPERSIST key FIELDS numfields field [field ...]
void hpersist(context& cx) {
  const auto key = cx.args.next();
  const auto fields = named_fields(cx, bad_count);
  auto hash = cx.keys.write<hash_value>(key);
  if (!hash) return reply_no_fields(cx, fields.size());
  bool any = false;
  cx.reply.array(fields.size());
  for (const auto field : fields) {
    if (!hash->contains(field)) {
      cx.reply.integer(no_field);
    } else if (!hash->deadline(field)) {
      cx.reply.integer(no_deadline);
    } else {
      hash->set_deadline(field, std::nullopt);
      any = true;
      cx.reply.integer(changed);
    }
  }
  if (any) cx.modified(key, notify::hash, "hpersist");
}

constexpr command_spec table[] = {
    {"hexpire", arity::at_least(6), write | denyoom | fast, key_range::one(), hexpire},
    {"hexpireat", arity::at_least(6), write | denyoom | fast, key_range::one(), hexpireat},
    {"hexpiretime", arity::at_least(5), readonly | fast, key_range::one(), hexpiretime},
    {"hpersist", arity::at_least(5), write | fast, key_range::one(), hpersist},
    {"hpexpire", arity::at_least(6), write | denyoom | fast, key_range::one(), hpexpire},
    {"hpexpireat", arity::at_least(6), write | denyoom | fast, key_range::one(), hpexpireat},
    {"hpexpiretime", arity::at_least(5), readonly | fast, key_range::one(), hpexpiretime},
    {"hpttl", arity::at_least(5), readonly | fast, key_range::one(), hpttl},
    {"httl", arity::at_least(5), readonly | fast, key_range::one(), httl},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows hash_expiry_commands() { return table; }

}  // namespace hawser::commands
