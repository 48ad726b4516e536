#include "hashes.hpp"

#include <cmath>

namespace hawser::commands {

namespace {

using namespace engine::flags;

/// Stores what a field was changed to; its deadline stays.
void put_sum(context& cx, std::string_view key, std::optional<hash_value> hash,
             std::string_view field, std::string_view sum, std::string_view event) {
  if (!hash) hash.emplace(cx.keys.write_or_create<hash_value>(key));
  hash->set(field, sum, hash_value::keep_deadline::yes);
  cx.modified(key, notify::hash, event);
}

std::int64_t integer_of(const hash_value::element& value) {
  if (value.is_integer()) return value.integer;
  const auto number = base::parse_int({value.string, value.size});
  if (!number) throw command_error("ERR hash value is not an integer");
  return *number;
}

/// HINCRBY key field increment
void hincrby(context& cx) {
  const auto key = cx.args.next();
  const auto field = cx.args.next();
  const auto increment = cx.args.integer();
  auto hash = cx.keys.write<hash_value>(key);
  const auto value = hash ? hash->get(field) : std::nullopt;
  std::int64_t sum;
  if (__builtin_add_overflow(value ? integer_of(*value) : 0, increment, &sum))
    throw command_error(errors::overflow);
  store::digits digits;
  const std::string_view text(digits.room, base::format_int(digits.room, sum));
  put_sum(cx, key, hash, field, text, "hincrby");
  cx.reply.integer(sum);
}

long double real_of(const hash_value::element& value) {
  store::digits digits;
  const auto number = base::parse_long_double(value.text(digits.room));
  if (!number) throw command_error("ERR hash value is not a float");
  return *number;
}

/// HINCRBYFLOAT key field increment
void hincrbyfloat(context& cx) {
  const auto key = cx.args.next();
  const auto field = cx.args.next();
  const auto increment = base::parse_long_double(cx.args.next());
  if (!increment) throw command_error(errors::not_float);
  if (!std::isfinite(*increment)) throw command_error("ERR value is NaN or Infinity");
  auto hash = cx.keys.write<hash_value>(key);
  const auto value = hash ? hash->get(field) : std::nullopt;
  const auto sum = (value ? real_of(*value) : 0.0L) + *increment;
  if (!std::isfinite(sum)) throw command_error("ERR increment would produce NaN or Infinity");
  const auto text = base::format_long_double(sum);
  put_sum(cx, key, hash, field, text, "hincrbyfloat");
  cx.effect("HSET", key, field, text);
  if (const auto deadline = hash ? hash->deadline(field) : std::nullopt)
    cx.effect("HPEXPIREAT", key, *deadline, "FIELDS", 1, field);
  cx.reply.bulk(text);
}

constexpr command_spec table[] = {
    {"hincrby", arity::exactly(4), write | denyoom | fast | element, key_range::one(), hincrby},
    {"hincrbyfloat", arity::exactly(4), write | denyoom | fast, key_range::one(), hincrbyfloat},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows hash_number_commands() { return table; }

}  // namespace hawser::commands
