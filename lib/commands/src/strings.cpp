#include "family.hpp"
#include <base/numbers.hpp>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using store::entry;
using store::value_type;

void reply_text(context& cx, const entry* found) {
  if (found == nullptr) {
    cx.reply.null();
  } else if (found->is_integer()) {
    cx.reply.bulk_integer(found->integer());
  } else {
    cx.reply.bulk(found->text());
  }
}

/// GET key
void get(context& cx) { reply_text(cx, cx.keys.read(cx.args.next(), value_type::string)); }

/// SET key value
void set(context& cx) {
  const auto key = cx.args.next();
  const auto value = cx.args.next();
  cx.args.done();
  cx.keys.put(key, value, {});
  cx.modified(key, notify::string, "set");
  cx.reply.ok();
}

/// The integer under a key; 0 when there is none.
std::int64_t integer_of(const entry* found) {
  if (found == nullptr) return 0;
  if (found->is_integer()) return found->integer();
  const auto value = base::parse_int(found->text());
  if (!value) throw command_error(errors::not_integer);
  return *value;
}

void add(context& cx, std::string_view key, std::int64_t change) {
  entry* found = cx.keys.write(key, value_type::string);
  std::int64_t sum;
  if (__builtin_add_overflow(integer_of(found), change, &sum))
    throw command_error(errors::overflow);
  if (found == nullptr || !found->is_integer() || !found->replace_integer(sum))
    cx.keys.put_integer(key, sum, found == nullptr ? std::nullopt : found->deadline());
  cx.modified(key, notify::string, "incrby");
  cx.reply.integer(sum);
}

/// INCR key
void incr(context& cx) { add(cx, cx.args.next(), 1); }

constexpr command_spec table[] = {
    {"get", arity::exactly(2), readonly | fast, key_range::one(), get},
    {"incr", arity::exactly(2), write | denyoom | fast, key_range::one(), incr},
    {"set", arity::at_least(3), write | denyoom, key_range::one(), set},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows string_commands() { return table; }

}  // namespace hawser::commands
