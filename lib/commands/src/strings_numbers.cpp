#include "strings.hpp"

#include <cmath>
#include <limits>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using store::entry;
using store::value_type;

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

/// DECR key
void decr(context& cx) { add(cx, cx.args.next(), -1); }

/// INCRBY key increment
void incrby(context& cx) {
  const auto key = cx.args.next();
  add(cx, key, cx.args.integer());
}

/// DECRBY key decrement
void decrby(context& cx) {
  const auto key = cx.args.next();
  const auto decrement = cx.args.integer();
  if (decrement == std::numeric_limits<std::int64_t>::min())
    throw command_error("ERR decrement would overflow");
  add(cx, key, -decrement);
}

long double real_of(std::string_view text) {
  const auto value = base::parse_long_double(text);
  if (!value) throw command_error(errors::not_float);
  return *value;
}

/// INCRBYFLOAT key increment
void incrbyfloat(context& cx) {
  const auto key = cx.args.next();
  const entry* found = cx.keys.write(key, value_type::string);
  const auto old = found == nullptr ? 0.0L : real_of(string_bytes(found).view());
  const auto sum = old + real_of(cx.args.next());
  if (!std::isfinite(sum)) throw command_error("ERR increment would produce NaN or Infinity");
  const auto text = base::format_long_double(sum);
  cx.keys.put_text(key, text, found == nullptr ? std::nullopt : found->deadline());
  cx.modified(key, notify::string, "incrbyfloat");
  cx.effect("SET", key, text, "KEEPTTL");
  cx.reply.bulk(text);
}

constexpr command_spec table[] = {
    {"decr", arity::exactly(2), write | denyoom | fast, key_range::one(), decr},
    {"decrby", arity::exactly(3), write | denyoom | fast, key_range::one(), decrby},
    {"incr", arity::exactly(2), write | denyoom | fast, key_range::one(), incr},
    {"incrby", arity::exactly(3), write | denyoom | fast, key_range::one(), incrby},
    {"incrbyfloat", arity::exactly(3), write | denyoom | fast, key_range::one(), incrbyfloat},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows string_number_commands() { return table; }

}  // namespace hawser::commands
