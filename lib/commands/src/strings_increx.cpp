#include "deadlines.hpp"
#include "strings.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <optional>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using store::entry;
using store::value_type;

/// What follows the key of INCREX; numbers are read once it is known of which kind they are.
struct increx_options {
  bool real = false;
  bool saturate = false;
  bool for_ever = false;
  bool only_first_deadline = false;
  std::optional<std::string_view> increment, least, most;
  expiry_option expiry;

  explicit increx_options(engine::arg_reader& args) {
    while (!args.empty())
      if (!accept(args)) throw command_error(errors::syntax);
    if (for_ever && (expiry.given() || only_first_deadline)) throw command_error(errors::syntax);
    if (only_first_deadline && !expiry.given())
      throw command_error("ERR ENX flag requires an expiration");
  }

 private:
  bool accept(engine::arg_reader& args) {
    if (args.accept("SATURATE")) return saturate = true;
    if (args.accept("PERSIST")) return for_ever = true;
    if (args.accept("ENX")) return only_first_deadline = true;
    if (take(args, "LBOUND", least) || take(args, "UBOUND", most)) return true;
    if (!increment && take(args, "BYFLOAT", increment)) return real = true;
    return take(args, "BYINT", increment) || expiry.accept(args);
  }

  static bool take(engine::arg_reader& args, std::string_view word,
                   std::optional<std::string_view>& to) {
    if (to || !args.accept_with(word, 1)) return false;
    to = args.next();
    return true;
  }
};

void check_order(bool in_order) {
  if (!in_order) throw command_error("ERR LBOUND can't be greater than UBOUND");
}

/// What comes of adding: the new number, and what was added in truth. Nothing is to change when
/// there is no number.
template <class Number>
struct sum {
  std::optional<Number> value;
  Number added = 0;
};

sum<std::int64_t> add(std::int64_t old, const increx_options& options) {
  using limits = std::numeric_limits<std::int64_t>;
  const auto number = [](std::string_view text) {
    const auto value = base::parse_int(text);
    if (!value) throw command_error(errors::not_integer);
    return *value;
  };
  const auto increment = options.increment ? number(*options.increment) : 1;
  const auto least = options.least ? number(*options.least) : limits::min();
  const auto most = options.most ? number(*options.most) : limits::max();
  check_order(least <= most);
  std::int64_t value;
  const bool beyond = __builtin_add_overflow(old, increment, &value);
  const bool above = beyond ? increment > 0 : value > most;
  const bool below = beyond ? increment < 0 : value < least;
  if (!above && !below) return {value, increment};
  if (!options.saturate) return {};
  value = above ? most : least;
  std::int64_t added;
  if (__builtin_sub_overflow(value, old, &added)) throw command_error(errors::overflow);
  return {value, added};
}

long double real_of(std::string_view text) {
  const auto value = base::parse_long_double(text);
  if (!value) throw command_error(errors::not_float);
  return *value;
}

sum<long double> add(long double old, const increx_options& options) {
  using limits = std::numeric_limits<long double>;
  const auto increment = real_of(*options.increment);
  const auto least = options.least ? real_of(*options.least) : limits::lowest();
  const auto most = options.most ? real_of(*options.most) : limits::max();
  check_order(least <= most);
  constexpr const char* no_number = "ERR increment would produce NaN or Infinity";
  if (!std::isfinite(old) || !std::isfinite(increment)) throw command_error(no_number);
  auto value = old + increment;
  if (value >= least && value <= most) return {value, increment};
  if (!options.saturate) return {};
  value = value > most ? most : least;
  if (!std::isfinite(value) || !std::isfinite(value - old)) throw command_error(no_number);
  return {value, value - old};
}

/// The deadline after a change.
void change_deadline(context& cx, std::string_view key, const increx_options& options,
                     std::optional<base::milliseconds_t> deadline) {
  const entry& found = *cx.keys.write(key);
  if (options.for_ever) keep_for_ever(cx, key, found);
  if (deadline && !(options.only_first_deadline && found.deadline())) expire_at(cx, key, *deadline);
}

void reply_real(context& cx, long double value) {
  const auto text = base::format_long_double(value);
  if (!cx.reply.resp3()) return void(cx.reply.bulk(text));
  cx.reply.raw(fmt::format(",{}\r\n", text));
}

void add_real(context& cx, std::string_view key, const increx_options& options,
              std::optional<base::milliseconds_t> deadline) {
  const entry* found = cx.keys.write(key, value_type::string);
  const auto old = found == nullptr ? 0.0L : real_of(string_bytes(found).view());
  const auto result = add(old, options);
  if (result.value) {
    const auto text = base::format_long_double(*result.value);
    cx.keys.put_text(key, text, found == nullptr ? std::nullopt : found->deadline());
    cx.effect("SET", key, text, "KEEPTTL");
    cx.modified(key, notify::string, "incrbyfloat");
    change_deadline(cx, key, options, deadline);
  }
  cx.reply.array(2);
  reply_real(cx, result.value.value_or(old));
  reply_real(cx, result.added);
}

void add_integer(context& cx, std::string_view key, const increx_options& options,
                 std::optional<base::milliseconds_t> deadline) {
  const entry* found = cx.keys.write(key, value_type::string);
  const auto old = integer_of(found);
  const auto result = add(old, options);
  if (result.value) {
    cx.keys.put_integer(key, *result.value, found == nullptr ? std::nullopt : found->deadline());
    cx.effect("SET", key, *result.value, "KEEPTTL");
    cx.modified(key, notify::string, "incrby");
    change_deadline(cx, key, options, deadline);
  }
  cx.reply.array(2);
  cx.reply.integer(result.value.value_or(old));
  cx.reply.integer(result.added);
}

/// INCREX key [BYFLOAT increment | BYINT increment] [LBOUND least] [UBOUND most] [SATURATE]
/// [EX seconds | PX milliseconds | EXAT unix-seconds | PXAT unix-milliseconds | PERSIST] [ENX]
/// -- a sum out of bounds leaves all as it is, or with SATURATE becomes the bound.
void increx(context& cx) {
  const auto key = cx.args.next();
  const increx_options options(cx.args);
  const auto deadline = options.expiry.deadline(cx);
  if (options.real) {
    add_real(cx, key, options, deadline);
  } else {
    add_integer(cx, key, options, deadline);
  }
}

constexpr command_spec table[] = {
    {"increx", arity::at_least(2), write | denyoom | fast, key_range::one(), increx},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows string_increx_commands() { return table; }

}  // namespace hawser::commands
