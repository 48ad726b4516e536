#pragma once

#include <cstdint>
#include <string_view>

namespace hawser::base {

/// The CRC-16 of the XMODEM protocol, on which hash slots rest.
std::uint16_t crc16(std::string_view bytes);

/// The number of hash slots a cluster shares out.
inline constexpr std::uint16_t slot_count = 16384;

/// The hash slot of a key. Where the key holds a non-empty tag between its first '{' and the '}'
/// next after it, the tag alone counts, so that keys with one tag share a slot.
std::uint16_t key_slot(std::string_view key);

}  // namespace hawser::base
