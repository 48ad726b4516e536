#include "json.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace hawser::scripting {

namespace {

using invalid_numbers = json_settings::invalid_numbers;

class json_writer {
 public:
  json_writer(lua_State* L, const json_settings& settings, std::string& to)
      : L_(L), settings_(settings), to_(to) {}

  /// The value on top of the stack, which stays.
  void value(int depth) {
    switch (lua_type(L_, -1)) {
      case LUA_TSTRING:
        return text(text_at(L_, -1));
      case LUA_TNUMBER:
        return number(lua_tonumber(L_, -1));
      case LUA_TBOOLEAN:
        to_ += lua_toboolean(L_, -1) != 0 ? "true" : "false";
        return;
      case LUA_TTABLE:
        return table(depth + 1);
      case LUA_TNIL:
        to_ += "null";
        return;
      case LUA_TLIGHTUSERDATA:
        if (lua_touserdata(L_, -1) == nullptr) {
          to_ += "null";
          return;
        }
        [[fallthrough]];
      default:
        refuse("type not supported", -1);
    }
  }

 private:
  void refuse(const char* why, int index) {
    luaL_error(L_, "Cannot serialise %s: %s", luaL_typename(L_, index), why);
  }

  void text(std::string_view bytes) {
    constexpr const char* hex = "0123456789abcdef";
    to_ += '"';
    for (const char c : bytes) {
      const auto code = static_cast<unsigned char>(c);
      switch (c) {
        case '"':
        case '\\':
        case '/':
          to_ += '\\';
          to_ += c;
          break;
        case '\b':
          to_ += "\\b";
          break;
        case '\t':
          to_ += "\\t";
          break;
        case '\n':
          to_ += "\\n";
          break;
        case '\f':
          to_ += "\\f";
          break;
        case '\r':
          to_ += "\\r";
          break;
        default:
          if (code >= 0x20 && code != 0x7f) {
            to_ += c;
          } else {
            to_ += "\\u00";
            to_ += hex[code >> 4];
            to_ += hex[code & 15];
          }
      }
    }
    to_ += '"';
  }

  void number(double value) {
    if (std::isnan(value) || std::isinf(value)) {
      if (settings_.encode_invalid == invalid_numbers::refuse) refuse("must not be NaN or Inf", -1);
      if (settings_.encode_invalid == invalid_numbers::null) {
        to_ += "null";
        return;
      }
      if (std::isnan(value)) {
        to_ += "nan";
        return;
      }
    }
    std::array<char, 40> digits;
    const int size =
        std::snprintf(digits.data(), digits.size(), "%.*g", settings_.precision, value);
    to_.append(digits.data(), static_cast<std::size_t>(size));
  }

  /// The greatest index if all keys are indexes; -1 otherwise, or if there are too few of them.
  int array_length() {
    int items = 0;
    double greatest = 0;
    for (lua_pushnil(L_); lua_next(L_, -2) != 0; lua_pop(L_, 1)) {
      const double key = lua_type(L_, -2) == LUA_TNUMBER ? lua_tonumber(L_, -2) : 0;
      // Greater keys are no indexes.
      if (!(key >= 1 && key <= 2147483647.0) || std::floor(key) != key) {
        lua_pop(L_, 2);
        return -1;
      }
      greatest = std::max(greatest, key);
      ++items;
    }
    const double ratio = settings_.sparse_ratio;
    if (ratio > 0 && greatest > items * ratio && greatest > settings_.sparse_safe) {
      if (!settings_.sparse_convert) refuse("excessively sparse array", -1);
      return -1;
    }
    return static_cast<int>(greatest);
  }

  void table(int depth) {
    constexpr int most_pushed = 3;
    if (depth > settings_.encode_depth || lua_checkstack(L_, most_pushed) == 0)
      luaL_error(L_, "Cannot serialise, excessive nesting (%d)", depth);
    if (const int length = array_length(); length > 0)
      array(length, depth);
    else
      object(depth);
  }

  void array(int length, int depth) {
    to_ += '[';
    for (int i = 1; i <= length; ++i) {
      if (i > 1) to_ += ',';
      lua_rawgeti(L_, -1, i);
      value(depth);
      lua_pop(L_, 1);
    }
    to_ += ']';
  }

  void key() {
    switch (lua_type(L_, -1)) {
      case LUA_TSTRING:
        text(text_at(L_, -1));
        break;
      case LUA_TNUMBER:
        to_ += '"';
        number(lua_tonumber(L_, -1));
        to_ += '"';
        break;
      default:
        refuse("table key must be a number or string", -1);
    }
    to_ += ':';
  }

  void object(int depth) {
    to_ += '{';
    bool first = true;
    for (lua_pushnil(L_); lua_next(L_, -2) != 0; lua_pop(L_, 1)) {
      if (!first) to_ += ',';
      first = false;
      lua_pushvalue(L_, -2);
      key();
      lua_pop(L_, 1);
      value(depth);
    }
    to_ += '}';
  }

  lua_State* L_;
  const json_settings& settings_;
  std::string& to_;
};

}  // namespace

void append_json(lua_State* L, const json_settings& settings, std::string& to) {
  json_writer(L, settings, to).value(0);
}

}  // namespace hawser::scripting
