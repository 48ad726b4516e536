#include "bitmaps.hpp"

#include "strings.hpp"
#include <base/bits.hpp>

#include <algorithm>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using store::entry;
using store::value_type;

constexpr const char* bad_offset = "ERR bit offset is not an integer or out of range";
constexpr const char* bad_bit = "ERR bit is not an integer or out of range";

/// SETBIT key offset value
void setbit(context& cx) {
  const auto key = cx.args.next();
  const auto at = bit_offset(cx, base::parse_int(cx.args.next()));
  const auto value = cx.args.integer(bad_bit);
  if (value != 0 && value != 1) throw command_error(bad_bit);
  const auto map = bitmap_with(cx, key, cx.keys.write(key, value_type::string), at);
  char& byte = map.bytes[at / 8];
  const auto mask = static_cast<char>(0x80 >> at % 8);
  const bool before = byte & mask;
  if (before != (value == 1)) byte = static_cast<char>(byte ^ mask);
  if (map.grown || before != (value == 1)) cx.modified(key, notify::string, "setbit");
  cx.reply.integer(before);
}

/// GETBIT key offset
void getbit(context& cx) {
  const auto key = cx.args.next();
  const auto at = bit_offset(cx, base::parse_int(cx.args.next()));
  const string_bytes bytes(cx.keys.read(key, value_type::string));
  cx.reply.integer(static_cast<std::int64_t>(base::bits_at(bytes.view(), at, 1)));
}

/// BYTE | BIT; true: bits.
bool unit_is_bit(engine::arg_reader& args) {
  if (args.empty() || args.accept("BYTE")) return false;
  if (args.accept("BIT")) return true;
  throw command_error(errors::syntax);
}

/// Bits of a string, from the first to the one after the last.
struct bit_span {
  std::uint64_t first = 0;
  std::uint64_t end = 0;

  bool empty() const { return first >= end; }
};

/// The bits that a range of bytes or bits stands for. Ends before the first byte or bit count as
/// that one, so that ends in the wrong order may still be a range.
bit_span bits_between(std::int64_t start, std::int64_t end, bool in_bits, std::size_t bytes) {
  auto size = static_cast<std::int64_t>(bytes);
  if (in_bits) size *= 8;
  if (start < 0) start = std::max<std::int64_t>(start + size, 0);
  if (end < 0) end = std::max<std::int64_t>(end + size, 0);
  end = std::min(end, size - 1);
  if (start > end) return {};
  const std::uint64_t unit = in_bits ? 1 : 8;
  return {static_cast<std::uint64_t>(start) * unit, (static_cast<std::uint64_t>(end) + 1) * unit};
}

std::size_t count_between(std::string_view bytes, bit_span bits) {
  if (bits.empty()) return 0;
  const auto first = bits.first / 8;
  const auto last = (bits.end - 1) / 8;
  auto count = base::count_bits(bytes.substr(first, last - first + 1));
  const auto before = static_cast<unsigned>(bits.first % 8);
  const auto after = static_cast<unsigned>((8 - bits.end % 8) % 8);
  if (before > 0)
    count -=
        static_cast<std::size_t>(__builtin_popcountll(base::bits_at(bytes, first * 8, before)));
  if (after > 0)
    count -= static_cast<std::size_t>(__builtin_popcountll(base::bits_at(bytes, bits.end, after)));
  return count;
}

/// BITCOUNT key [start end [BYTE | BIT]] -- the range is looked at only when there is such a key.
void bitcount(context& cx) {
  const string_bytes bytes(cx.keys.read(cx.args.next(), value_type::string));
  if (bytes.missing()) return void(cx.reply.integer(0));
  bit_span bits{0, bytes.size() * 8};
  if (!cx.args.empty()) {
    if (cx.args.left() > 3 || cx.args.left() < 2) throw command_error(errors::syntax);
    const auto start = cx.args.integer();
    const auto end = cx.args.integer();
    // Seen before the unit is.
    if (start < 0 && end < 0 && start > end) return void(cx.reply.integer(0));
    bits = bits_between(start, end, unit_is_bit(cx.args), bytes.size());
  }
  cx.reply.integer(static_cast<std::int64_t>(count_between(bytes.view(), bits)));
}

