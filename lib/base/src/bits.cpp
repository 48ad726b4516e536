#include <base/bits.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace hawser::base {

namespace {

constexpr std::size_t word_bytes = sizeof(std::uint64_t);

std::uint64_t word_at(const char* at) {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

/// Words by fours, so that few additions wait for the one before.
[[gnu::always_inline]] inline std::size_t sum_of_bits(std::string_view bytes) {
  std::array<int, 4> part{};
  std::size_t sum = 0;
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  for (; end - at >= 32; at += 32) {
    for (std::size_t i = 0; i < 4; ++i)
      part[i] = __builtin_popcountll(word_at(at + i * word_bytes));
    sum += static_cast<std::size_t>((part[0] + part[1]) + (part[2] + part[3]));
  }
  for (; at != end; ++at)
    sum += static_cast<std::size_t>(__builtin_popcountll(static_cast<unsigned char>(*at)));
  return sum;
}

#if defined(__x86_64__)
// The default build is for processors that may lack the instruction, which all since 2008 have.
[[gnu::target("popcnt")]] std::size_t sum_by_instruction(std::string_view bytes) {
  return sum_of_bits(bytes);
}
#endif

}  // namespace

std::size_t count_bits(std::string_view bytes) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("popcnt")) return sum_by_instruction(bytes);
#endif
  return sum_of_bits(bytes);
}

std::optional<std::size_t> find_bit(std::string_view bytes, bool set) {
  const std::uint64_t none = set ? 0 : ~std::uint64_t{0};
  std::size_t at = 0;
  while (bytes.size() - at >= word_bytes && word_at(bytes.data() + at) == none) at += word_bytes;
  for (; at < bytes.size(); ++at) {
    auto byte = static_cast<std::uint8_t>(bytes[at]);
    if (!set) byte = static_cast<std::uint8_t>(~byte);
    if (byte != 0) return at * 8 + static_cast<std::size_t>(std::countl_zero(byte));
  }
  return std::nullopt;
}

std::uint64_t bits_at(std::string_view bytes, std::uint64_t at, unsigned width) {
  std::uint64_t value = 0;
  while (width > 0) {
    const unsigned skipped = at % 8;
    const unsigned taken = std::min(8 - skipped, width);
    const auto byte = at / 8 < bytes.size() ? static_cast<unsigned char>(bytes[at / 8]) : 0U;
    const unsigned part = byte >> (8 - skipped - taken) & ((1U << taken) - 1);
    value = value << taken | part;
    at += taken;
    width -= taken;
  }
  return value;
}

void put_bits(std::span<char> bytes, std::uint64_t at, unsigned width, std::uint64_t value) {
  while (width > 0) {
    const unsigned skipped = at % 8;
    const unsigned taken = std::min(8 - skipped, width);
    const unsigned shift = 8 - skipped - taken;
    const unsigned mask = ((1U << taken) - 1) << shift;
    const auto part = static_cast<unsigned>(value >> (width - taken)) << shift & mask;
    auto& byte = bytes[at / 8];
    byte = static_cast<char>((static_cast<unsigned char>(byte) & ~mask) | part);
    at += taken;
    width -= taken;
  }
}

}  // namespace hawser::base
