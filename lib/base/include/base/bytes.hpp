#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace hawser::base {

/// The ASCII lower-case form of a byte; every other byte, those above 127 included, stays as it is.
constexpr char to_lower(char c) {
  const bool upper = static_cast<unsigned char>(c - 'A') < 26;
  return upper ? static_cast<char>(c | 0x20) : c;
}

/// Lower-cases ASCII letters in place.
inline void lower_in_place(std::span<char> bytes) {
  for (char& c : bytes) c = to_lower(c);
}

/// A lower-cased copy, and an upper-cased one.
std::string lower(std::string_view text);
std::string upper(std::string_view text);

/// Whether two strings are equal when the case of ASCII letters is ignored.
inline bool iequals(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i] && to_lower(a[i]) != to_lower(b[i])) return false;
  }
  return true;
}

/// Appends the text in double quotes with everything that is not printable ASCII escaped;
/// split_args reads it back.
void append_quoted(std::string& out, std::string_view text);

/// The text in double quotes as append_quoted writes it.
std::string quoted(std::string_view text);

}  // namespace hawser::base
