#pragma once

// A field of a large hash and its value in one record.
//
//   offset 0   flags
//          1   field length } when they fit in a byte
//          2   value length }
//          3   deadline in ms and position among the hash's deadlines   only with a deadline
//              field length, 4 bytes                                    only when long
//              field
//              value length, 4 bytes                                    only when long
//              value, or a pointer to it when it is very long
//
// Nothing is aligned. A value outside is a block of the arena, eight bytes of length before it.

#include <base/clock.hpp>
#include <base/unaligned.hpp>
#include <store/arena.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace hawser::store {

/// A record of a large hash. Lives in an arena, is never copied or moved by itself; the functions
/// that may change its address return the new one.
class hash_field {
 public:
  hash_field(const hash_field&) = delete;
  hash_field& operator=(const hash_field&) = delete;

  /// Values up to this size lie in the record.
  static constexpr std::size_t largest_inside = 1024;

  /// A record without a deadline.
  static hash_field* make(arena& memory, std::string_view field, std::string_view value);
  static void destroy(arena& memory, hash_field* dead);
  static hash_field* clone(arena& memory, const hash_field& from);

  /// Gives the field another value, which may not lie in the record; returns the record, which may
  /// have moved. A deadline stays.
  static hash_field* assign(arena& memory, hash_field* to, std::string_view value);
  /// The same field in a record with or without a deadline, which `deadline` is; returns the
  /// record, which may have moved.
  static hash_field* with_deadline(arena& memory, hash_field* old,
                                   std::optional<base::milliseconds_t> deadline);

  std::string_view field() const {
    const char* at = field_start();
    if (flags_ & long_field) return {at, base::load<std::uint32_t>(at - sizeof(std::uint32_t))};
    return {at, field_size_};
  }
  std::string_view value() const {
    const auto name = field();
    const char* at = name.data() + name.size();
    if ((flags_ & (long_value | outside)) == 0) return {at, value_size_};
    if (flags_ & long_value) return {at + sizeof(std::uint32_t), base::load<std::uint32_t>(at)};
    const char* block = base::load<char*>(at);
    return {block + sizeof(std::uint64_t), base::load<std::uint64_t>(block)};
  }

  bool has_deadline() const { return flags_ & deadline_room; }
  /// Of a field that has one, in milliseconds since the epoch.
  base::milliseconds_t deadline() const { return base::load<base::milliseconds_t>(after_header()); }
  void set_deadline(base::milliseconds_t when) { base::store(after_header(), when); }
  bool expired(base::milliseconds_t now) const { return has_deadline() && deadline() <= now; }

  /// A bit of a snapshot; see snapshot_watch.hpp.
  bool parity() const { return flags_ & parity_bit; }
  void set_parity(bool parity) {
    flags_ = static_cast<std::uint8_t>((flags_ & ~parity_bit) | (parity ? parity_bit : 0));
  }

  /// Where field_deadlines keeps a field that has a deadline.
  std::uint32_t position() const { return base::load<std::uint32_t>(after_header() + 8); }
  void set_position(std::uint32_t at) { base::store(after_header() + 8, at); }

  /// Bytes of the arena that the record and its value take.
  std::size_t memory() const;

 private:
  hash_field() = default;

  static constexpr std::uint8_t long_field = 1;
  static constexpr std::uint8_t long_value = 2;
  static constexpr std::uint8_t outside = 4;
  static constexpr std::uint8_t deadline_room = 8;
  static constexpr std::uint8_t parity_bit = 16;
  static constexpr std::size_t deadline_bytes = 12;

  const char* after_header() const { return reinterpret_cast<const char*>(this) + sizeof *this; }
  char* after_header() { return reinterpret_cast<char*>(this) + sizeof *this; }
  const char* field_start() const {
    return after_header() + (flags_ & deadline_room ? deadline_bytes : 0) +
           (flags_ & long_field ? sizeof(std::uint32_t) : 0);
  }
  char* value_start() {
    const auto name = field();
    return const_cast<char*>(name.data()) + name.size();
  }

  static std::uint8_t value_form(std::size_t size);
  static std::size_t value_bytes(std::size_t size);
  static hash_field* make_head(arena& memory, std::string_view field, std::size_t value_bytes,
                               std::uint8_t flags);
  void write_value(arena& memory, std::string_view value);
  std::size_t head_size() const;
  std::size_t record_size() const;
  std::size_t block_size() const;
  void free_block(arena& memory);

  std::uint8_t flags_;
  std::uint8_t field_size_;
  std::uint8_t value_size_;
};
static_assert(sizeof(hash_field) == 3 && alignof(hash_field) == 1);

}  // namespace hawser::store
