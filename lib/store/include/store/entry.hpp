#pragma once

// A key and its value in one record.
//
//   offset 0   type (low half) and encoding (high half)
//          1   flags
//          2   key length, 0xffff when it does not fit
//          4   access clock, 24 bits, and above it the level of the deadline index
//          8   deadline in ms and position in the deadline index   only with a deadline
//              key length, 4 bytes                                 only when it does not fit above
//              key
//              a string:     its length, 1 to 5 bytes, and its bytes
//              an integer:   4 or 8 bytes
//              other values: a pointer, not aligned (see collection.hpp)
//
// Integers whose width is 4 have the flag `narrow`. A long string is a `big_string` of its own, so
// that it can grow in place; the flag `outside` says so.

#include <base/clock.hpp>
#include <base/unaligned.hpp>
#include <store/arena.hpp>
#include <store/value_type.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace hawser::store {

struct collection_data;

/// Bytes of a string too long for its entry, with room to grow.
struct big_string {
  std::size_t size;
  std::size_t capacity;

  char* bytes() { return reinterpret_cast<char*>(this + 1); }
  const char* bytes() const { return reinterpret_cast<const char*>(this + 1); }

  /// With room for at least `capacity` bytes: for what the allocator gives anyway.
  static big_string* make(std::size_t capacity);
  static void destroy(big_string* string);
  std::size_t memory() const { return sizeof(big_string) + capacity; }
};

/// A record of the keyspace: key, value, deadline and access clock. Lives in an arena, is never
/// copied or moved by itself; the functions that may change its address return the new one.
class entry {
 public:
  entry(const entry&) = delete;
  entry& operator=(const entry&) = delete;

  /// Strings up to this size lie in the entry, longer ones outside.
  static constexpr std::size_t largest_inside = 1024;

  /// Deadlines and positions come with the index; `deadline_room` leaves room for them.
  static entry* make_string(arena& memory, std::string_view key, std::string_view value,
                            encoding how, bool deadline_room);
  static entry* make_integer(arena& memory, std::string_view key, std::int64_t value,
                             bool deadline_room);
  /// Takes ownership of `value`.
  static entry* make_outside(arena& memory, std::string_view key, big_string* value,
                             bool deadline_room);

  /// Takes ownership of `value`.
  static entry* make_collection(arena& memory, std::string_view key, value_type type,
                                collection_data value, bool deadline_room);

  /// Frees the record and what it holds outside.
  static void destroy(arena& memory, entry* dead);
  /// Frees the record alone.
  static void destroy_record(arena& memory, entry* dead);

  /// The same key and value in a record with or without room for a deadline; the old record is
  /// gone.
  static entry* with_deadline_room(arena& memory, entry* old, bool room);

  /// The same value (taken over) under another key; the old record is gone.
  static entry* with_key(arena& memory, entry* old, std::string_view key);

  /// A copy under `key`, without a deadline but with the access clock.
  static entry* clone(arena& memory, const entry& from, std::string_view key, bool deadline_room);

  value_type type() const { return static_cast<value_type>(kind_ & 0x0f); }
  encoding how() const { return static_cast<encoding>(kind_ >> 4); }
  void set_how(encoding how) {
    kind_ = static_cast<std::uint8_t>((kind_ & 0x0f) | static_cast<unsigned>(how) << 4);
  }

  std::string_view key() const {
    const char* at = body();
    if (short_key_ != long_key) return {at, short_key_};
    return {at + sizeof(std::uint32_t), base::load<std::uint32_t>(at)};
  }

  bool is_integer() const { return how() == encoding::integer; }
  bool is_outside() const { return flags_ & outside; }

  /// The value of an integer-encoded string.
  std::int64_t integer() const {
    const char* at = value_start();
    return flags_ & narrow ? base::load<std::int32_t>(at) : base::load<std::int64_t>(at);
  }

  /// Whether this integer came about as a copy of another (COPY) and not by storing or computing
  /// it: OBJECT REFCOUNT tells the two apart.
  bool is_copied_integer() const { return flags_ & copied; }
  void set_copied_integer() { flags_ |= copied; }

  /// Stores an integer over an integer when the width suffices; false if it does not.
  bool replace_integer(std::int64_t value);

