#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hawser::store {

/// An element in the format of listpacks, measured and ready to be written. Refers to its text.
class encoded_element {
 public:
  explicit encoded_element(std::string_view text);
  explicit encoded_element(std::int64_t integer);

  /// Bytes that it takes, the length behind it included.
  std::size_t size() const { return size_; }
  void write(char* at) const;

 private:
  void measure();

  std::string_view text_;
  std::optional<std::int64_t> integer_;
  std::size_t data_;  // bytes without the length behind
  std::size_t size_;
};

/// The integer that a text is if it is one in its canonical form: a listpack keeps it as such.
std::optional<std::int64_t> canonical_integer(std::string_view text);

/// Bytes of the length that stands behind an element of `size` bytes. The largest number that two,
/// three and four bytes could hold takes one byte more: the format is so.
std::size_t backlen_bytes(std::size_t size);

/// Seven bits a byte, the highest first; all but the first have the top bit, which tells who reads
/// backwards that there is more. Returns the bytes written.
std::size_t write_backlen(char* at, std::size_t size);

}  // namespace hawser::store
