#pragma once

#include <base/crc64.hpp>

#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string>
#include <string_view>

// Bytes of RDB files made by hand, independently of the encoder that is tested.
namespace hawser::test::rdb {

template <class T>
std::string little(T value) {
  return std::string(reinterpret_cast<const char*>(&value), sizeof value);
}

inline std::string byte(int value) { return std::string(1, static_cast<char>(value)); }

inline std::string length(std::uint64_t value) {
  if (value < 64) return byte(static_cast<int>(value));
  return byte(0x81) + little(__builtin_bswap64(value));
}

inline std::string string(std::string_view text) { return length(text.size()).append(text); }

/// What DUMP replies for a value of a type.
inline std::string payload(int type, std::string_view value, std::uint16_t version = 10) {
  auto all = byte(type).append(value) + little(version);
  return all + little(base::crc64(0, all));
}

/// A whole file of these items.
inline std::string file(std::string_view items, std::string_view header = "REDIS0010") {
  auto all = std::string(header).append(items) + byte(0xff);
  return all + little(base::crc64(0, all));
}

using texts = std::initializer_list<std::string_view>;

/// Elements of up to 63 bytes.
inline std::string listpack(texts elements) {
  std::string body;
  for (const auto each : elements) {
    body.append(byte(0x80 | static_cast<int>(each.size()))).append(each);
    body += byte(static_cast<int>(each.size()) + 1);
  }
  const auto count = static_cast<std::uint16_t>(elements.size());
  return little(static_cast<std::uint32_t>(body.size() + 7)) + little(count) + body + byte(0xff);
}

/// A ziplist of elements that are encoded already, without the size of the one before.
inline std::string ziplist(std::initializer_list<std::string> elements) {
  constexpr std::uint32_t header = 10;
  std::string body;
  std::size_t before = 0;
  std::uint32_t last = header;
  for (const auto& each : elements) {
    last = header + static_cast<std::uint32_t>(body.size());
    const auto size_before = before < 254 ? byte(static_cast<int>(before))
                                          : byte(254) + little(static_cast<std::uint32_t>(before));
    body += size_before + each;
    before = size_before.size() + each.size();
  }
  return little(static_cast<std::uint32_t>(header + body.size() + 1)) + little(last) +
         little(static_cast<std::uint16_t>(elements.size())) + body + byte(0xff);
}

/// An element of a ziplist of up to 63 bytes.
inline std::string zip(std::string_view text) {
  return byte(static_cast<int>(text.size())).append(text);
}

}  // namespace hawser::test::rdb
