#include "config/words.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>

namespace hawser::engine {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> pieces;
  if (text.empty()) return pieces;
  for (std::size_t from = 0;;) {
    const auto to = text.find(separator, from);
    pieces.emplace_back(text.substr(from, to - from));
    if (to == text.npos) return pieces;
    from = to + 1;
  }
}

std::string join(std::span<const std::string> pieces, std::string_view separator) {
  return fmt::format("{}", fmt::join(pieces, separator));
}

std::optional<std::int64_t> lenient_integer(const std::string& text, int base) {
  errno = 0;
  char* end = nullptr;
  const auto value = std::strtoll(text.c_str(), &end, base);
  if (errno == ERANGE || end != text.c_str() + text.size()) return std::nullopt;
  return value;
}

std::string with_unit(std::uint64_t bytes) {
  constexpr std::uint64_t kb = 1024;
  if (bytes == 0) return "0";
  if (bytes % (kb * kb * kb) == 0) return fmt::format("{}gb", bytes / (kb * kb * kb));
  if (bytes % (kb * kb) == 0) return fmt::format("{}mb", bytes / (kb * kb));
  if (bytes % kb == 0) return fmt::format("{}kb", bytes / kb);
  return fmt::format("{}", bytes);
}

}  // namespace hawser::engine
