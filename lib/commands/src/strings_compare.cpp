#include "deadlines.hpp"
#include "string_condition.hpp"
#include "strings.hpp"

#include <optional>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using store::entry;
using store::value_type;

void remove(context& cx, std::string_view key) {
  cx.keys.remove(key);
  cx.modified(key, notify::generic, "del");
  cx.effect("DEL", key);
}

/// DELEX key [IFEQ value | IFNE value | IFDEQ digest | IFDNE digest] -- without a condition the key
/// may hold anything.
void delex(context& cx) {
  const auto key = cx.args.next();
  string_condition condition;
  if (!cx.args.empty() && !condition.accept(cx.args)) throw command_error(errors::syntax);
  cx.args.done();
  const entry* found = cx.keys.write(key);
  const bool removed = found != nullptr && (!condition.given() || condition.holds(found));
  if (removed) remove(cx, key);
  cx.reply.integer(removed);
}

/// DELIFEQ key value
void delifeq(context& cx) {
  const auto key = cx.args.next();
  const auto value = cx.args.next();
  const entry* found = cx.keys.write(key, value_type::string);
  const bool removed = found != nullptr && string_bytes(found).view() == value;
  if (removed) remove(cx, key);
  cx.reply.integer(removed);
}

/// DIGEST key
void digest(context& cx) {
  const string_bytes bytes(cx.keys.read(cx.args.next(), value_type::string));
  if (bytes.missing()) return void(cx.reply.null());
  cx.reply.bulk(digest_text(bytes.view()));
}

/// What may follow the pairs of MSETEX.
struct msetex_options {
  bool only_new = false;
  bool only_existing = false;
  bool keep_deadline = false;
  expiry_option expiry;

  explicit msetex_options(engine::arg_reader& args) {
    while (!args.empty()) {
      if (!only_existing && args.accept("NX")) {
        only_new = true;
      } else if (!only_new && args.accept("XX")) {
        only_existing = true;
      } else if (!expiry.given() && args.accept("KEEPTTL")) {
        keep_deadline = true;
      } else if (keep_deadline || !expiry.accept(args)) {
        throw command_error(errors::syntax);
      }
    }
  }
};

/// The keys and values in turn that a count announces.
std::span<const std::string_view> counted_pairs(context& cx) {
  constexpr const char* bad = "ERR invalid numkeys value";
  const auto count = cx.args.integer(bad);
  if (count < 1) throw command_error(bad);
  const auto left = cx.args.left();
  if (static_cast<std::uint64_t>(count) > left / 2) engine::wrong_arity(cx.what);
  return cx.args.rest(left - 2 * static_cast<std::size_t>(count));
}

/// MSETEX numkeys key value [key value ...] [NX | XX] [EX seconds | PX milliseconds |
/// EXAT unix-seconds | PXAT unix-milliseconds | KEEPTTL] -- all of them or none.
void msetex(context& cx) {
  const auto pairs = counted_pairs(cx);
  const msetex_options options(cx.args);
  const auto deadline = options.expiry.deadline(cx);
  if (options.only_new || options.only_existing)
    for (std::size_t i = 0; i < pairs.size(); i += 2)
      if ((cx.keys.write(pairs[i]) == nullptr) == options.only_existing)
        return void(cx.reply.integer(0));
  for (std::size_t i = 0; i < pairs.size(); i += 2) {
    const auto key = pairs[i];
    const entry* old = options.keep_deadline ? cx.keys.write(key) : nullptr;
    const auto until = old == nullptr ? deadline : old->deadline();
    cx.keys.put(key, pairs[i + 1], until);
    cx.modified(key, notify::string, "set");
    if (until)
      cx.effect("SET", key, pairs[i + 1], "PXAT", *until);
    else
      cx.effect("SET", key, pairs[i + 1]);
    if (deadline) cx.server.notify(cx.keys.index(), key, notify::generic, "expire");
  }
  cx.reply.integer(1);
}

constexpr command_spec table[] = {
    {"delex", arity::at_least(2), write | fast, key_range::one(), delex},
    {"delifeq", arity::exactly(3), write | fast, key_range::one(), delifeq},
    {"digest", arity::exactly(2), readonly | fast, key_range::one(), digest},
    {"msetex", arity::at_least(4), write | denyoom | movablekeys, key_range::none(), msetex},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows string_compare_commands() { return table; }

}  // namespace hawser::commands
