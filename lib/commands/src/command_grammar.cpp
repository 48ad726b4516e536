#include <base/bytes.hpp>
#include <commands/command_grammar.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace hawser::commands {

namespace {

constexpr std::array<std::string_view, 9> type_names = {
    "string", "integer", "double", "key", "pattern", "unix-time", "pure-token", "oneof", "block"};

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

class grammar_parser {
 public:
  explicit grammar_parser(std::string_view text) : text_(text) {}

  std::vector<argument> all() {
    std::vector<argument> found;
    if (!text_.empty()) found = sequence(' ');
    if (at_ != text_.size()) fail();
    return found;
  }

 private:
  std::vector<argument> sequence(char separator) {
    std::vector<argument> found{one()};
    while (take(separator)) found.push_back(one());
    return found;
  }

  argument one() {
    if (!take('[')) return marked(body());
    auto inner = marked(body());
    inner.optional = true;
    expect(']');
    return inner;
  }

  argument body() {
    argument made;
    if (at_token()) {
      made.token = token();
      if (take('=')) return value(std::move(made));
      made.type = argument_type::pure_token;
      made.name = base::lower(made.token);
      return made;
    }
    made = value(std::move(made));
    if (take('!')) {
      made.type = argument_type::pure_token;
      made.token = token();
    }
    return made;
  }

  argument value(argument made) {
    const auto written = word();
    made.name = written;
    if (const auto colon = written.rfind(':'); colon != written.npos)
      set_type(made, written.substr(0, colon), written.substr(colon + 1));
    if (take('(')) {
      made.type = argument_type::oneof;
      made.parts = sequence('|');
      expect(')');
    } else if (take('{')) {
      made.type = argument_type::block;
      made.parts = sequence(' ');
      expect('}');
    }
    return made;
  }

  // What follows the colon is part of the name when it is not a type, as in "ip:port".
  static void set_type(argument& of, std::string_view name, std::string_view type) {
    const auto mark = type.find('#');
    const auto found = std::ranges::find(type_names, type.substr(0, mark));
    if (found == type_names.end()) return;
    of.name = name;
    of.type = static_cast<argument_type>(found - type_names.begin());
    if (mark != type.npos)
      of.key_spec = type.at(mark + 1) - '0';
    else if (of.type == argument_type::key)
      of.key_spec = 0;
  }

  argument marked(argument of) {
    if (take("...")) of.multiple = true;
    if (of.multiple && take('*')) of.multiple_token = true;
    if (take('@')) of.since = word();
    if (take('~')) of.deprecated_since = word();
    return of;
  }

  bool at_token() const {
    return at_ < text_.size() && (is_upper(text_[at_]) || text_[at_] == '\'');
  }

  std::string_view token() {
    if (!take('\'')) return word();
    const auto end = text_.find('\'', at_);
    if (end == text_.npos) fail();
    const auto quoted = text_.substr(at_, end - at_);
    at_ = end + 1;
    return quoted;
  }

  std::string_view word() {
    auto end = at_;
    while (end < text_.size() &&
           std::string_view(" ()[]{}|!=@~'*").find(text_[end]) == text_.npos &&
           text_.substr(end, 3) != "...")
      ++end;
    if (end == at_) fail();
    const auto found = text_.substr(at_, end - at_);
    at_ = end;
    return found;
  }

  bool take(char c) { return take(std::string_view(&c, 1)); }
  bool take(std::string_view expected) {
    if (!text_.substr(at_).starts_with(expected)) return false;
    at_ += expected.size();
    return true;
  }
  void expect(char c) {
    if (!take(c)) fail();
  }

  [[noreturn]] void fail() const {
    throw std::invalid_argument("not understood: " + std::string(text_.substr(0, at_)) +
                                " <here> " + std::string(text_.substr(at_)));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

std::string joined(std::span<const argument> parts, std::string_view separator, bool in_choice) {
  std::string all;
  for (const auto& each : parts) {
    if (!all.empty()) all += separator;
    // What may be left out of a choice is not shown in brackets: the choice is made by its
    // presence.
    auto plain = each;
    if (in_choice) plain.optional = false;
    all += syntax_of(std::span(&plain, 1));
  }
  return all;
}

std::string value_syntax(const argument& of) {
  switch (of.type) {
    case argument_type::pure_token:
      return of.token.empty() ? "\"\"" : std::string(of.token);
    case argument_type::oneof:
      return joined(of.parts, "|", true);
    case argument_type::block:
      return joined(of.parts, " ", false);
    default:
      return of.name;
  }
}

std::string syntax_of(const argument& of) {
  const bool worded = of.type != argument_type::pure_token && !of.token.empty();
  const bool choice = of.type == argument_type::oneof;
  auto value = value_syntax(of);
  if (choice && !of.optional) value = "<" + value + ">";
  auto once = worded ? std::string(of.token) + " " + value : value;
  if (worded && choice && of.optional) once = std::string(of.token) + " <" + value + ">";
  if (of.multiple) once += " [" + (of.multiple_token ? once : value) + " ...]";
  return of.optional ? "[" + once + "]" : once;
}

}  // namespace

std::string_view name_of(argument_type type) { return type_names[static_cast<std::size_t>(type)]; }

std::vector<argument> parse_grammar(std::string_view text) { return grammar_parser(text).all(); }

std::string syntax_of(std::span<const argument> arguments) {
  std::string all;
  for (const auto& each : arguments) {
    if (!all.empty()) all += ' ';
    all += syntax_of(each);
  }
  return all;
}

}  // namespace hawser::commands
