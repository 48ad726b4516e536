#include <base/crc64.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstring>

namespace hawser::base {

namespace {

using table = std::array<std::uint64_t, 256>;

constexpr std::uint64_t reflected_polynomial = 0x95ac9329ac4bc9b5;

/// tables[k][b] is what a byte b adds to the checksum when k bytes follow it, so that eight bytes
/// take eight independent look-ups.
constexpr auto tables = [] {
  std::array<table, 8> made{};
  for (std::size_t byte = 0; byte < 256; ++byte) {
    std::uint64_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? reflected_polynomial : 0);
    made[0][byte] = crc;
  }
  for (std::size_t k = 1; k < made.size(); ++k) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const auto shorter = made[k - 1][byte];
      made[k][byte] = shorter >> 8 ^ made[0][shorter & 0xff];
    }
  }
  return made;
}();

std::uint64_t add_eight(std::uint64_t crc, const char* bytes) {
  static_assert(std::endian::native == std::endian::little);
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  word ^= crc;
  return tables[7][word & 0xff] ^ tables[6][word >> 8 & 0xff] ^ tables[5][word >> 16 & 0xff] ^
         tables[4][word >> 24 & 0xff] ^ tables[3][word >> 32 & 0xff] ^
         tables[2][word >> 40 & 0xff] ^ tables[1][word >> 48 & 0xff] ^ tables[0][word >> 56];
}

}  // namespace

std::uint64_t crc64(std::uint64_t crc, std::string_view bytes) {
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) crc = add_eight(crc, bytes.data());
  for (const char c : bytes)
    crc = crc >> 8 ^ tables[0][(crc ^ static_cast<std::uint8_t>(c)) & 0xff];
  return crc;
}

}  // namespace hawser::base
