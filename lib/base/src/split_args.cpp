#include <base/split_args.hpp>

#include <cstddef>
#include <utility>

namespace hawser::base {

namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// Vertical tabs and form feeds are skipped before an argument and may follow a quote, but end
/// none.
bool ends_word(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

char unescaped(char letter) {
  switch (letter) {
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'b':
      return '\b';
    case 'a':
      return '\a';
    default:
      return letter;
  }
}

/// Cuts one argument after the other off the front of a line.
class splitter {
 public:
  explicit splitter(std::string_view line) : rest_(line.substr(0, line.find('\0'))) {}

  bool skip_space() {
    while (!rest_.empty() && is_space(rest_.front())) rest_.remove_prefix(1);
    return !rest_.empty();
  }

  std::optional<std::string> argument() {
    std::string out;
    while (!rest_.empty() && !ends_word(rest_.front())) {
      const char c = take();
      if (c == '"' || c == '\'') {
        if (c == '"' ? !double_quoted(out) : !single_quoted(out)) return std::nullopt;
        break;
      }
      out += c;
    }
    return out;
  }

 private:
  char take() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  bool double_quoted(std::string& out) {
    while (!rest_.empty()) {
      const char c = take();
      if (c == '"') return at_end_of_argument();
      out += c == '\\' && !rest_.empty() ? escape() : c;
    }
    return false;
  }

  bool single_quoted(std::string& out) {
    while (!rest_.empty()) {
      const char c = take();
      if (c == '\'') return at_end_of_argument();
      out += c == '\\' && rest_.starts_with('\'') ? take() : c;
    }
    return false;
  }

  char escape() {
    const char letter = take();
    if (letter != 'x' || rest_.size() < 2) return unescaped(letter);
    const int high = hex_value(rest_[0]);
    const int low = hex_value(rest_[1]);
    if (high < 0 || low < 0) return letter;
    rest_.remove_prefix(2);
    return static_cast<char>(high * 16 + low);
  }

  bool at_end_of_argument() const { return rest_.empty() || is_space(rest_.front()); }

  std::string_view rest_;
};

}  // namespace

std::optional<std::vector<std::string>> split_args(std::string_view line) {
  std::vector<std::string> arguments;
  splitter input(line);
  while (input.skip_space()) {
    auto argument = input.argument();
    if (!argument) return std::nullopt;
    arguments.push_back(*std::move(argument));
  }
  return arguments;
}

}  // namespace hawser::base
