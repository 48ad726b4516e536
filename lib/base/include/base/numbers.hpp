#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hawser::base {

/// Room that format_int and format_uint need at most.
inline constexpr std::size_t max_int_chars = 20;

/// Reads a decimal integer in its one canonical form: an optional '-', no '+', no spaces, no
/// leading zeros, no "-0"; nullopt for anything else and for what does not fit.
std::optional<std::int64_t> parse_int(std::string_view text);

/// As parse_int, for integers from 0 to 2^64 - 1.
std::optional<std::uint64_t> parse_uint(std::string_view text);

/// Reads a floating-point number as C's strtod in the "C" locale does (decimal, exponent, hex,
/// inf, infinity; any case, a sign), the whole text; nullopt for anything else, NaN, leading space,
/// overflow and underflow to zero.
std::optional<double> parse_double(std::string_view text);

/// As parse_double, with the range of long double; texts of 5120 bytes and more are refused.
std::optional<long double> parse_long_double(std::string_view text);

/// Reads an amount of memory: decimal digits and a unit of any case among none, b, k (1000),
/// kb (1024), m, mb, g, gb. No digits are 0, digits beyond 2^64 - 1 count as 2^64 - 1, and the
/// product wraps; nullopt for any other text and for more than 127 digits.
std::optional<std::uint64_t> parse_memory(std::string_view text);

/// Writes decimal digits to a place with room for max_int_chars; returns how many, adds no NUL.
std::size_t format_uint(char* out, std::uint64_t value);

/// As format_uint, with a '-' for negative values.
std::size_t format_int(char* out, std::int64_t value);

/// Appends the decimal form.
void append_int(std::string& out, std::int64_t value);

/// A double with 17 significant digits in the shorter of fixed and exponent form:
/// 0.10000000000000001, 1e+21, inf, -inf, -0, the way scores are shown.
std::string format_double(double value);

/// A long double for people: at most 17 decimals, trailing zeros dropped, never an exponent, never
/// "-0"; inf and -inf.
std::string format_long_double(long double value);

/// An amount of memory for people: "123B", "1.50M"; from 2^60 up in bytes.
std::string human_bytes(std::uint64_t bytes);

}  // namespace hawser::base
