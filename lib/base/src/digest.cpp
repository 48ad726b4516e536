#include <base/digest.hpp>

#include <openssl/evp.h>

#include <cstddef>
#include <span>
#include <stdexcept>

namespace hawser::base {

namespace {

template <std::size_t Size>
std::array<std::uint8_t, Size> digest(const EVP_MD* algorithm, std::string_view bytes) {
  std::array<std::uint8_t, Size> out{};
  if (EVP_Digest(bytes.data(), bytes.size(), out.data(), nullptr, algorithm, nullptr) != 1) {
    throw std::runtime_error("the crypto library cannot compute a digest");
  }
  return out;
}

std::string hex(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const auto byte : bytes) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

}  // namespace

std::array<std::uint8_t, 20> sha1(std::string_view bytes) { return digest<20>(EVP_sha1(), bytes); }

std::string sha1_hex(std::string_view bytes) { return hex(sha1(bytes)); }

std::string sha256_hex(std::string_view bytes) { return hex(digest<32>(EVP_sha256(), bytes)); }

}  // namespace hawser::base
