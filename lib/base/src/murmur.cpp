#include <base/murmur.hpp>

#include <bit>
#include <cstddef>
#include <cstring>

namespace hawser::base {

namespace {

/// Up to eight bytes as a number, the first of them its lowest.
std::uint64_t word_at(const char* at, std::size_t bytes) {
  static_assert(std::endian::native == std::endian::little);
  std::uint64_t word = 0;
  std::memcpy(&word, at, bytes);
  return word;
}

}  // namespace

std::uint64_t murmur64a(std::string_view bytes, std::uint64_t seed) {
  constexpr std::uint64_t factor = 0xc6a4a7935bd1e995;
  constexpr int shift = 47;
  constexpr std::size_t word_bytes = 8;
  std::uint64_t hash = seed ^ bytes.size() * factor;
  while (bytes.size() >= word_bytes) {
    std::uint64_t word = word_at(bytes.data(), word_bytes) * factor;
    word = (word ^ word >> shift) * factor;
    hash = (hash ^ word) * factor;
    bytes.remove_prefix(word_bytes);
  }
  if (!bytes.empty()) hash = (hash ^ word_at(bytes.data(), bytes.size())) * factor;
  hash = (hash ^ hash >> shift) * factor;
  return hash ^ hash >> shift;
}

}  // namespace hawser::base
