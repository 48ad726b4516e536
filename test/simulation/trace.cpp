#include "trace.hpp"

#include <fmt/format.h>

namespace hawser::simulation {

/// FNV-1a.
void trace::mix(std::string_view bytes) {
  constexpr std::uint64_t prime = 1099511628211ULL;
  for (const char each : bytes)
    fingerprint_ = (fingerprint_ ^ static_cast<unsigned char>(each)) * prime;
}

void trace::note(std::string_view what, std::initializer_list<std::int64_t> numbers,
                 std::string_view text) {
  const auto now = time_.now();
  mix({reinterpret_cast<const char*>(&now), sizeof now});
  mix(what);
  for (const auto& each : numbers) mix({reinterpret_cast<const char*>(&each), sizeof each});
  mix(text);
  if (!readable_) return;
  constexpr double in_milliseconds = 1e6;
  constexpr std::size_t longest = 300;
  auto line = fmt::format("{:10.3f} {}", static_cast<double>(now) / in_milliseconds, what);
  for (const auto each : numbers) line += fmt::format(" {}", each);
  if (!text.empty()) line += ' ';
  for (const char each : text.substr(0, longest)) {
    const bool plain = each >= ' ' && each <= '~';
    line +=
        plain ? std::string(1, each) : fmt::format("\\x{:02x}", static_cast<unsigned char>(each));
  }
  lines_.push_back(std::move(line));
}

}  // namespace hawser::simulation
