#include <base/crc16.hpp>

#include <array>
#include <cstddef>

namespace hawser::base {

namespace {

constexpr std::uint16_t polynomial = 0x1021;

constexpr auto table = [] {
  std::array<std::uint16_t, 256> made{};
  for (std::size_t byte = 0; byte < made.size(); ++byte) {
    auto crc = static_cast<std::uint16_t>(byte << 8);
    for (int bit = 0; bit < 8; ++bit) {
      crc = static_cast<std::uint16_t>(crc << 1 ^ (crc & 0x8000 ? polynomial : 0));
    }
    made[byte] = crc;
  }
  return made;
}();

std::string_view hashed_part(std::string_view key) {
  const auto open = key.find('{');
  if (open == key.npos) return key;
  const auto close = key.find('}', open + 1);
  if (close == key.npos || close == open + 1) return key;
  return key.substr(open + 1, close - open - 1);
}

}  // namespace

std::uint16_t crc16(std::string_view bytes) {
  std::uint16_t crc = 0;
  for (const char c : bytes) {
    const auto index = (crc >> 8 ^ static_cast<std::uint8_t>(c)) & 0xff;
    crc = static_cast<std::uint16_t>(crc << 8 ^ table[static_cast<std::size_t>(index)]);
  }
  return crc;
}

std::uint16_t key_slot(std::string_view key) { return crc16(hashed_part(key)) % slot_count; }

}  // namespace hawser::base
