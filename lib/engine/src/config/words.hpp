#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Small work on text that the configuration needs in several places.
namespace hawser::engine {

/// Without blanks at either end: space, tab, carriage return, line feed.
std::string_view trimmed(std::string_view text);

/// The pieces between single separators: two in a row make an empty piece; empty text has none.
std::vector<std::string> split(std::string_view text, char separator);

std::string join(std::span<const std::string> pieces, std::string_view separator);

/// As strtoll reads all of it: leading blanks, a plus sign and leading zeros are fine, nothing is
/// 0.
std::optional<std::int64_t> lenient_integer(const std::string& text, int base = 10);

/// 3000 as "3000", 2048 as "2kb": the largest unit that divides it.
std::string with_unit(std::uint64_t bytes);

}  // namespace hawser::engine
