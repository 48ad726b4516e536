#include "catch.hpp"
#include <base/bits.hpp>

#include <bitset>
#include <random>
#include <string>

using namespace hawser::base;

namespace {

std::string random_bytes(std::mt19937& random, std::size_t size) {
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

bool bit_of(const std::string& bytes, std::size_t at) {
  return at / 8 < bytes.size() && (static_cast<unsigned char>(bytes[at / 8]) >> (7 - at % 8) & 1);
}

}  // namespace

TEST_CASE("Bits are counted at every length and alignment", "[bits]") {
  std::mt19937 random(1);
  const auto bytes = random_bytes(random, 200);
  for (std::size_t from = 0; from < 9; ++from) {
    std::size_t expected = 0;
    for (std::size_t size = 0; from + size < bytes.size(); ++size) {
      CHECK(count_bits(std::string_view(bytes).substr(from, size)) == expected);
      expected += std::bitset<8>(static_cast<unsigned char>(bytes[from + size])).count();
    }
  }
}

TEST_CASE("The first bit of a kind is found wherever it is", "[bits]") {
  for (const bool set : {true, false})
    for (std::size_t at = 0; at < 200; ++at) {
      std::string bytes(25, set ? '\0' : '\xff');
      CHECK(find_bit(bytes, set) == std::nullopt);
      bytes[at / 8] = static_cast<char>(bytes[at / 8] ^ (0x80 >> at % 8));
      CHECK(find_bit(bytes, set) == at);
    }
  CHECK(find_bit("", true) == std::nullopt);
}

TEST_CASE("Numbers are read and written at every bit and in every width", "[bits]") {
  std::mt19937 random(2);
  for (unsigned width = 1; width <= 64; ++width)
    for (std::size_t at = 0; at < 24; ++at) {
      const auto before = random_bytes(random, 11);
      const std::uint64_t value = std::uint64_t{random()} << 32 | random();
      auto bytes = before;
      put_bits(bytes, at, width, value);
      const auto kept = width == 64 ? value : value & ((std::uint64_t{1} << width) - 1);
      CHECK(bits_at(bytes, at, width) == kept);
      for (std::size_t i = 0; i < 88; ++i)
        if (i < at || i >= at + width) CHECK(bit_of(bytes, i) == bit_of(before, i));
      for (unsigned i = 0; i < width; ++i)
        CHECK(bit_of(bytes, at + i) == (kept >> (width - 1 - i) & 1));
    }
}

TEST_CASE("What is beyond the end of the bytes reads as zeros", "[bits]") {
  CHECK(bits_at("\xff", 4, 8) == 0xf0);
  CHECK(bits_at("\xff", 8, 64) == 0);
  CHECK(bits_at("", std::uint64_t{1} << 40, 3) == 0);
}