  /// The bytes of a string that is not integer-encoded.
  std::string_view text() const {
    if (is_outside()) {
      const big_string* string = outside_string();
      return {string->bytes(), string->size};
    }
    const char* at = value_start();
    const std::size_t size = read_length(at);
    return {at, size};
  }

  /// Stores a string over a string when both lie inside and take the same record; false otherwise.
  bool replace_text(std::string_view value, encoding how);

  /// Whether this is not a string.
  bool is_collection() const { return type() != value_type::string; }
  /// What this entry, which is not a string, points to.
  inline collection_data collection() const;
  /// Lets it point to something else; what it pointed to is the caller's.
  void set_collection(collection_data value);

  big_string* outside_string() const { return base::load<big_string*>(value_start()); }
  void set_outside_string(big_string* string) { base::store(value_start(), string); }

  bool has_deadline_room() const { return flags_ & deadline_room; }
  /// Milliseconds since the epoch; none when the key stays for ever.
  std::optional<base::milliseconds_t> deadline() const {
    if (!has_deadline_room()) return std::nullopt;
    return base::load<base::milliseconds_t>(after_header());
  }
  bool expired(base::milliseconds_t now) const {
    return has_deadline_room() && base::load<base::milliseconds_t>(after_header()) <= now;
  }
  void set_deadline(base::milliseconds_t when) { base::store(after_header(), when); }

  /// Where the deadline index keeps this entry.
  std::uint32_t deadline_position() const { return base::load<std::uint32_t>(after_header() + 8); }
  void set_deadline_position(std::uint32_t at) { base::store(after_header() + 8, at); }
  std::uint8_t deadline_level() const { return static_cast<std::uint8_t>(access_ >> 24); }
  void set_deadline_level(std::uint8_t level) {
    access_ = (access_ & access_mask) | std::uint32_t{level} << 24;
  }

  /// Of the last snapshot that saw this entry; see snapshot_watch.hpp.
  bool parity() const { return flags_ & parity_bit; }
  void set_parity(bool parity) {
    flags_ = static_cast<std::uint8_t>((flags_ & ~parity_bit) | (parity ? parity_bit : 0));
  }

  /// 24 bits whose meaning the eviction policy gives (LRU clock, or LFU time and counter).
  std::uint32_t access() const { return access_ & access_mask; }
  void set_access(std::uint32_t clock) {
    access_ = (access_ & ~access_mask) | (clock & access_mask);
  }

  /// Bytes of the record in its arena, and of what it holds outside.
  std::size_t memory() const;

 private:
  entry() = default;

  static constexpr std::uint8_t deadline_room = 1;
  static constexpr std::uint8_t outside = 2;
  static constexpr std::uint8_t narrow = 4;
  static constexpr std::uint8_t copied = 8;
  static constexpr std::uint8_t parity_bit = 16;
  static constexpr std::uint16_t long_key = 0xffff;
  static constexpr std::uint32_t access_mask = 0x00ffffff;
  static constexpr std::size_t deadline_bytes = 12;

  const char* after_header() const { return reinterpret_cast<const char*>(this + 1); }
  char* after_header() { return reinterpret_cast<char*>(this + 1); }
  const char* body() const { return after_header() + (has_deadline_room() ? deadline_bytes : 0); }
  const char* value_start() const {
    const auto name = key();
    return name.data() + name.size();
  }
  char* value_start() { return const_cast<char*>(static_cast<const entry*>(this)->value_start()); }

  static std::size_t length_bytes(std::size_t size);
  static char* write_length(char* at, std::size_t size);
  static std::size_t read_length(const char*& at) {
    const auto first = static_cast<std::uint8_t>(*at++);
    if (first < 0xff) return first;
    const auto size = base::load<std::uint32_t>(at);
    at += sizeof size;
    return size;
  }

  static std::size_t head_size(std::string_view key, bool deadline_room);
  static entry* make(arena& memory, std::string_view key, std::size_t value_bytes, value_type type,
                     encoding how, bool deadline_room);
  std::size_t value_bytes() const;
  std::size_t record_size() const;
  static entry* rebuilt(arena& memory, entry* old, std::string_view key, bool deadline_room);

  std::uint8_t kind_;
  std::uint8_t flags_;
  std::uint16_t short_key_;
  std::uint32_t access_;
};
static_assert(sizeof(entry) == 8);

}  // namespace hawser::store
