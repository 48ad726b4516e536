#pragma once

// A list of strings and integers in one block, in the format that Redis keeps in memory and in RDB
// files (https://github.com/antirez/listpack/blob/master/listpack.md):
//
//   offset 0   bytes of the whole block, 4 bytes, little endian
//          4   number of elements, 2 bytes; 0xffff: not known, count them
//          6   elements, each:  encoding and data | length of that, readable backwards
//              0xff
//
// The first byte of an element says what it is:
//
//   0xxxxxxx   integer 0..127                  11110001   integer of 16 bits
//   10xxxxxx   string of up to 63 bytes        11110010   integer of 24 bits
//   110xxxxx   integer of 13 bits              11110011   integer of 32 bits
//   1110xxxx   string of up to 4095 bytes      11110100   integer of 64 bits
//   11110000   string, length in 4 bytes
//
// A text that is a decimal integer in its canonical form is always kept as an integer.

#include <base/unaligned.hpp>
#include <store/arena.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hawser::store {

class encoded_element;
class listpack_run;

/// An element: a string, or an integer that stands for its decimal digits.
struct listpack_element {
  const char* string;  // null: an integer
  union {
    std::size_t size;
    std::int64_t integer;
  };

  bool is_integer() const { return string == nullptr; }
  /// Its text; digits are written to `room`, which has at least base::max_int_chars.
  std::string_view text(char* room) const;
  std::string to_string() const;
  bool operator==(std::string_view text) const;
};

/// Room for the digits of one element.
struct digits {
  char room[24];
};

/// A block in an arena, as large as `capacity` of its size. This is a mere handle: it is copied
/// freely, nothing is freed until destroy(). Changes may move the block, after which other handles
/// to it are stale; so are positions, which count bytes, but for those before the place of change.
/// A text that is added must not lie in the block itself.
///
/// Finding by index or content is O(n), the ends are O(1), a change costs a move of what follows.
class listpack {
 public:
  /// Where an element begins; `none` stands for no element.
  using position = std::uint32_t;
  static constexpr position none = 0;

  /// Bytes of the block of no elements.
  static constexpr std::size_t empty_bytes = 7;
  /// No block may become larger: a caller turns to something else long before.
  static constexpr std::size_t largest = std::size_t{1} << 30;

  static listpack make(arena& memory);
  /// A copy of a valid block.
  static listpack copy_of(arena& memory, std::string_view block);
  explicit listpack(void* block) : block_(static_cast<char*>(block)) {}
  void destroy(arena& memory) { memory.free(block_, capacity(byte_count())); }

  /// The number of elements if `block` is a listpack in all of its bytes; otherwise nothing. O(n).
  static std::optional<std::size_t> validate(std::string_view block);

  void* data() const { return block_; }
  std::string_view bytes() const { return {block_, byte_count()}; }
  std::size_t byte_count() const { return base::load<std::uint32_t>(block_); }
  /// Bytes that the block takes from its arena.
  std::size_t memory() const { return arena::rounded(capacity(byte_count())); }
  /// Number of elements. O(1) up to 65,534, above that O(n).
  std::size_t size() const;
  bool empty() const { return byte_count() == empty_bytes; }

  position first() const { return valid(header_bytes); }
  position last() const;
  position next(position at) const { return valid(at + entry_bytes(at)); }
  position previous(position at) const;
  /// The element with this index, counted from the end (-1) if negative.
  position seek(std::int64_t index) const;

  listpack_element at(position at) const;

  /// The first element from `from` on that reads `text`; `skip` elements are left out after each
  /// that is looked at.
  position find(position from, std::string_view text, unsigned skip = 0) const;

  /// Adds an element before another one, at the end before `none`; returns its position.
  position insert(arena& memory, position before, std::string_view text);
  position insert(arena& memory, position before, std::int64_t integer);
  position append(arena& memory, std::string_view text) { return insert(memory, none, text); }
  position append(arena& memory, std::int64_t integer) { return insert(memory, none, integer); }
  void append(arena& memory, const listpack_run& run);
  position prepend(arena& memory, std::string_view text) { return insert(memory, first(), text); }

  /// Puts another element in the place of one, whose position stays.
  void replace(arena& memory, position at, std::string_view text);
  void replace(arena& memory, position at, std::int64_t integer);

  /// Takes `count` elements out (no more than there are); returns the position of the one that
  /// follows.
  position erase(arena& memory, position at, std::size_t count = 1);

  /// Appends elements of another block: those from `from` to its end.
  void append_from(arena& memory, listpack other, position from);

  /// Bytes that an element with this text takes.
  static std::size_t cost(std::string_view text);
  static std::size_t cost(std::int64_t integer);

  /// Goes through the elements: `for (const auto& element : pack)`.
  class iterator {
   public:
    using value_type = listpack_element;
    iterator(const listpack* pack, position at) : pack_(pack), at_(at) {}
    listpack_element operator*() const { return pack_->at(at_); }
    iterator& operator++() {
      at_ = pack_->next(at_);
      return *this;
    }
    bool operator==(const iterator& other) const { return at_ == other.at_; }
    position where() const { return at_; }

   private:
    const listpack* pack_;
    position at_;
  };
  iterator begin() const { return {this, first()}; }
  iterator end() const { return {this, none}; }

 private:
  static constexpr position header_bytes = 6;
  static constexpr std::uint8_t terminator = 0xff;

  static std::size_t capacity(std::size_t size);
  std::uint8_t byte(std::size_t at) const { return static_cast<std::uint8_t>(block_[at]); }
  position valid(std::size_t at) const {
    return byte(at) == terminator ? none : static_cast<position>(at);
  }
  std::size_t data_bytes(position at) const;
  std::size_t entry_bytes(position at) const;
  position put(arena& memory, position at, std::size_t old_bytes, const encoded_element& added);
  char* reshape(arena& memory, position at, std::size_t old_bytes, std::size_t new_bytes);
  void set_byte_count(std::size_t bytes);
  void count_changed(std::ptrdiff_t by);

  char* block_;
};

}  // namespace hawser::store
