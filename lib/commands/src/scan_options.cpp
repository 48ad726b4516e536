#include "scan_options.hpp"

#include <charconv>

namespace hawser::commands {

std::uint64_t read_cursor(std::string_view word) {
  auto text = word.substr(0, word.find('\0'));
  if (text.empty()) return 0;
  const bool negative = text.front() == '-';
  if (negative || text.front() == '+') text.remove_prefix(1);
  std::uint64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) throw command_error("ERR invalid cursor");
  return negative ? 0 - value : value;
}

}  // namespace hawser::commands
