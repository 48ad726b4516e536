#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace hawser::base {

/// Whether two texts are the same; short ones, as keys are, without a call.
inline bool equal(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  const auto word = [](const char* at) {
    std::uint64_t bytes;
    std::memcpy(&bytes, at, sizeof bytes);
    return bytes;
  };
  const auto size = a.size();
  if (size < 8 || size > 32) return std::memcmp(a.data(), b.data(), size) == 0;
  // The last word may overlap the one before it.
  std::uint64_t difference = word(a.data() + size - 8) ^ word(b.data() + size - 8);
  for (std::size_t at = 0; at + 8 < size; at += 8)
    difference |= word(a.data() + at) ^ word(b.data() + at);
  return difference == 0;
}

}  // namespace hawser::base
