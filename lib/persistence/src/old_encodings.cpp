#include "old_encodings.hpp"

#include <base/unaligned.hpp>

#include <optional>

namespace hawser::persistence {

namespace {

constexpr std::uint8_t terminator = 0xff;
constexpr std::uint8_t long_size = 0xfe;
/// An element may take more bytes in a listpack than it took before, but not twice as many.
constexpr std::size_t largest_block = store::listpack::largest / 4;

/// Takes bytes off the front of a block. What is not there is not read: `good` turns false, for
/// ever, and zeros come instead.
class block_reader {
 public:
  explicit block_reader(std::string_view block) : left_(block) {}

  bool good() const { return good_; }
  bool at_end() const { return left_.empty(); }
  std::size_t left() const { return left_.size(); }

  std::string_view bytes(std::size_t count) {
    if (count > left_.size()) good_ = false;
    if (!good_) return {};
    const auto taken = left_.substr(0, count);
    left_.remove_prefix(count);
    return taken;
  }
  template <class T>
  T number() {
    const auto from = bytes(sizeof(T));
    return good_ ? base::load<T>(from.data()) : T{};
  }
  std::uint8_t byte() { return number<std::uint8_t>(); }
  std::uint8_t peek() const {
    return left_.empty() ? terminator : static_cast<std::uint8_t>(left_[0]);
  }

  /// One byte, or four after a mark.
  std::size_t size() {
    const auto first = byte();
    return first == long_size ? number<std::uint32_t>() : first;
  }

 private:
  std::string_view left_;
  bool good_ = true;
};

std::int64_t integer_of_24_bits(block_reader& from) {
  const auto low = from.number<std::uint16_t>();
  const auto high = from.number<std::int8_t>();
  return std::int64_t{high} * 65536 + low;
}

/// The integer that a ziplist's element with this first byte is; none: it is nothing known.
std::optional<std::int64_t> ziplist_integer(std::uint8_t first, block_reader& from) {
  constexpr std::uint8_t least = 0xf1, most = 0xfd;
  switch (first) {
    case 0xc0:
      return from.number<std::int16_t>();
    case 0xd0:
      return from.number<std::int32_t>();
    case 0xe0:
      return from.number<std::int64_t>();
    case 0xf0:
      return integer_of_24_bits(from);
    case 0xfe:
      return from.number<std::int8_t>();
    default:
      if (first < least || first > most) return std::nullopt;
      return first - least;
  }
}

/// The size of the string that a ziplist's element with this first byte is.
std::size_t ziplist_string_size(std::uint8_t first, block_reader& from) {
  const std::size_t low = first & 0x3f;
  if (first < 0x40) return low;
  if (first < 0x80) return low << 8 | from.byte();
  return __builtin_bswap32(from.number<std::uint32_t>());
}

bool append_ziplist_element(store::arena& memory, store::listpack& to, block_reader& from) {
  constexpr std::uint8_t first_integer = 0xc0, long_string = 0x80;
  const auto first = from.byte();
  if (first >= first_integer) {
    const auto value = ziplist_integer(first, from);
    if (!value || !from.good()) return false;
    to.append(memory, *value);
    return true;
  }
  if (first > long_string) return false;
  const auto text = from.bytes(ziplist_string_size(first, from));
  if (from.good()) to.append(memory, text);
  return from.good();
}

}  // namespace

bool append_ziplist(store::arena& memory, store::listpack& to, std::string_view block) {
  constexpr std::uint16_t unknown = 0xffff;
  block_reader from(block);
  const auto size = from.number<std::uint32_t>();
  const auto tail = from.number<std::uint32_t>();
  const auto announced = from.number<std::uint16_t>();
  if (!from.good() || size != block.size() || size > largest_block) return false;

  std::size_t last = block.size() - from.left(), before = 0, count = 0;
  while (from.peek() != terminator) {
    last = block.size() - from.left();
    if (from.size() != before || !append_ziplist_element(memory, to, from)) return false;
    before = block.size() - from.left() - last;
    ++count;
  }
  return from.left() == 1 && tail == last && (announced == unknown || announced == count);
}

bool append_zipmap(store::arena& memory, store::listpack& to, std::string_view block) {
  constexpr std::uint8_t not_kept = 254;
  if (block.size() > largest_block) return false;
  block_reader from(block);
  const auto announced = from.byte();
  std::size_t count = 0;
  while (from.peek() != terminator) {
    const auto field = from.bytes(from.size());
    const auto size = from.size();
    const auto unused = from.byte();
    const auto value = from.bytes(size);
    from.bytes(unused);
    if (!from.good()) return false;
    to.append(memory, field);
    to.append(memory, value);
    ++count;
  }
  return from.good() && from.left() == 1 && (announced >= not_kept || announced == count);
}

}  // namespace hawser::persistence
