#include "strings.hpp"

#include <algorithm>
#include <cstring>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using store::entry;
using store::value_type;

/// Throws when a string that ends `size` bytes after `offset` would be too long; neither overflows
/// when added as unsigned numbers.
std::size_t checked_size(const context& cx, std::size_t offset, std::size_t size) {
  if (offset + size > static_cast<std::size_t>(cx.server.options.proto_max_bulk_len))
    throw command_error(errors::too_long);
  return offset + size;
}

void write_at(context& cx, std::string_view key, std::size_t size, std::size_t offset,
              std::string_view value) {
  const auto bytes = cx.keys.resize_text(key, size);
  if (!value.empty()) std::memcpy(bytes.data() + offset, value.data(), value.size());
}

/// STRLEN key
void strlen(context& cx) {
  const entry* found = cx.keys.read(cx.args.next(), value_type::string);
  cx.reply.integer(static_cast<std::int64_t>(string_bytes(found).size()));
}

/// APPEND key value
void append(context& cx) {
  const auto key = cx.args.next();
  const auto value = cx.args.next();
  const entry* found = cx.keys.write(key, value_type::string);
  const auto before = string_bytes(found).size();
  auto size = value.size();
  if (found == nullptr) {
    cx.keys.put(key, value, {});
  } else {
    size = checked_size(cx, before, value.size());
    write_at(cx, key, size, before, value);
  }
  cx.modified(key, notify::string, "append");
  cx.reply.integer(static_cast<std::int64_t>(size));
}

/// SETRANGE key offset value -- a value of no bytes changes nothing, whatever the offset.
void setrange(context& cx) {
  const auto key = cx.args.next();
  const auto offset = cx.args.integer();
  const auto value = cx.args.next();
  if (offset < 0) throw command_error("ERR offset is out of range");
  const entry* found = cx.keys.write(key, value_type::string);
  auto size = string_bytes(found).size();
  if (!value.empty()) {
    const auto start = static_cast<std::size_t>(offset);
    size = std::max(size, checked_size(cx, start, value.size()));
    if (found == nullptr) cx.keys.put_text(key, "", {});
    write_at(cx, key, size, start, value);
    cx.modified(key, notify::string, "setrange");
  }
  cx.reply.integer(static_cast<std::int64_t>(size));
}

/// The bytes from `first` to `last`, both counted from the end when negative. What is before the
/// first byte counts as the first, so that a `last` that far left still takes that one.
std::string_view part_of(std::string_view text, std::int64_t first, std::int64_t last) {
  const auto size = static_cast<std::int64_t>(text.size());
  if (first < 0 && last < 0 && first > last) return {};
  if (first < 0) first = std::max<std::int64_t>(first + size, 0);
  if (last < 0) last = std::max<std::int64_t>(last + size, 0);
  last = std::min(last, size - 1);
  if (first > last) return {};
  return text.substr(static_cast<std::size_t>(first), static_cast<std::size_t>(last - first + 1));
}

/// GETRANGE key start end
void getrange(context& cx) {
  const auto key = cx.args.next();
  const auto first = cx.args.integer();
  const auto last = cx.args.integer();
  const string_bytes bytes(cx.keys.read(key, value_type::string));
  cx.reply.bulk(part_of(bytes.view(), first, last));
}

constexpr command_spec table[] = {
    {"append", arity::exactly(3), write | denyoom | fast, key_range::one(), append},
    {"getrange", arity::exactly(4), readonly, key_range::one(), getrange},
    {"setrange", arity::exactly(4), write | denyoom, key_range::one(), setrange},
    {"strlen", arity::exactly(2), readonly | fast, key_range::one(), strlen},
    {"substr", arity::exactly(4), readonly, key_range::one(), getrange},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows string_range_commands() { return table; }

}  // namespace hawser::commands
