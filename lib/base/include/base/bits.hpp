#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

// A string as a row of bits: bit 0 is the highest of the first byte.
namespace hawser::base {

/// How many bits are set. O(n), by words.
std::size_t count_bits(std::string_view bytes);

/// The first bit that is set, or that is not; nullopt: there is none. O(n), by words.
std::optional<std::size_t> find_bit(std::string_view bytes, bool set);

/// The `width` (1 to 64) bits from bit `at` on as a number, the first of them its highest; bits
/// beyond the end are 0.
std::uint64_t bits_at(std::string_view bytes, std::uint64_t at, unsigned width);

/// Stores the lowest `width` (1 to 64) bits of a number at bit `at`; all must lie within the bytes.
void put_bits(std::span<char> bytes, std::uint64_t at, unsigned width, std::uint64_t value);

}  // namespace hawser::base
