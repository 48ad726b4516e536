#include "catch.hpp"
#include <base/crc64.hpp>
#include <base/random.hpp>

#include <string>

using hawser::base::crc64;

namespace {

/// The definition, bit by bit.
std::uint64_t slow_crc64(std::string_view bytes) {
  std::uint64_t crc = 0;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0x95ac9329ac4bc9b5 : 0);
  }
  return crc;
}

}  // namespace

TEST_CASE("CRC-64 has the check value of the Jones polynomial", "[base][crc64]") {
  CHECK(crc64(0, "123456789") == 0xe9c6d914c4b8d9ca);
  CHECK(crc64(0, "") == 0);
  CHECK(crc64(42, "") == 42);
}

TEST_CASE("CRC-64 is the same however the bytes are cut", "[base][crc64]") {
  hawser::base::random source(1);
  std::string bytes;
  for (int i = 0; i < 100; ++i) bytes += static_cast<char>(source.next());
  const auto whole = slow_crc64(bytes);
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    const auto head = crc64(0, std::string_view(bytes).substr(0, cut));
    REQUIRE(head == slow_crc64(std::string_view(bytes).substr(0, cut)));
    REQUIRE(crc64(head, std::string_view(bytes).substr(cut)) == whole);
  }
}
