#include <base/numbers.hpp>
#include <store/listpack_encoding.hpp>

#include <cstring>

namespace hawser::store {

namespace {

constexpr std::uint8_t string32 = 0xf0;
constexpr std::uint8_t integer16 = 0xf1;
constexpr std::uint8_t integer64 = 0xf4;

/// Bytes of an integer's encoding and data.
std::size_t integer_bytes(std::int64_t value) {
  if (value >= 0 && value <= 127) return 1;
  if (value >= -4096 && value <= 4095) return 2;
  if (value >= INT16_MIN && value <= INT16_MAX) return 3;
  if (value >= -(1 << 23) && value < 1 << 23) return 4;
  return value >= INT32_MIN && value <= INT32_MAX ? 5 : 9;
}

std::size_t write_integer(char* at, std::int64_t value) {
  const auto size = integer_bytes(value);
  const auto bits = static_cast<std::uint64_t>(value);
  if (size == 1) {
    *at = static_cast<char>(bits);
  } else if (size == 2) {
    at[0] = static_cast<char>(0xc0 | (bits >> 8 & 0x1f));
    at[1] = static_cast<char>(bits);
  } else {
    *at = static_cast<char>(size == 9 ? integer64 : integer16 + (size - 3));
    std::memcpy(at + 1, &bits, size - 1);
  }
  return size;
}

std::size_t string_head_bytes(std::size_t size) { return size < 64 ? 1 : size < 4096 ? 2 : 5; }

void write_string(char* at, std::string_view text) {
  const auto size = text.size();
  const auto head = string_head_bytes(size);
  if (head == 1) {
    *at = static_cast<char>(0x80 | size);
  } else if (head == 2) {
    at[0] = static_cast<char>(0xe0 | size >> 8);
    at[1] = static_cast<char>(size);
  } else {
    *at = static_cast<char>(string32);
    const auto wide = static_cast<std::uint32_t>(size);
    std::memcpy(at + 1, &wide, sizeof wide);
  }
  if (size > 0) std::memcpy(at + head, text.data(), size);
}

}  // namespace

std::size_t backlen_bytes(std::size_t size) {
  if (size < 1u << 7) return 1;
  if (size < (1u << 14) - 1) return 2;
  if (size < (1u << 21) - 1) return 3;
  return size < (1u << 28) - 1 ? 4 : 5;
}

std::size_t write_backlen(char* at, std::size_t size) {
  const auto bytes = backlen_bytes(size);
  for (std::size_t i = 0; i < bytes; ++i) {
    const auto bits = size >> 7 * (bytes - 1 - i) & 0x7f;
    at[i] = static_cast<char>(i == 0 ? bits : bits | 0x80);
  }
  return bytes;
}

std::optional<std::int64_t> canonical_integer(std::string_view text) {
  if (text.empty() || text.size() > base::max_int_chars) return std::nullopt;
  return base::parse_int(text);
}

encoded_element::encoded_element(std::string_view text)
    : text_(text), integer_(canonical_integer(text)) {
  measure();
}

encoded_element::encoded_element(std::int64_t integer) : integer_(integer) { measure(); }

void encoded_element::measure() {
  data_ = integer_ ? integer_bytes(*integer_) : string_head_bytes(text_.size()) + text_.size();
  size_ = data_ + backlen_bytes(data_);
}

void encoded_element::write(char* at) const {
  if (integer_)
    write_integer(at, *integer_);
  else
    write_string(at, text_);
  write_backlen(at + data_, data_);
}

}  // namespace hawser::store
