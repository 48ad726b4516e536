#include "family.hpp"
#include "strings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <string>
#include <vector>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using store::value_type;

/// How bits of several strings become one. Some set the first of them against all others.
enum class bit_operation : std::uint8_t { and_, or_, xor_, not_, diff, diff1, andor, one };

struct operation_name {
  std::string_view name;
  bit_operation what;
};

constexpr operation_name operations[] = {
    {"AND", bit_operation::and_},    {"OR", bit_operation::or_},    {"XOR", bit_operation::xor_},
    {"NOT", bit_operation::not_},    {"DIFF", bit_operation::diff}, {"DIFF1", bit_operation::diff1},
    {"ANDOR", bit_operation::andor}, {"ONE", bit_operation::one},
};

constexpr bool sets_first_apart(bit_operation what) {
  return what == bit_operation::diff || what == bit_operation::diff1 ||
         what == bit_operation::andor;
}

/// As many bytes of each string as stay in the processor's nearest cache.
struct block {
  static constexpr std::size_t words = 512;
  static constexpr std::size_t bytes = words * sizeof(std::uint64_t);

  std::uint64_t at[words];

  /// Takes a part of a string; beyond its end there are zeros.
  void load(std::string_view from, std::size_t offset) {
    const auto part = from.substr(std::min(offset, from.size()), bytes);
    std::memcpy(at, part.data(), part.size());
    std::memset(reinterpret_cast<char*>(at) + part.size(), 0, bytes - part.size());
  }

  /// word(mine, its) takes the place of each word of mine.
  template <class Word>
  void combine(const block& other, Word word) {
    for (std::size_t i = 0; i < words; ++i) at[i] = word(at[i], other.at[i]);
  }
};

using strings = std::span<const std::string_view>;

/// result = f(result, next) over the strings from the second on.
template <class Word>
void fold(block& result, strings from, std::size_t offset, Word word) {
  result.load(from.front(), offset);
  block next;
  for (const auto each : from.subspan(1)) {
    next.load(each, offset);
    result.combine(next, word);
  }
}

/// The bits that are set in exactly one string.
void keep_single(block& result, strings from, std::size_t offset) {
  result.load(from.front(), offset);
  block several{};
  block next;
  for (const auto each : from.subspan(1)) {
    next.load(each, offset);
    for (std::size_t i = 0; i < block::words; ++i) {
      several.at[i] |= result.at[i] & next.at[i];
      result.at[i] = (result.at[i] | next.at[i]) & ~several.at[i];
    }
  }
}

/// One block of the result.
void combine(block& result, bit_operation what, strings from, std::size_t offset) {
  using word = std::uint64_t;
  const auto either = [](word a, word b) { return a | b; };
  if (what == bit_operation::one) return keep_single(result, from, offset);
  if (sets_first_apart(what)) {
    fold(result, from.subspan(1), offset, either);
    block first;
    first.load(from.front(), offset);
    if (what == bit_operation::andor)
      result.combine(first, [](word others, word x) { return x & others; });
    if (what == bit_operation::diff)
      result.combine(first, [](word others, word x) { return x & ~others; });
    if (what == bit_operation::diff1)
      result.combine(first, [](word others, word x) { return others & ~x; });
    return;
  }
  if (what == bit_operation::and_) fold(result, from, offset, [](word a, word b) { return a & b; });
  if (what == bit_operation::or_) fold(result, from, offset, either);
  if (what == bit_operation::xor_) fold(result, from, offset, [](word a, word b) { return a ^ b; });
  if (what == bit_operation::not_) {
    result.load(from.front(), offset);
    for (auto& each : result.at) each = ~each;
  }
}

void combine(std::span<char> to, bit_operation what, strings from) {
  block result;
  for (std::size_t offset = 0; offset < to.size(); offset += block::bytes) {
    combine(result, what, from, offset);
    std::memcpy(to.data() + offset, result.at, std::min(block::bytes, to.size() - offset));
  }
}

const operation_name& operation_of(std::string_view word) {
  for (const auto& each : operations)
    if (base::iequals(word, each.name)) return each;
  throw command_error(errors::syntax);
}

void check_number(bit_operation what, std::string_view name, std::size_t keys) {
  if (what == bit_operation::not_ && keys != 1)
    throw command_error("ERR BITOP NOT must be called with a single source key.");
  if (sets_first_apart(what) && keys < 2)
    throw command_error(
        fmt::format("ERR BITOP {} must be called with at least two source keys.", name));
}

/// Stores the result in the place of what the key held.
void store_combined(context& cx, std::string_view key, std::size_t size, bit_operation what,
                    strings from, bool is_source) {
  std::string apart;  // as the sources include what is about to go
  if (is_source) {
    apart.resize(size);
    combine(apart, what, from);
  }
  cx.keys.put_text(key, "", {});
  const auto bytes = cx.keys.resize_text(key, size);
  if (is_source) {
    std::memcpy(bytes.data(), apart.data(), size);
  } else {
    combine(bytes, what, from);
  }
  cx.modified(key, notify::string, "set");
}

/// BITOP AND | OR | XOR | NOT | DIFF | DIFF1 | ANDOR | ONE destkey key [key ...]
void bitop(context& cx) {
  const auto& [name, what] = operation_of(cx.args.next());
  const auto to = cx.args.next();
  const auto keys = cx.args.rest();
  check_number(what, name, keys.size());
  std::deque<string_bytes> sources;
  std::vector<std::string_view> views;
  std::size_t size = 0;
  for (const auto key : keys) {
    sources.emplace_back(cx.keys.read(key, value_type::string));
    views.push_back(sources.back().view());
    size = std::max(size, views.back().size());
  }
  if (size > 0) {
    store_combined(cx, to, size, what, views, std::ranges::find(keys, to) != keys.end());
  } else if (cx.keys.remove(to)) {
    cx.modified(to, notify::generic, "del");
  }
  cx.reply.integer(static_cast<std::int64_t>(size));
}

constexpr command_spec table[] = {
    {"bitop", arity::at_least(4), write | denyoom, key_range{2, -1, 1}, bitop},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows bitmap_operation_commands() { return table; }

}  // namespace hawser::commands
