#pragma once

#include <cstdint>
#include <string_view>

namespace hawser::base {

/// Continues a CRC-64 (the Jones polynomial, reflected, no inversion: the checksum of RDB files and
/// DUMP payloads) over more bytes; a checksum starts from 0.
std::uint64_t crc64(std::uint64_t crc, std::string_view bytes);

}  // namespace hawser::base
