#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace hawser::base {

/// The SHA-1 digest. Throws std::runtime_error where the crypto library refuses the algorithm.
std::array<std::uint8_t, 20> sha1(std::string_view bytes);

/// The SHA-1 digest as 40 lower-case hex digits.
std::string sha1_hex(std::string_view bytes);

/// The SHA-256 digest as 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace hawser::base