/// The first bit of a kind; the bytes at both ends may take part with some of their bits.
std::optional<std::uint64_t> find_between(std::string_view bytes, bool set, bit_span bits) {
  const auto first_byte = bits.first / 8;
  const auto skipped = static_cast<unsigned>(bits.first % 8);
  if (skipped > 0) {
    const auto end = std::min(bits.end, (first_byte + 1) * 8);
    for (auto at = bits.first; at < end; ++at)
      if ((base::bits_at(bytes, at, 1) == 1) == set) return at;
    if (end == bits.end) return std::nullopt;
    bits.first = end;
  }
  const auto from = bits.first / 8;
  const auto until = (bits.end + 7) / 8;
  const auto found = base::find_bit(bytes.substr(from, until - from), set);
  if (!found || from * 8 + *found >= bits.end) return std::nullopt;
  return from * 8 + *found;
}

/// BITPOS key bit [start [end [BYTE | BIT]]] -- a zero that is not found lies behind the string,
/// unless an end was given.
void bitpos(context& cx) {
  const auto key = cx.args.next();
  const auto bit = cx.args.integer();
  if (bit != 0 && bit != 1) throw command_error("ERR The bit argument must be 1 or 0.");
  const string_bytes bytes(cx.keys.read(key, value_type::string));
  if (bytes.missing()) return void(cx.reply.integer(bit == 1 ? -1 : 0));
  bit_span bits{0, bytes.size() * 8};
  bool end_given = false;
  if (!cx.args.empty()) {
    if (cx.args.left() > 3) throw command_error(errors::syntax);
    const auto start = cx.args.integer();
    end_given = !cx.args.empty();
    const auto end = end_given ? cx.args.integer() : -1;
    bits = bits_between(start, end, unit_is_bit(cx.args), bytes.size());
  }
  if (bits.empty()) return void(cx.reply.integer(-1));
  const auto found = find_between(bytes.view(), bit == 1, bits);
  if (found) {
    cx.reply.integer(static_cast<std::int64_t>(*found));
  } else {
    cx.reply.integer(bit == 1 || end_given ? -1 : static_cast<std::int64_t>(bytes.size()) * 8);
  }
}

constexpr command_spec table[] = {
    {"bitcount", arity::at_least(2), readonly, key_range::one(), bitcount},
    {"bitpos", arity::at_least(3), readonly, key_range::one(), bitpos},
    {"getbit", arity::exactly(3), readonly | fast, key_range::one(), getbit},
    {"setbit", arity::exactly(4), write | denyoom, key_range::one(), setbit},
};
static_assert(well_formed(table));

}  // namespace

std::uint64_t bit_offset(const context& cx, std::optional<std::int64_t> given) {
  if (!given || *given < 0 || *given >> 3 >= cx.server.options.proto_max_bulk_len)
    throw command_error(bad_offset);
  return static_cast<std::uint64_t>(*given);
}

bitmap bitmap_with(context& cx, std::string_view key, entry* found, std::uint64_t last) {
  const auto needed = static_cast<std::size_t>(last / 8 + 1);
  if (found != nullptr && found->is_outside() && found->how() == store::encoding::raw)
    if (auto* text = found->outside_string(); text->size >= needed)
      return {{text->bytes(), text->size}};
  if (found == nullptr) cx.keys.put_text(key, "", {});
  const auto before = found == nullptr ? 0 : string_bytes(found).size();
  return {cx.keys.resize_text(key, std::max(before, needed)), needed > before};
}

engine::command_table::rows bitmap_commands() { return table; }

}  // namespace hawser::commands
