#include <base/bytes.hpp>

namespace hawser::base {

namespace {

/// The letter after the backslash for bytes that have a short escape, otherwise 0.
char short_escape(char c) {
  switch (c) {
    case '\\':
    case '"':
      return c;
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    case '\a':
      return 'a';
    case '\b':
      return 'b';
    default:
      return 0;
  }
}

void append_escaped(std::string& out, char c) {
  constexpr std::string_view hex = "0123456789abcdef";
  if (const char letter = short_escape(c)) {
    out += '\\';
    out += letter;
  } else if (c >= ' ' && c <= '~') {
    out += c;
  } else {
    const auto byte = static_cast<unsigned char>(c);
    out += "\\x";
    out += hex[byte >> 4];
    out += hex[byte & 15];
  }
}

}  // namespace

std::string lower(std::string_view text) {
  std::string copy(text);
  lower_in_place(copy);
  return copy;
}

std::string upper(std::string_view text) {
  std::string copy(text);
  for (char& c : copy)
    if (static_cast<unsigned char>(c - 'a') < 26) c = static_cast<char>(c & ~0x20);
  return copy;
}

void append_quoted(std::string& out, std::string_view text) {
  out.reserve(out.size() + text.size() + 2);
  out += '"';
  for (const char c : text) append_escaped(out, c);
  out += '"';
}

std::string quoted(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
}

}  // namespace hawser::base
