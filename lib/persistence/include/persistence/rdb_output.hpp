#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <persistence/byte_sink.hpp>
#include <persistence/rdb_format.hpp>
#include <string>
#include <string_view>

namespace hawser::persistence {

/// How strings are written, whether a checksum is kept, and what version's forms there may be.
struct rdb_options {
  bool compress = true;
  bool checksum = true;
  int version = rdb_version;
};

/// Writes the primitives of the RDB format to a sink, in blocks. After a failure of the sink what
/// is written goes nowhere; flush tells of it.
class rdb_output {
 public:
  static constexpr std::size_t usual_block = std::size_t{64} << 10;

  rdb_output(byte_sink& to, rdb_options options, std::size_t block = usual_block);
  /// Without compression and checksum: strings that may be compressed are handed over as such.
  explicit rdb_output(deferring_sink& to, int version = rdb_version);

  int version() const { return options_.version; }

  void byte(std::uint8_t value) {
    make_room(1);
    room_[used_++] = static_cast<char>(value);
  }
  void opcode(rdb_opcode what) { byte(static_cast<std::uint8_t>(what)); }
  void type(rdb_type what) { byte(static_cast<std::uint8_t>(what)); }
  void raw(std::string_view bytes);
  void length(std::uint64_t value);
  void u64(std::uint64_t value) { fixed(value); }
  void binary_double(double value) { fixed(value); }

  /// A string in the shortest of its forms: an integer if it reads as one, compressed if that is
  /// wanted and pays.
  void string(std::string_view text);
  /// The string of an integer's digits.
  void integer(std::int64_t value);

  /// Hands everything to the sink; the first failure there was, if any.
  std::error_code flush();
  /// Of all that has been written; 0 without checksums.
  std::uint64_t checksum();
  std::uint64_t bytes_written() const { return flushed_ + used_; }

 private:
  template <class T>
  void fixed(T value) {
    make_room(sizeof value);
    std::memcpy(room_.get() + used_, &value, sizeof value);
    used_ += sizeof value;
  }
  void make_room(std::size_t bytes) {
    if (block_ - used_ < bytes) hand_over();
  }
  bool short_integer(std::int64_t value);
  bool compressed(std::string_view text);
  void hand_over();
  void send(std::string_view bytes);

  byte_sink* to_;
  deferring_sink* texts_ = nullptr;
  rdb_options options_;
  std::size_t block_;
  std::unique_ptr<char[]> room_;
  std::size_t used_ = 0;
  std::uint64_t flushed_ = 0;
  std::uint64_t crc_ = 0;
  std::error_code failure_;
  std::string scratch_;
};

}  // namespace hawser::persistence
