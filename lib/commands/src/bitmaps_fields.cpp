#include "bitmaps.hpp"
#include "strings.hpp"
#include <base/bits.hpp>

#include <algorithm>
#include <vector>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using store::entry;
using store::value_type;

/// What becomes of a number that does not fit its field.
enum class overflow : std::uint8_t { wrap, saturate, fail };

/// Width and kind of a number: "i8", "u63".
struct field_type {
  bool is_signed = false;
  unsigned width = 0;

  std::int64_t most() const {
    const unsigned bits = is_signed ? width - 1 : width;
    return static_cast<std::int64_t>((std::uint64_t{1} << bits) - 1);
  }
  std::int64_t least() const { return is_signed ? -most() - 1 : 0; }

  /// The number whose lowest bits these are.
  std::int64_t number(std::uint64_t bits) const {
    const unsigned unused = 64 - width;
    bits <<= unused;
    return is_signed ? static_cast<std::int64_t>(bits) >> unused
                     : static_cast<std::int64_t>(bits >> unused);
  }
};

/// One GET, SET or INCRBY.
struct field_operation {
  enum class kind : std::uint8_t { get, set, increment };

  kind what = kind::get;
  overflow when_full = overflow::wrap;
  field_type type;
  std::uint64_t at = 0;  // bit
  std::int64_t value = 0;

  std::uint64_t last_bit() const { return at + type.width - 1; }
};

field_type type_of(std::string_view word) {
  constexpr unsigned widest_signed = 64;
  constexpr unsigned widest_unsigned = 63;
  const bool is_signed = word.starts_with('i');
  const auto width = word.empty() ? std::nullopt : base::parse_int(word.substr(1));
  const auto most = is_signed ? widest_signed : widest_unsigned;
  if ((!is_signed && !word.starts_with('u')) || !width || *width < 1 || *width > most)
    throw command_error(
        "ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but "
        "i64 is.");
  return {is_signed, static_cast<unsigned>(*width)};
}

/// offset | #index -- the latter in fields of this width.
std::uint64_t field_offset(const context& cx, std::string_view word, field_type type) {
  if (!word.starts_with('#')) return bit_offset(cx, base::parse_int(word));
  auto offset = base::parse_int(word.substr(1));
  if (offset && __builtin_mul_overflow(*offset, std::int64_t{type.width}, &*offset))
    offset = std::nullopt;
  return bit_offset(cx, offset);
}

overflow overflow_of(engine::arg_reader& args) {
  if (args.accept("WRAP")) return overflow::wrap;
  if (args.accept("SAT")) return overflow::saturate;
  if (args.accept("FAIL")) return overflow::fail;
  throw command_error("ERR Invalid OVERFLOW type specified");
}

std::vector<field_operation> operations_of(context& cx) {
  using kind = field_operation::kind;
  std::vector<field_operation> all;
  auto when_full = overflow::wrap;
  while (!cx.args.empty()) {
    if (cx.args.accept_with("OVERFLOW", 1)) {
      when_full = overflow_of(cx.args);
      continue;
    }
    field_operation next{.what = kind::get, .when_full = when_full, .type = {}};
    if (cx.args.accept_with("SET", 3)) {
      next.what = kind::set;
    } else if (cx.args.accept_with("INCRBY", 3)) {
      next.what = kind::increment;
    } else if (!cx.args.accept_with("GET", 2)) {
      throw command_error(errors::syntax);
    }
    next.type = type_of(cx.args.next());
    next.at = field_offset(cx, cx.args.next(), next.type);
    if (next.what != kind::get) next.value = cx.args.integer();
    all.push_back(next);
  }
  return all;
}

/// Whether SET takes a number for one above the field's most: also one so far below zero that its
/// distance does not fit 64 bits, as Redis does.
bool counts_as_too_much(std::int64_t value, field_type type) {
  if (!type.is_signed) return value < 0 || value > type.most();
  std::int64_t distance;
  const bool far = type.width < 64 && __builtin_sub_overflow(type.most(), value, &distance);
  return far || value > type.most();
}

/// What a field that holds `old` is to hold; nothing when that does not fit and may not.
std::optional<std::int64_t> outcome(const field_operation& of, std::int64_t old) {
  const bool increment = of.what == field_operation::kind::increment;
  std::int64_t value = of.value;
  const bool beyond = increment && __builtin_add_overflow(old, of.value, &value);
  const bool too_much = beyond      ? of.value > 0
                        : increment ? value > of.type.most()
                                    : counts_as_too_much(value, of.type);
  const bool too_little = beyond ? of.value < 0 : !too_much && value < of.type.least();
  if (!too_much && !too_little) return value;
  if (of.when_full == overflow::fail) return std::nullopt;
  if (of.when_full == overflow::saturate) return too_much ? of.type.most() : of.type.least();
  return of.type.number(static_cast<std::uint64_t>(value));
}

std::int64_t field_in(std::string_view bytes, const field_operation& of) {
  return of.type.number(base::bits_at(bytes, of.at, of.type.width));
}

void get_fields(context& cx, std::string_view bytes, const std::vector<field_operation>& all) {
  cx.reply.array(all.size());
  for (const auto& each : all) cx.reply.integer(field_in(bytes, each));
}

/// Carries out the operations on a bitmap that reaches as far as each that writes; true: it is no
/// longer what it was. One that was made longer for nothing but failures counts as unchanged.
bool change_fields(context& cx, bitmap map, const std::vector<field_operation>& all) {
  using kind = field_operation::kind;
  bool changed = false;
  cx.reply.array(all.size());
  for (const auto& each : all) {
    const auto old = field_in({map.bytes.data(), map.bytes.size()}, each);
    const auto value = each.what == kind::get ? old : outcome(each, old);
    if (!value) {
      cx.reply.null();
      continue;
    }
    if (each.what != kind::get) {
      base::put_bits(map.bytes, each.at, each.type.width, static_cast<std::uint64_t>(*value));
      changed |= map.grown || *value != old;
    }
    cx.reply.integer(each.what == kind::increment ? *value : old);
  }
  return changed;
}

/// BITFIELD key [GET type offset | [OVERFLOW WRAP | SAT | FAIL] SET type offset value |
/// INCRBY type offset increment ...]
void bitfield(context& cx) {
  const auto key = cx.args.next();
  const auto all = operations_of(cx);
  bool writes = false;
  std::uint64_t last = 0;
  for (const auto& each : all)
    if (each.what != field_operation::kind::get) {
      writes = true;
      last = std::max(last, each.last_bit());
    }
  if (!writes) {
    const string_bytes bytes(cx.keys.read(key, value_type::string));
    return get_fields(cx, bytes.view(), all);
  }
  const auto map = bitmap_with(cx, key, cx.keys.write(key, value_type::string), last);
  if (change_fields(cx, map, all)) cx.modified(key, notify::string, "setbit");
}

/// BITFIELD_RO key [GET type offset ...]
void bitfield_ro(context& cx) {
  const auto key = cx.args.next();
  const auto all = operations_of(cx);
  for (const auto& each : all)
    if (each.what != field_operation::kind::get)
      throw command_error("ERR BITFIELD_RO only supports the GET subcommand");
  const string_bytes bytes(cx.keys.read(key, value_type::string));
  get_fields(cx, bytes.view(), all);
}

constexpr command_spec table[] = {
    {"bitfield", arity::at_least(2), write | denyoom, key_range::one(), bitfield},
    {"bitfield_ro", arity::at_least(2), readonly | fast, key_range::one(), bitfield_ro},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows bitmap_field_commands() { return table; }

}  // namespace hawser::commands
