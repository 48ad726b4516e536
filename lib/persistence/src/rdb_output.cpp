#include "lzf.hpp"
#include <base/crc64.hpp>
#include <base/numbers.hpp>

#include <bit>
#include <persistence/rdb_output.hpp>

namespace hawser::persistence {

static_assert(std::endian::native == std::endian::little);

namespace {

/// Longer texts are not looked at as integers: those of 32 bits have at most 11 characters.
constexpr std::size_t longest_integer = 11;
/// Shorter texts are not compressed.
constexpr std::size_t least_compressed = 21;
/// Of an output that hands its strings over apart, and so often.
constexpr std::size_t deferring_block = 4096;
/// What a block has to hold at least: the longest primitive of a fixed size.
constexpr std::size_t least_block = 16;

constexpr std::uint8_t form_byte(string_form form) {
  return static_cast<std::uint8_t>(0xc0 | static_cast<unsigned>(form));
}

template <class T>
std::string_view bytes_of(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

}  // namespace

rdb_output::rdb_output(byte_sink& to, rdb_options options, std::size_t block)
    : to_(&to),
      options_(options),
      block_(std::max(block, least_block)),
      room_(std::make_unique_for_overwrite<char[]>(block_)) {}

rdb_output::rdb_output(deferring_sink& to, int version)
    : rdb_output(to, {false, false, version}, deferring_block) {
  texts_ = &to;
}

void rdb_output::send(std::string_view bytes) {
  if (options_.checksum) crc_ = base::crc64(crc_, bytes);
  flushed_ += bytes.size();
  if (!failure_) failure_ = to_->write(bytes);
}

void rdb_output::hand_over() {
  if (used_ > 0) send({room_.get(), used_});
  used_ = 0;
}

void rdb_output::raw(std::string_view bytes) {
  make_room(bytes.size());
  if (bytes.size() > block_) return send(bytes);
  bytes.copy(room_.get() + used_, bytes.size());
  used_ += bytes.size();
}

void rdb_output::length(std::uint64_t value) {
  if (value < 64) return byte(static_cast<std::uint8_t>(value));
  if (value < 16384) {
    byte(static_cast<std::uint8_t>(0x40 | value >> 8));
    return byte(static_cast<std::uint8_t>(value));
  }
  if (value <= 0xffffffff) {
    byte(0x80);
    return fixed(__builtin_bswap32(static_cast<std::uint32_t>(value)));
  }
  byte(0x81);
  fixed(__builtin_bswap64(value));
}

/// False: it needs more than 32 bits.
bool rdb_output::short_integer(std::int64_t value) {
  if (const auto small = static_cast<std::int8_t>(value); small == value) {
    byte(form_byte(string_form::int8));
    fixed(small);
  } else if (const auto medium = static_cast<std::int16_t>(value); medium == value) {
    byte(form_byte(string_form::int16));
    fixed(medium);
  } else if (const auto large = static_cast<std::int32_t>(value); large == value) {
    byte(form_byte(string_form::int32));
    fixed(large);
  } else {
    return false;
  }
  return true;
}

void rdb_output::integer(std::int64_t value) {
  if (short_integer(value)) return;
  char digits[base::max_int_chars];
  const auto size = base::format_int(digits, value);
  length(size);
  raw({digits, size});
}

bool rdb_output::compressed(std::string_view text) {
  if (!lzf_pack(text, scratch_)) return false;
  byte(form_byte(string_form::lzf));
  length(scratch_.size());
  length(text.size());
  raw(scratch_);
  return true;
}

void rdb_output::string(std::string_view text) {
  if (text.size() <= longest_integer)
    if (const auto value = base::parse_int(text); value && short_integer(*value)) return;
  if (text.size() >= least_compressed) {
    if (texts_ != nullptr) {
      hand_over();
      flushed_ += text.size();
      return texts_->text(text);
    }
    if (options_.compress && compressed(text)) return;
  }
  length(text.size());
  raw(text);
}

std::error_code rdb_output::flush() {
  hand_over();
  return failure_;
}

std::uint64_t rdb_output::checksum() {
  hand_over();
  return crc_;
}

}  // namespace hawser::persistence
