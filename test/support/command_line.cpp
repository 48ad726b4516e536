#include "command_line.hpp"

#include <algorithm>
#include <cstdio>
#include <stdexcept>

namespace hawser::test {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Reads words off the front of a line.
class splitter {
 public:
  explicit splitter(std::string_view line) : rest_(line) {}

  std::vector<std::string> words() {
    std::vector<std::string> result;
    for (skip_blanks(); !rest_.empty(); skip_blanks()) result.push_back(word());
    return result;
  }

 private:
  void skip_blanks() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t'))
      rest_.remove_prefix(1);
  }

  char take() {
    if (rest_.empty()) throw std::invalid_argument("unbalanced quotes");
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  std::string word() {
    std::string result;
    while (!rest_.empty() && rest_.front() != ' ' && rest_.front() != '\t') {
      const char c = take();
      if (c == '"') {
        double_quoted(result);
      } else if (c == '\'') {
        single_quoted(result);
      } else {
        result += c;
      }
    }
    return result;
  }

  void double_quoted(std::string& to) {
    for (char c = take(); c != '"'; c = take()) to += c == '\\' ? escaped() : c;
  }

  void single_quoted(std::string& to) {
    for (char c = take(); c != '\''; c = take()) {
      if (c == '\\' && !rest_.empty() && rest_.front() == '\'') c = take();
      to += c;
    }
  }

  char escaped() {
    const char c = take();
    switch (c) {
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 't':
        return '\t';
      case 'x':
        return hex_escape();
      default:
        return c;
    }
  }

  char hex_escape() {
    const int high = hex_digit(take());
    const int low = hex_digit(take());
    if (high < 0 || low < 0) throw std::invalid_argument("\\x needs two hexadecimal digits");
    return static_cast<char>(high * 16 + low);
  }

  std::string_view rest_;
};

bool plain(unsigned char c) {
  constexpr std::string_view special = " \"'\\[]{}!~>=#,";
  return c > ' ' && c < 0x7f && special.find(static_cast<char>(c)) == special.npos;
}

void append_escaped(std::string& to, char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (c == '"' || c == '\\') {
    to += '\\';
    to += c;
  } else if (c == '\n' || c == '\r' || c == '\t') {
    to += c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t";
  } else if (byte < 0x20 || byte >= 0x7f) {
    char hex[5];
    std::snprintf(hex, sizeof hex, "\\x%02x", byte);
    to += hex;
  } else {
    to += c;
  }
}

}  // namespace

std::vector<std::string> split_command(std::string_view line) { return splitter(line).words(); }

std::string encode_command(const std::vector<std::string>& argv) {
  std::string request = "*" + std::to_string(argv.size()) + "\r\n";
  for (const auto& argument : argv)
    request += "$" + std::to_string(argument.size()) + "\r\n" + argument + "\r\n";
  return request;
}

std::string quote(std::string_view text) {
  const auto is_plain = [](char c) { return plain(static_cast<unsigned char>(c)); };
  if (!text.empty() && text != "nil" && std::all_of(text.begin(), text.end(), is_plain))
    return std::string(text);
  std::string result = "\"";
  for (const char c : text) append_escaped(result, c);
  return result + "\"";
}

std::string to_line(const std::vector<std::string>& argv) {
  std::string line;
  for (const auto& argument : argv) {
    if (!line.empty()) line += ' ';
    line += quote(argument);
  }
  return line;
}

}  // namespace hawser::test
