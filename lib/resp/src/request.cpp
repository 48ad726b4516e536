#include <resp/request.hpp>

#include <fmt/format.h>

namespace hawser::resp {

namespace {

void append_size(std::string& to, char what, std::size_t size) {
  to += what;
  const fmt::format_int digits(size);
  to.append(digits.data(), digits.size());
  to += "\r\n";
}

}  // namespace

void begin_request(std::string& to, std::size_t words) { append_size(to, '*', words); }

void append_word(std::string& to, std::string_view word) {
  append_size(to, '$', word.size());
  to += word;
  to += "\r\n";
}

void append_request(std::string& to, std::initializer_list<std::string_view> words) {
  begin_request(to, words.size());
  for (const auto each : words) append_word(to, each);
}

std::string request(std::initializer_list<std::string_view> words) {
  std::string text;
  append_request(text, words);
  return text;
}

}  // namespace hawser::resp
