#pragma once

// A sorted array of integers in one block, in the format that Redis keeps in memory and in RDB
// files:
//
//   offset 0   bytes an integer takes: 2, 4 or 8; 4 bytes, little endian
//          4   number of integers, 4 bytes, little endian
//          8   the integers, ascending, little endian, each once
//
// The width is that of the widest integer ever added: it never shrinks.

#include <store/arena.hpp>

#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace hawser::store {

/// A block in an arena, as large as `capacity` of its size. This is a mere handle: it is copied
/// freely, nothing is freed until destroy(). Changes may move the block, after which other handles
/// to it are stale.
///
/// Looking up is O(log n), a change costs a move of what follows.
class intset {
 public:
  /// Bytes of the block of no integers.
  static constexpr std::size_t empty_bytes = 8;

  static intset make(arena& memory);
  /// A copy of a valid block.
  static intset copy_of(arena& memory, std::string_view block);
  explicit intset(void* block) : block_(static_cast<char*>(block)) {}
  void destroy(arena& memory) { memory.free(block_, capacity(byte_count())); }

  /// The number of integers if `block` is an intset in all of its bytes; otherwise nothing. O(n).
  static std::optional<std::size_t> validate(std::string_view block);

  void* data() const { return block_; }
  std::string_view bytes() const { return {block_, byte_count()}; }
  std::size_t byte_count() const { return empty_bytes + size() * width(); }
  /// Bytes that the block takes from its arena.
  std::size_t memory() const { return arena::rounded(capacity(byte_count())); }

  std::size_t size() const { return load<std::uint32_t>(4); }
  bool empty() const { return size() == 0; }
  /// Bytes an integer takes.
  std::size_t width() const { return load<std::uint32_t>(0); }

  /// The integer with this index, in ascending order; it exists.
  std::int64_t at(std::size_t index) const {
    switch (width()) {
      case 2:
        return load<std::int16_t>(empty_bytes + index * 2);
      case 4:
        return load<std::int32_t>(empty_bytes + index * 4);
      default:
        return load<std::int64_t>(empty_bytes + index * 8);
    }
  }

  bool contains(std::int64_t value) const;
  /// False: it was there.
  bool add(arena& memory, std::int64_t value);
  /// False: it was not there.
  bool remove(arena& memory, std::int64_t value);
  /// Takes out the integer with this index, which exists.
  void erase(arena& memory, std::size_t index);

 private:
  static std::size_t capacity(std::size_t size);

  template <class T>
  T load(std::size_t at) const {
    T value;
    std::memcpy(&value, block_ + at, sizeof value);
    return value;
  }
  void put(std::size_t index, std::int64_t value) {
    std::memcpy(block_ + empty_bytes + index * width(), &value, width());
  }
  void set_head(std::size_t width, std::size_t size);
  std::size_t lower_bound(std::int64_t value) const;
  void widen(arena& memory, std::size_t width, std::int64_t added);
  void reshape(arena& memory, std::size_t at, std::size_t old_bytes, std::size_t new_bytes);

  char* block_;
};

}  // namespace hawser::store
