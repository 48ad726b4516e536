#include "family.hpp"
#include "strings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
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
constexpr std::size_t block_bytes = 4096;
using block = std::array<char, block_bytes>;

/// A block of a string; beyond its end there are zeros, for which `room` is used.
const char* block_at(std::string_view from, std::size_t offset, block& room) {
  const auto part = from.substr(std::min(offset, from.size()), block_bytes);
  if (part.size() == block_bytes) return part.data();
  if (!part.empty()) std::memcpy(room.data(), part.data(), part.size());
  std::memset(room.data() + part.size(), 0, block_bytes - part.size());
  return room.data();
}

/// to = word(to, from) for each word of two blocks.
template <class Word>
void combine_words(char* __restrict to, const char* __restrict from, Word word) {
  for (std::size_t i = 0; i < block_bytes; i += sizeof(std::uint64_t)) {
    std::uint64_t mine, its;
    std::memcpy(&mine, to + i, sizeof mine);
    std::memcpy(&its, from + i, sizeof its);
    mine = word(mine, its);
    std::memcpy(to + i, &mine, sizeof mine);
  }
}

using strings = std::span<const std::string_view>;

void copy_block(char* to, std::string_view from, std::size_t offset) {
  block room;
  std::memcpy(to, block_at(from, offset, room), block_bytes);
}

/// to = word(to, next) over the strings from the second on.
template <class Word>
void fold(char* to, strings from, std::size_t offset, Word word) {
  copy_block(to, from.front(), offset);
  block room;
  for (const auto each : from.subspan(1)) combine_words(to, block_at(each, offset, room), word);
}

/// The bits that are set in exactly one string.
void keep_single(char* to, strings from, std::size_t offset) {
  using word = std::uint64_t;
  block once, several{}, room;
  copy_block(to, from.front(), offset);
  for (const auto each : from.subspan(1)) {
    const char* next = block_at(each, offset, room);
    std::memcpy(once.data(), to, block_bytes);
    combine_words(once.data(), next, [](word a, word b) { return a & b; });
    combine_words(several.data(), once.data(), [](word a, word b) { return a | b; });
    combine_words(to, next, [](word a, word b) { return a | b; });
    combine_words(to, several.data(), [](word a, word b) { return a & ~b; });
  }
}

/// One block of the result.
void combine_block(char* to, bit_operation what, strings from, std::size_t offset) {
  using word = std::uint64_t;
  const auto either = [](word a, word b) { return a | b; };
  if (sets_first_apart(what)) {
    fold(to, from.subspan(1), offset, either);
    block room;
    const char* first = block_at(from.front(), offset, room);
    if (what == bit_operation::andor)
      combine_words(to, first, [](word others, word x) { return x & others; });
    if (what == bit_operation::diff)
      combine_words(to, first, [](word others, word x) { return x & ~others; });
    if (what == bit_operation::diff1)
      combine_words(to, first, [](word others, word x) { return others & ~x; });
  } else if (what == bit_operation::one) {
    keep_single(to, from, offset);
  } else if (what == bit_operation::and_) {
    fold(to, from, offset, [](word a, word b) { return a & b; });
  } else if (what == bit_operation::or_) {
    fold(to, from, offset, either);
  } else if (what == bit_operation::xor_) {
    fold(to, from, offset, [](word a, word b) { return a ^ b; });
  } else {
    block room;
    combine_words(to, block_at(from.front(), offset, room), [](word, word b) { return ~b; });
  }
}

void combine(std::span<char> to, bit_operation what, strings from) {
  std::size_t offset = 0;
  for (; to.size() - offset >= block_bytes; offset += block_bytes)
    combine_block(to.data() + offset, what, from, offset);
  if (offset == to.size()) return;
  block last{};
  combine_block(last.data(), what, from, offset);
  std::memcpy(to.data() + offset, last.data(), to.size() - offset);
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
