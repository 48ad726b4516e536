#include "json.hpp"
#include <base/bytes.hpp>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <optional>

namespace hawser::scripting {

namespace {

using invalid_numbers = json_settings::invalid_numbers;

enum class token_kind : std::uint8_t {
  object_begin,
  object_end,
  array_begin,
  array_end,
  string,
  number,
  boolean,
  null,
  colon,
  comma,
  end,
  mistake,
};

struct token {
  token_kind kind;
  std::size_t at;
  double number = 0;        // a boolean's is 0 or 1
  std::string_view text{};  // of a string, until the next; what is wrong with a mistake
};

const char* name_of(const token& of) {
  switch (of.kind) {
    case token_kind::object_begin:
      return "T_OBJ_BEGIN";
    case token_kind::object_end:
      return "T_OBJ_END";
    case token_kind::array_begin:
      return "T_ARR_BEGIN";
    case token_kind::array_end:
      return "T_ARR_END";
    case token_kind::string:
      return "T_STRING";
    case token_kind::number:
      return "T_NUMBER";
    case token_kind::boolean:
      return "T_BOOLEAN";
    case token_kind::null:
      return "T_NULL";
    case token_kind::colon:
      return "T_COLON";
    case token_kind::comma:
      return "T_COMMA";
    case token_kind::end:
      return "T_END";
    case token_kind::mistake:
      break;
  }
  return of.text.data();
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Cuts a text into tokens. Behind the text is a zero byte, at which reading always ends.
class json_scanner {
 public:
  json_scanner(std::string_view text, bool any_number) : text_(text), any_number_(any_number) {}

  std::size_t position() const { return at_; }

  token next() {
    while (at_ < text_.size() &&
           std::string_view(" \t\n\r").find(text_[at_]) != std::string_view::npos)
      ++at_;
    if (at_ >= text_.size() || text_[at_] == '\0') return {token_kind::end, at_};
    switch (text_[at_]) {
      case '{':
        return single(token_kind::object_begin);
      case '}':
        return single(token_kind::object_end);
      case '[':
        return single(token_kind::array_begin);
      case ']':
        return single(token_kind::array_end);
      case ',':
        return single(token_kind::comma);
      case ':':
        return single(token_kind::colon);
      case '"':
        return string();
      default:
        return word();
    }
  }

 private:
  token single(token_kind kind) { return {kind, at_++}; }
  token mistake(const char* what) const { return {token_kind::mistake, at_, 0, what}; }

  token word() {
    const auto rest = text_.substr(at_);
    const char first = rest[0];
    if (first == '-' || is_digit(first)) {
      if (!any_number_ && is_invalid_number(rest)) return mistake("invalid number");
      return number();
    }
    const auto literal = [&](std::string_view what, token_kind kind, double value) {
      token made{kind, at_, value};
      at_ += what.size();
      return made;
    };
    if (rest.starts_with("true")) return literal("true", token_kind::boolean, 1);
    if (rest.starts_with("false")) return literal("false", token_kind::boolean, 0);
    if (rest.starts_with("null")) return literal("null", token_kind::null, 0);
    if (any_number_ && is_invalid_number(rest)) return number();
    return mistake("invalid token");
  }

  /// Numbers that JSON does not have but C does.
  static bool is_invalid_number(std::string_view text) {
    if (text[0] == '+') return true;
    if (text[0] == '-') text.remove_prefix(1);
    if (text.empty()) return false;
    if (text[0] == '0') {
      const char second = text.size() > 1 ? text[1] : '\0';
      return (second | 0x20) == 'x' || is_digit(second);
    }
    if (text[0] <= '9') return false;
    const auto start = text.substr(0, 3);
    return base::iequals(start, "inf") || base::iequals(start, "nan");
  }

  token number() {
    const char* from = text_.data() + at_;
    char* end = nullptr;
    const double value = std::strtod(from, &end);
    if (end == from) return mistake("invalid number");
    token made{token_kind::number, at_, value};
    at_ += static_cast<std::size_t>(end - from);
    return made;
  }

  token string() {
    const auto start = at_++;
    string_.clear();
    for (;;) {
      const char c = at_ < text_.size() ? text_[at_] : '\0';
      if (c == '\0') return mistake("unexpected end of string");
      if (c == '"') break;
      if (c == '\\') {
        if (const char* wrong = escape()) return mistake(wrong);
      } else {
        string_ += c;
        ++at_;
      }
    }
    ++at_;
    return {token_kind::string, start, 0, string_};
  }

  /// Reads an escape sequence; what is wrong with it, or null.
  const char* escape() {
    const char c = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (c == 'u') return unicode() ? nullptr : "invalid unicode escape code";
    constexpr std::string_view codes = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
    const auto found = codes.find(c);
    if (c == '\0' || found == std::string_view::npos) return "invalid escape code";
    string_ += meanings[found];
    at_ += 2;
    return nullptr;
  }

  std::optional<std::uint32_t> hex4(std::size_t at) const {
    constexpr std::size_t digits = 4;
    if (at > text_.size() || text_.size() - at < digits) return std::nullopt;
    std::uint32_t value = 0;
    for (const char c : text_.substr(at, digits)) {
      const char lower = base::to_lower(c);
      if (is_digit(c))
        value = value * 16 + static_cast<std::uint32_t>(c - '0');
      else if (lower >= 'a' && lower <= 'f')
        value = value * 16 + static_cast<std::uint32_t>(lower - 'a' + 10);
      else
        return std::nullopt;
    }
    return value;
  }

  /// Reads \uXXXX, or a pair of them that stands for one character.
  bool unicode() {
    constexpr std::size_t length = 6;
    auto code = hex4(at_ + 2);
    if (!code) return false;
    std::size_t taken = length;
    if ((*code & 0xf800) == 0xd800) {
      if ((*code & 0x400) != 0) return false;
      const bool pair = at_ + length + 1 < text_.size() && text_[at_ + length] == '\\' &&
                        text_[at_ + length + 1] == 'u';
      const auto low = pair ? hex4(at_ + length + 2) : std::nullopt;
      if (!low || (*low & 0xfc00) != 0xdc00) return false;
      code = 0x10000 + ((*code & 0x3ff) << 10) + (*low & 0x3ff);
      taken = 2 * length;
    }
    append_utf8(*code);
    at_ += taken;
    return true;
  }

  void append_utf8(std::uint32_t code) {
    const auto tail = [&](int shift) {
      string_ += static_cast<char>(0x80 | ((code >> shift) & 0x3f));
    };
    if (code < 0x80) {
      string_ += static_cast<char>(code);
    } else if (code < 0x800) {
      string_ += static_cast<char>(0xc0 | (code >> 6));
      tail(0);
    } else if (code < 0x10000) {
      string_ += static_cast<char>(0xe0 | (code >> 12));
      tail(6);
      tail(0);
    } else {
      string_ += static_cast<char>(0xf0 | (code >> 18));
      tail(12);
      tail(6);
      tail(0);
    }
  }

  std::string_view text_;
  bool any_number_;
  std::size_t at_ = 0;
  std::string string_;
};

class json_reader {
 public:
  json_reader(lua_State* L, const json_settings& settings, std::string_view text)
      : L_(L),
        settings_(settings),
        scanner_(text, settings.decode_invalid != invalid_numbers::refuse) {}

  void whole() {
    value(scanner_.next());
    if (const auto last = scanner_.next(); last.kind != token_kind::end) refuse("the end", last);
  }

 private:
  void refuse(const char* expected, const token& found) {
    luaL_error(L_, "Expected %s but found %s at character %d", expected, name_of(found),
               static_cast<int>(found.at) + 1);
  }

  void value(const token& first) {
    switch (first.kind) {
      case token_kind::string:
        return push(L_, first.text);
      case token_kind::number:
        return lua_pushnumber(L_, first.number);
      case token_kind::boolean:
        return lua_pushboolean(L_, first.number != 0);
      case token_kind::null:
        return lua_pushlightuserdata(L_, nullptr);
      case token_kind::object_begin:
        return object();
      case token_kind::array_begin:
        return array();
      default:
        refuse("value", first);
    }
  }

  void descend() {
    constexpr int most_pushed = 3;
    if (++depth_ <= settings_.decode_depth && lua_checkstack(L_, most_pushed) != 0) return;
    luaL_error(L_, "Found too many nested data structures (%d) at character %d", depth_,
               static_cast<int>(scanner_.position()));
  }

  void object() {
    descend();
    lua_newtable(L_);
    auto next = scanner_.next();
    for (bool more = next.kind != token_kind::object_end; more; next = scanner_.next()) {
      if (next.kind != token_kind::string) refuse("object key string", next);
      push(L_, next.text);
      if (const auto colon = scanner_.next(); colon.kind != token_kind::colon)
        refuse("colon", colon);
      value(scanner_.next());
      lua_rawset(L_, -3);
      const auto behind = scanner_.next();
      if (behind.kind == token_kind::object_end) break;
      if (behind.kind != token_kind::comma) refuse("comma or object end", behind);
    }
    --depth_;
  }

  void array() {
    descend();
    lua_newtable(L_);
    auto next = scanner_.next();
    const bool some = next.kind != token_kind::array_end;
    for (int i = 1; some; ++i, next = scanner_.next()) {
      value(next);
      lua_rawseti(L_, -2, i);
      const auto behind = scanner_.next();
      if (behind.kind == token_kind::array_end) break;
      if (behind.kind != token_kind::comma) refuse("comma or array end", behind);
    }
    --depth_;
  }

  lua_State* L_;
  const json_settings& settings_;
  json_scanner scanner_;
  int depth_ = 0;
};

}  // namespace

void push_json(lua_State* L, const json_settings& settings, std::string_view text) {
  if (text.size() >= 2 && (text[0] == '\0' || text[1] == '\0'))
    luaL_error(L, "JSON parser does not support UTF-16 or UTF-32");
  json_reader(L, settings, text).whole();
}

}  // namespace hawser::scripting
