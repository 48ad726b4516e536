#include "deadlines.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using store::entry;

/// When EXPIRE is to have an effect.
struct expire_condition {
  bool without = false;
  bool with = false;
  bool later = false;
  bool earlier = false;

  explicit expire_condition(engine::arg_reader& args) {
    while (!args.empty()) {
      if (args.accept("NX")) {
        without = true;
      } else if (args.accept("XX")) {
        with = true;
      } else if (args.accept("GT")) {
        later = true;
      } else if (args.accept("LT")) {
        earlier = true;
      } else {
        throw command_error(fmt::format("ERR Unsupported option {}", args.next()));
      }
    }
    if (without && (with || later || earlier))
      throw command_error("ERR NX and XX, GT or LT options at the same time are not compatible");
    if (later && earlier)
      throw command_error("ERR GT and LT options at the same time are not compatible");
  }

  /// A key without a deadline counts as one that goes at the end of time.
  bool allows(std::optional<base::milliseconds_t> current, base::milliseconds_t wanted) const {
    if (without && current) return false;
    if (with && !current) return false;
    if (later && (!current || wanted <= *current)) return false;
    return !earlier || !current || wanted < *current;
  }
};

void expire_in(context& cx, time_form form) {
  const auto key = cx.args.next();
  const auto time = cx.args.next();
  const expire_condition condition(cx.args);
  const auto value = base::parse_int(time);
  if (!value) throw command_error(errors::not_integer);
  const auto deadline = deadline_of(cx, form, *value);

  const entry* found = cx.keys.write(key);
  const bool allowed = found != nullptr && condition.allows(found->deadline(), deadline);
  // A client that listens to its own keys hears of an expiry behind the reply, of a removal before.
  const bool over = cx.is_past(deadline);
  if (allowed && over) expire_at(cx, key, deadline);
  cx.reply.integer(allowed);
  if (allowed && !over) expire_at(cx, key, deadline);
}

/// EXPIRE key seconds [NX | XX | GT | LT]
void expire(context& cx) { expire_in(cx, time_form::seconds); }

/// PEXPIRE key milliseconds [NX | XX | GT | LT]
void pexpire(context& cx) { expire_in(cx, time_form::milliseconds); }

/// EXPIREAT key unix-seconds [NX | XX | GT | LT]
void expireat(context& cx) { expire_in(cx, time_form::unix_seconds); }

/// PEXPIREAT key unix-milliseconds [NX | XX | GT | LT]
void pexpireat(context& cx) { expire_in(cx, time_form::unix_milliseconds); }

/// Replies -2 for a missing key, -1 for one without a deadline.
void reply_deadline(context& cx, time_form form) {
  constexpr std::int64_t missing = -2;
  constexpr std::int64_t for_ever = -1;
  const entry* found = cx.keys.inspect(cx.args.next());
  const auto deadline = found == nullptr ? std::nullopt : found->deadline();
  if (!deadline) {
    cx.reply.integer(found == nullptr ? missing : for_ever);
    return;
  }
  const auto time = from_now(form) ? std::max<std::int64_t>(*deadline - cx.now, 0) : *deadline;
  cx.reply.integer(in_seconds(form) ? time / 1000 + (time % 1000 >= 500) : time);
}

/// TTL key
void ttl(context& cx) { reply_deadline(cx, time_form::seconds); }

/// PTTL key
void pttl(context& cx) { reply_deadline(cx, time_form::milliseconds); }

/// EXPIRETIME key
void expiretime(context& cx) { reply_deadline(cx, time_form::unix_seconds); }

/// PEXPIRETIME key
void pexpiretime(context& cx) { reply_deadline(cx, time_form::unix_milliseconds); }

/// PERSIST key
void persist(context& cx) {
  const auto key = cx.args.next();
  const entry* found = cx.keys.write(key);
  cx.reply.integer(found != nullptr && keep_for_ever(cx, key, *found));
}

constexpr command_spec table[] = {
    {"expire", arity::at_least(3), write | fast, key_range::one(), expire},
    {"expireat", arity::at_least(3), write | fast, key_range::one(), expireat},
    {"expiretime", arity::exactly(2), readonly | fast, key_range::one(), expiretime},
    {"persist", arity::exactly(2), write | fast, key_range::one(), persist},
    {"pexpire", arity::at_least(3), write | fast, key_range::one(), pexpire},
    {"pexpireat", arity::at_least(3), write | fast, key_range::one(), pexpireat},
    {"pexpiretime", arity::exactly(2), readonly | fast, key_range::one(), pexpiretime},
    {"pttl", arity::exactly(2), readonly | fast, key_range::one(), pttl},
    {"ttl", arity::exactly(2), readonly | fast, key_range::one(), ttl},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows key_expiry_commands() { return table; }

}  // namespace hawser::commands
