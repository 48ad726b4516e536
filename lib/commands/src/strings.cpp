#include "strings.hpp"

#include "deadlines.hpp"
#include "string_condition.hpp"

namespace hawser::commands {

namespace {

using namespace engine::flags;
using store::entry;
using store::value_type;

/// GET key
void get(context& cx) { reply_string(cx, cx.keys.read(cx.args.next(), value_type::string)); }

/// What may follow the value of SET.
struct set_options {
  bool only_new = false;
  bool only_existing = false;
  bool reply_old = false;
  bool keep_deadline = false;
  string_condition condition;
  expiry_option expiry;

  explicit set_options(engine::arg_reader& args) {
    while (!args.empty()) {
      if (!only_existing && !condition.given() && args.accept("NX")) {
        only_new = true;
      } else if (!only_new && !condition.given() && args.accept("XX")) {
        only_existing = true;
      } else if (!only_new && !only_existing && condition.accept(args)) {
        continue;
      } else if (args.accept("GET")) {
        reply_old = true;
      } else if (!expiry.given() && args.accept("KEEPTTL")) {
        keep_deadline = true;
      } else if (keep_deadline || !expiry.accept(args)) {
        throw command_error(errors::syntax);
      }
    }
  }

  bool allow(const entry* old) const {
    if (condition.given()) return condition.holds(old);
    return old == nullptr ? !only_existing : !only_new;
  }
};

void store_string(context& cx, std::string_view key, std::string_view value) {
  cx.keys.put(key, value, {});
  cx.modified(key, notify::string, "set");
}

void store_string_until(context& cx, std::string_view key, std::string_view value,
                        base::milliseconds_t deadline) {
  cx.keys.put(key, value, deadline);
  cx.modified(key, notify::string, "set");
  cx.effect("SET", key, value, "PXAT", deadline);
  cx.server.notify(cx.keys.index(), key, notify::generic, "expire");
}

void set_with_options(context& cx, std::string_view key, std::string_view value) {
  const set_options options(cx.args);
  const auto deadline = options.expiry.deadline(cx);
  const entry* old = options.reply_old ? cx.keys.read(key, value_type::string) : cx.keys.write(key);
  const bool refused = !options.allow(old);
  if (options.reply_old) reply_string(cx, old);
  if (refused) {
    if (!options.reply_old) cx.reply.null();
    return;
  }
  if (deadline) {
    store_string_until(cx, key, value, *deadline);
  } else {
    cx.keys.put(key, value, options.keep_deadline && old ? old->deadline() : std::nullopt);
    cx.modified(key, notify::string, "set");
    if (options.keep_deadline)
      cx.effect("SET", key, value, "KEEPTTL");
    else
      cx.effect("SET", key, value);
  }
  if (!options.reply_old) cx.reply.ok();
}

/// SET key value [NX | XX | IFEQ value | IFNE value | IFDEQ digest | IFDNE digest] [GET] [EX
/// seconds | PX milliseconds | EXAT unix-seconds | PXAT unix-milliseconds | KEEPTTL]
void set(context& cx) {
  const auto key = cx.args.next();
  const auto value = cx.args.next();
  if (!cx.args.empty()) return set_with_options(cx, key, value);
  store_string(cx, key, value);
  cx.reply.ok();
}

void set_for(context& cx, time_form form) {
  const auto key = cx.args.next();
  const auto deadline = deadline_of(cx, form, cx.args.next());
  store_string_until(cx, key, cx.args.next(), deadline);
  cx.reply.ok();
}

/// SETEX key seconds value
void setex(context& cx) { set_for(cx, time_form::seconds); }

/// PSETEX key milliseconds value
void psetex(context& cx) { set_for(cx, time_form::milliseconds); }

/// SETNX key value
void setnx(context& cx) {
  const auto key = cx.args.next();
  const bool is_new = cx.keys.write(key) == nullptr;
  if (is_new) store_string(cx, key, cx.args.next());
  cx.reply.integer(is_new);
}

/// GETSET key value
void getset(context& cx) {
  const auto key = cx.args.next();
  const auto value = cx.args.next();
  reply_string(cx, cx.keys.read(key, value_type::string));
  store_string(cx, key, value);
  cx.effect("SET", key, value);
}

/// GETDEL key
void getdel(context& cx) {
  const auto key = cx.args.next();
  const entry* found = cx.keys.read(key, value_type::string);
  reply_string(cx, found);
  if (found == nullptr) return;
  cx.keys.remove(key);
  cx.modified(key, notify::generic, "del");
  cx.effect("DEL", key);
}

/// GETEX key [EX seconds | PX milliseconds | EXAT unix-seconds | PXAT unix-milliseconds | PERSIST]
/// -- the time is looked at only when there is such a key.
void getex(context& cx) {
  const auto key = cx.args.next();
  bool for_ever = false;
  expiry_option expiry;
  while (!cx.args.empty()) {
    if (!expiry.given() && cx.args.accept("PERSIST")) {
      for_ever = true;
    } else if (for_ever || !expiry.accept(cx.args)) {
      throw command_error(errors::syntax);
    }
  }
  const entry* found = cx.keys.read(key, value_type::string);
  const auto deadline = found == nullptr ? std::nullopt : expiry.deadline(cx);
  reply_string(cx, found);
  if (found == nullptr) return;
  if (for_ever) keep_for_ever(cx, key, *found);
  if (deadline) expire_at(cx, key, *deadline);
}

/// MGET key [key ...] -- a key that holds no string counts as missing.
void mget(context& cx) {
  cx.reply.array(cx.args.left());
  for (const auto key : cx.args.rest()) {
    const entry* found = cx.keys.read(key);
    reply_string(cx, found && found->type() == value_type::string ? found : nullptr);
  }
}

/// Keys and values in turn.
std::span<const std::string_view> pairs_of(context& cx) {
  if (cx.args.left() % 2 != 0) engine::wrong_arity(cx.what);
  return cx.args.rest();
}

void store_pairs(context& cx, std::span<const std::string_view> pairs) {
  for (std::size_t i = 0; i < pairs.size(); i += 2) store_string(cx, pairs[i], pairs[i + 1]);
}

/// MSET key value [key value ...]
void mset(context& cx) {
  store_pairs(cx, pairs_of(cx));
  cx.reply.ok();
}

/// MSETNX key value [key value ...] -- all of them or, when one of the keys exists, none.
void msetnx(context& cx) {
  const auto pairs = pairs_of(cx);
  for (std::size_t i = 0; i < pairs.size(); i += 2)
    if (cx.keys.write(pairs[i]) != nullptr) {
      cx.reply.integer(0);
      return;
    }
  store_pairs(cx, pairs);
  cx.reply.integer(1);
}

constexpr key_range every_other{1, -1, 2};

constexpr command_spec table[] = {
    {"get", arity::exactly(2), readonly | fast, key_range::one(), get},
    {"getdel", arity::exactly(2), write | fast, key_range::one(), getdel},
    {"getex", arity::at_least(2), write | fast, key_range::one(), getex},
    {"getset", arity::exactly(3), write | denyoom | fast, key_range::one(), getset},
    {"mget", arity::at_least(2), readonly | fast, key_range::all(), mget},
    {"mset", arity::at_least(3), write | denyoom, every_other, mset},
    {"msetnx", arity::at_least(3), write | denyoom, every_other, msetnx},
    {"psetex", arity::exactly(4), write | denyoom, key_range::one(), psetex},
    {"set", arity::at_least(3), write | denyoom, key_range::one(), set},
    {"setex", arity::exactly(4), write | denyoom, key_range::one(), setex},
    {"setnx", arity::exactly(3), write | denyoom | fast, key_range::one(), setnx},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows string_commands() { return table; }

}  // namespace hawser::commands
