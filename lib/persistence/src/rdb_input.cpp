#include "lzf.hpp"
#include <base/crc64.hpp>

#include <algorithm>
#include <limits>
#include <persistence/rdb_input.hpp>
#include <utility>

namespace hawser::persistence {

namespace {

constexpr std::size_t window_size = std::size_t{64} << 10;

}  // namespace

rdb_input::rdb_input(byte_source& from, bool checksum)
    : from_(&from),
      checksums_(checksum),
      window_(std::make_unique_for_overwrite<char[]>(window_size)),
      begin_(window_.get()),
      at_(begin_),
      end_(begin_),
      summed_(begin_) {}

rdb_input::rdb_input(std::string_view all)
    : begin_(all.data()), at_(begin_), end_(begin_ + all.size()), summed_(begin_) {}

void rdb_input::fail(std::string reason) const { throw rdb_failure{offset(), std::move(reason)}; }

void rdb_input::add_to_checksum() {
  if (checksums_) crc_ = base::crc64(crc_, {summed_, static_cast<std::size_t>(at_ - summed_)});
  summed_ = at_;
}

std::uint64_t rdb_input::checksum() {
  add_to_checksum();
  return crc_;
}

/// Lets at least `wanted` bytes, no more than a window, lie in one piece.
void rdb_input::refill(std::size_t wanted) {
  if (from_ == nullptr) fail("unexpected end of data");
  add_to_checksum();
  const auto kept = static_cast<std::size_t>(end_ - at_);
  before_ += static_cast<std::uint64_t>(at_ - begin_);
  std::memmove(window_.get(), at_, kept);
  at_ = summed_ = begin_;
  end_ = begin_ + kept;
  while (static_cast<std::size_t>(end_ - at_) < wanted) {
    std::error_code failure;
    char* free = window_.get() + (end_ - begin_);
    const auto got =
        from_->read({free, window_size - static_cast<std::size_t>(end_ - begin_)}, failure);
    if (failure) fail("cannot read: " + failure.message());
    if (got == 0) fail("unexpected end of file");
    end_ += got;
  }
}

std::string_view rdb_input::bytes(std::uint64_t count) {
  const auto left = static_cast<std::size_t>(end_ - at_);
  if (count > left && (from_ == nullptr || count > window_size)) return long_bytes(count);
  return {take(static_cast<std::size_t>(count)), static_cast<std::size_t>(count)};
}

/// Bytes that do not fit into the window are put together outside: memory grows with what comes,
/// not with what is announced.
std::string_view rdb_input::long_bytes(std::uint64_t count) {
  if (from_ == nullptr) fail("unexpected end of data");
  long_.clear();
  while (long_.size() < count) {
    if (at_ == end_) refill(1);
    const auto part =
        std::min<std::uint64_t>(count - long_.size(), static_cast<std::uint64_t>(end_ - at_));
    long_.append(take(static_cast<std::size_t>(part)), static_cast<std::size_t>(part));
  }
  return long_;
}

rdb_input::prefix rdb_input::read_prefix() {
  constexpr std::uint8_t four_bytes = 0x80, eight_bytes = 0x81;
  const auto first = byte();
  switch (first >> 6) {
    case 0:
      return {false, first};
    case 1:
      return {false, static_cast<std::uint64_t>(first & 0x3f) << 8 | byte()};
    case 3:
      return {true, static_cast<std::uint64_t>(first & 0x3f)};
    default:
      if (first == four_bytes) return {false, __builtin_bswap32(u32())};
      if (first == eight_bytes) return {false, __builtin_bswap64(u64())};
      fail("a length of an unknown kind");
  }
}

std::uint64_t rdb_input::length() {
  const auto read = read_prefix();
  require(!read.is_form, "a string where a length is expected");
  return read.value;
}

std::string_view rdb_input::decompressed() {
  const auto packed = length();
  const auto size = length();
  const auto from = bytes(packed);
  require(lzf_unpack(from, size, plain_), "a compressed string that does not unpack");
  return plain_;
}

rdb_string rdb_input::string() {
  const auto read = read_prefix();
  if (!read.is_form) return {false, 0, bytes(read.value)};
  switch (static_cast<string_form>(read.value)) {
    case string_form::int8:
      return {true, fixed<std::int8_t>(), {}};
    case string_form::int16:
      return {true, fixed<std::int16_t>(), {}};
    case string_form::int32:
      return {true, fixed<std::int32_t>(), {}};
    case string_form::lzf:
      return {false, 0, decompressed()};
  }
  fail("a string of an unknown form");
}

std::string_view rdb_input::text() {
  const auto read = string();
  if (!read.is_integer) return read.text;
  return {digits_, base::format_int(digits_, read.integer)};
}

double rdb_input::text_double() {
  constexpr std::uint8_t not_a_number = 253, infinite = 254, minus_infinite = 255;
  const auto size = byte();
  if (size == infinite) return std::numeric_limits<double>::infinity();
  if (size == minus_infinite) return -std::numeric_limits<double>::infinity();
  if (size == not_a_number) return std::numeric_limits<double>::quiet_NaN();
  const auto value = base::parse_double(bytes(size));
  require(value.has_value(), "a score that is no number");
  return *value;
}

}  // namespace hawser::persistence
