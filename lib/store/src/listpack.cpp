#include <base/equal.hpp>
#include <base/numbers.hpp>
#include <base/unaligned.hpp>
#include <store/listpack.hpp>
#include <store/listpack_encoding.hpp>
#include <store/listpack_run.hpp>

#include <bit>
#include <cstring>

namespace hawser::store {

namespace {

constexpr std::uint16_t unknown_count = 0xffff;
constexpr std::size_t longest_backlen = 5;
constexpr std::uint8_t string32 = 0xf0;
constexpr std::uint8_t integer16 = 0xf1;
constexpr std::uint8_t integer24 = 0xf2;
constexpr std::uint8_t integer32 = 0xf3;
constexpr std::uint8_t integer64 = 0xf4;

std::int64_t sign_extended(std::uint64_t bits, int width) {
  return static_cast<std::int64_t>(bits << (64 - width)) >> (64 - width);
}

}  // namespace

std::string_view listpack_element::text(char* room) const {
  if (!is_integer()) return {string, size};
  return {room, base::format_int(room, integer)};
}

std::string listpack_element::to_string() const {
  digits room;
  return std::string(text(room.room));
}

bool listpack_element::operator==(std::string_view text) const {
  if (!is_integer()) return base::equal({string, size}, text);
  return canonical_integer(text) == integer;
}

/// Small blocks are as large as they must be; larger ones have some room to grow, up to a quarter:
/// their sizes are multiples of a power of two.
std::size_t listpack::capacity(std::size_t size) {
  if (size <= 512) return size;
  const auto step = std::bit_floor(size) / (size <= arena::largest_record ? 8 : 4);
  return (size + step - 1) & ~(step - 1);
}

listpack listpack::make(arena& memory) {
  listpack made(memory.allocate(capacity(empty_bytes)));
  made.set_byte_count(empty_bytes);
  base::store(made.block_ + 4, std::uint16_t{0});
  made.block_[header_bytes] = static_cast<char>(terminator);
  return made;
}

listpack listpack::copy_of(arena& memory, std::string_view block) {
  listpack made(memory.allocate(capacity(block.size())));
  std::memcpy(made.block_, block.data(), block.size());
  return made;
}

void listpack::set_byte_count(std::size_t bytes) {
  base::store(block_, static_cast<std::uint32_t>(bytes));
}

void listpack::count_changed(std::ptrdiff_t by) {
  const auto count = base::load<std::uint16_t>(block_ + 4);
  if (count == unknown_count) return;
  const auto now = count + by;
  base::store(block_ + 4, now >= unknown_count ? unknown_count : static_cast<std::uint16_t>(now));
}

std::size_t listpack::size() const {
  if (const auto count = base::load<std::uint16_t>(block_ + 4); count != unknown_count)
    return count;
  std::size_t counted = 0;
  for (auto at = first(); at != none; at = next(at)) ++counted;
  if (counted < unknown_count) base::store(block_ + 4, static_cast<std::uint16_t>(counted));
  return counted;
}

std::size_t listpack::data_bytes(position at) const {
  const auto head = byte(at);
  if (head < 0x80) return 1;
  if (head < 0xc0) return 1 + (head & 0x3fu);
  if (head < 0xe0) return 2;
  if (head < 0xf0) return 2 + ((head & 0x0fu) << 8 | byte(at + 1));
  switch (head) {
    case string32:
      return 5 + std::size_t{base::load<std::uint32_t>(block_ + at + 1)};
    case integer16:
      return 3;
    case integer24:
      return 4;
    case integer32:
      return 5;
    default:
      return 9;
  }
}

std::size_t listpack::entry_bytes(position at) const {
  const auto data = data_bytes(at);
  return data + backlen_bytes(data);
}

listpack::position listpack::previous(position at) const {
  if (at == header_bytes) return none;
  std::size_t size = 0;
  std::size_t end = at;
  for (int shift = 0;; shift += 7) {
    const auto bits = byte(--end);
    size |= std::size_t{bits & 0x7fu} << shift;
    if ((bits & 0x80) == 0) break;
  }
  return static_cast<position>(end - size);
}

listpack::position listpack::last() const {
  return previous(static_cast<position>(byte_count() - 1));
}

listpack::position listpack::seek(std::int64_t index) const {
  const auto count = base::load<std::uint16_t>(block_ + 4);
  // From the nearer end, where that is known.
  if (count != unknown_count) {
    if (index < 0) index += count;
    if (index < 0 || index >= count) return none;
    if (index > count / 2) index -= count;
  }
  if (index >= 0) {
    auto at = first();
    while (at != none && index-- > 0) at = next(at);
    return at;
  }
  auto at = last();
  while (at != none && ++index < 0) at = previous(at);
  return at;
}

listpack_element listpack::at(position at) const {
  const char* from = block_ + at;
  const auto head = byte(at);
  const auto string = [](const char* text, std::size_t size) {
    listpack_element element;
    element.string = text;
    element.size = size;
    return element;
  };
  const auto integer = [](std::int64_t value) {
    listpack_element element;
    element.string = nullptr;
    element.integer = value;
    return element;
  };
  if (head < 0x80) return integer(head);
  if (head < 0xc0) return string(from + 1, head & 0x3fu);
  if (head < 0xe0) return integer(sign_extended((head & 0x1fu) << 8 | byte(at + 1), 13));
  if (head < 0xf0) return string(from + 2, (head & 0x0fu) << 8 | byte(at + 1));
  switch (head) {
    case string32:
      return string(from + 5, base::load<std::uint32_t>(from + 1));
    case integer16:
      return integer(base::load<std::int16_t>(from + 1));
    case integer24:
      return integer(sign_extended(
          base::load<std::uint16_t>(from + 1) | std::uint64_t{byte(at + 3)} << 16, 24));
    case integer32:
      return integer(base::load<std::int32_t>(from + 1));
    default:
      return integer(base::load<std::int64_t>(from + 1));
  }
}

listpack::position listpack::find(position from, std::string_view text, unsigned skip) const {
  const auto wanted = canonical_integer(text);
  for (auto at = from; at != none;) {
    const auto element = this->at(at);
    const bool found = element.is_integer()
                           ? wanted == element.integer
                           : !wanted && base::equal({element.string, element.size}, text);
    if (found) return at;
    for (unsigned i = 0; i <= skip && at != none; ++i) at = next(at);
  }
  return none;
}

/// Makes `new_bytes` of room at a place that has `old_bytes` now; what follows moves. Returns the
/// place.
char* listpack::reshape(arena& memory, position at, std::size_t old_bytes, std::size_t new_bytes) {
  if (old_bytes == new_bytes) return block_ + at;
  const auto before = byte_count();
  const auto after = before - old_bytes + new_bytes;
  const auto tail = before - at - old_bytes;
  const auto room = capacity(before), wanted = capacity(after);
  if (arena::rounded(room) == arena::rounded(wanted)) {
    std::memmove(block_ + at + new_bytes, block_ + at + old_bytes, tail);
  } else {
    auto* moved = static_cast<char*>(memory.allocate(wanted));
    std::memcpy(moved, block_, at);
    std::memcpy(moved + at + new_bytes, block_ + at + old_bytes, tail);
    memory.free(block_, room);
    block_ = moved;
  }
  set_byte_count(after);
  return block_ + at;
}

listpack::position listpack::put(arena& memory, position at, std::size_t old_bytes,
                                 const encoded_element& added) {
  added.write(reshape(memory, at, old_bytes, added.size()));
  return at;
}

listpack::position listpack::insert(arena& memory, position before, std::string_view text) {
  const auto at = before != none ? before : static_cast<position>(byte_count() - 1);
  count_changed(1);
  return put(memory, at, 0, encoded_element(text));
}

listpack::position listpack::insert(arena& memory, position before, std::int64_t integer) {
  const auto at = before != none ? before : static_cast<position>(byte_count() - 1);
  count_changed(1);
  return put(memory, at, 0, encoded_element(integer));
}

void listpack::replace(arena& memory, position at, std::string_view text) {
  put(memory, at, entry_bytes(at), encoded_element(text));
}

void listpack::replace(arena& memory, position at, std::int64_t integer) {
  put(memory, at, entry_bytes(at), encoded_element(integer));
}

listpack::position listpack::erase(arena& memory, position at, std::size_t count) {
  std::size_t end = at, erased = 0;
  for (; erased < count && byte(end) != terminator; ++erased)
    end += entry_bytes(static_cast<position>(end));
  count_changed(-static_cast<std::ptrdiff_t>(erased));
  reshape(memory, at, end - at, 0);
  return valid(at);
}

void listpack::append_from(arena& memory, listpack other, position from) {
  if (from == none) return;
  const auto end = static_cast<position>(byte_count() - 1);
  const auto added = other.byte_count() - 1 - from;
  std::size_t count = 0;
  for (auto at = from; at != none; at = other.next(at)) ++count;
  count_changed(static_cast<std::ptrdiff_t>(count));
  std::memcpy(reshape(memory, end, 0, added), other.block_ + from, added);
}

void listpack::append(arena& memory, const listpack_run& run) {
  const auto end = static_cast<position>(byte_count() - 1);
  const auto bytes = run.bytes();
  count_changed(static_cast<std::ptrdiff_t>(run.count()));
  std::memcpy(reshape(memory, end, 0, bytes.size()), bytes.data(), bytes.size());
}

std::size_t listpack::cost(std::string_view text) { return encoded_element(text).size(); }
std::size_t listpack::cost(std::int64_t integer) { return encoded_element(integer).size(); }

std::optional<std::size_t> listpack::validate(std::string_view block) {
  if (block.size() < empty_bytes || block.size() > largest) return std::nullopt;
  if (base::load<std::uint32_t>(block.data()) != block.size()) return std::nullopt;
  // Whatever an element claims to be, its head lies before the end; nothing beyond is read.
  const listpack seen(const_cast<char*>(block.data()));
  const auto end = block.size() - 1;
  std::size_t at = header_bytes, count = 0;
  for (; at < end && seen.byte(at) != terminator; ++count) {
    const auto head = seen.byte(at);
    if (head > integer64) return std::nullopt;
    const std::size_t head_bytes = head == string32 ? 5 : head >= 0xe0 && head < 0xf0 ? 2 : 1;
    if (end - at < head_bytes) return std::nullopt;
    const auto data = seen.data_bytes(static_cast<position>(at));
    if (data >= end - at || end - at - data < backlen_bytes(data)) return std::nullopt;
    char expected[longest_backlen];
    const auto behind = write_backlen(expected, data);
    if (std::memcmp(block.data() + at + data, expected, behind) != 0) return std::nullopt;
    at += data + behind;
  }
  if (at != end || seen.byte(at) != terminator) return std::nullopt;
  const auto told = base::load<std::uint16_t>(block.data() + 4);
  if (told != unknown_count && told != count) return std::nullopt;
  return count;
}

}  // namespace hawser::store
