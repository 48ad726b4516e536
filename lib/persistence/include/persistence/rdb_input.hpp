#pragma once

#include <base/numbers.hpp>
#include <base/unaligned.hpp>

#include <cstdint>
#include <memory>
#include <persistence/byte_source.hpp>
#include <persistence/rdb_format.hpp>
#include <string>
#include <string_view>

namespace hawser::persistence {

/// Why bytes could not be decoded, and how many bytes before.
struct rdb_failure {
  std::uint64_t offset;
  std::string reason;
};

/// A string as it was read: an integer in a short form, or text.
struct rdb_string {
  bool is_integer;
  std::int64_t integer;
  std::string_view text;
};

/// Reads the primitives of the RDB format. Whatever the bytes, nothing is read outside of them and
/// no more memory is taken than there are bytes for (LZF: 264 times that). What cannot be is thrown
/// as an rdb_failure. Views are valid until the next read.
class rdb_input {
 public:
  explicit rdb_input(byte_source& from, bool checksum = true);
  /// Of bytes in memory, which outlive the input.
  explicit rdb_input(std::string_view all);

  /// Bytes read so far.
  std::uint64_t offset() const { return before_ + (at_ - begin_); }
  /// What the source has given beyond that.
  std::string_view ahead() const { return {at_, static_cast<std::size_t>(end_ - at_)}; }
  /// Of all bytes read so far.
  std::uint64_t checksum();
  /// Tells the source that work goes on without it.
  void breathe() const {
    if (from_ != nullptr) from_->breathe();
  }

  std::uint8_t byte() { return static_cast<std::uint8_t>(*take(1)); }
  std::string_view bytes(std::uint64_t count);
  std::uint32_t u32() { return fixed<std::uint32_t>(); }
  std::uint64_t u64() { return fixed<std::uint64_t>(); }
  double binary_double() { return fixed<double>(); }
  /// Of old sorted sets: a text whose length is one byte, or a special value in its place.
  double text_double();
  std::uint64_t length();

  rdb_string string();
  /// The same, always as text.
  std::string_view text();

  [[noreturn]] void fail(std::string reason) const;
  /// Throws unless `good`.
  void require(bool good, const char* reason) const {
    if (!good) fail(reason);
  }

 private:
  struct prefix {
    bool is_form;
    std::uint64_t value;
  };

  template <class T>
  T fixed() {
    return base::load<T>(take(sizeof(T)));
  }
  const char* take(std::size_t count) {
    if (static_cast<std::size_t>(end_ - at_) < count) refill(count);
    const char* taken = at_;
    at_ += count;
    return taken;
  }
  prefix read_prefix();
  std::string_view decompressed();
  std::string_view long_bytes(std::uint64_t count);
  void refill(std::size_t wanted);
  void add_to_checksum();

  byte_source* from_ = nullptr;
  bool checksums_ = false;
  std::unique_ptr<char[]> window_;
  const char* begin_;         // of the window
  const char* at_;            // what is read next
  const char* end_;           // of what has been filled
  const char* summed_;        // up to here the checksum is known
  std::uint64_t before_ = 0;  // bytes before the window
  std::uint64_t crc_ = 0;
  std::string long_;
  std::string plain_;
  char digits_[base::max_int_chars];
};

}  // namespace hawser::persistence
