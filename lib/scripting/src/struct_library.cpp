#include "libraries.hpp"

#include <algorithm>
#include <bit>
#include <cctype>
#include <climits>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>

// Values as C structures lay them out. A format is a row of options:
//
//   < > !n     little endian, big endian, alignment (a power of two; by itself that of the machine)
//   b B h H l L i I in In T     integers of 1, 2, 8, 4, n and 8 bytes, lower case signed
//   f d x      float, double, a byte that is skipped
//   s cn c0    a string that ends with a zero byte, one of n bytes, one as long as the number read
//              before it says
//
// Sizes that a format asks for are bounded before they are used.

namespace hawser::scripting {

namespace {

constexpr std::size_t largest_integer = 32;
constexpr std::size_t machine_alignment = 8;

/// Reads a format.
class format_reader {
 public:
  format_reader(lua_State* L, const char* text) : L_(L), at_(text) {}

  struct item {
    char option;
    std::size_t size;
    std::size_t padding;  // before it, where it is written or read
  };

  bool empty() const { return *at_ == '\0'; }
  bool little_endian() const { return little_endian_; }

  /// The next option that stands for something; `offset` is where. Options that change how the
  /// others are read have '\0'.
  item next(std::size_t offset) {
    auto found = next_size(offset);
    if (control(found.option)) found.option = '\0';
    return found;
  }

  /// The same where only sizes count: letters and digits that are no options take no room.
  item next_size(std::size_t offset) {
    const char option = *at_++;
    const auto size = size_of(option);
    return {option, size, padding(option, size, offset)};
  }
  void adjust(char option) {
    if (std::isalnum(static_cast<unsigned char>(option)) == 0) control(option);
  }

 private:
  std::size_t number(std::size_t otherwise) {
    if (*at_ < '0' || *at_ > '9') return otherwise;
    std::size_t value = 0;
    for (; *at_ >= '0' && *at_ <= '9'; ++at_) {
      const auto digit = static_cast<std::size_t>(*at_ - '0');
      if (value > (INT_MAX - digit) / 10) luaL_error(L_, "integral size overflow");
      value = value * 10 + digit;
    }
    return value;
  }

  std::size_t size_of(char option) {
    switch (option) {
      case 'B':
      case 'b':
      case 'x':
        return 1;
      case 'H':
      case 'h':
        return sizeof(short);
      case 'L':
      case 'l':
        return sizeof(long);
      case 'T':
        return sizeof(std::size_t);
      case 'f':
        return sizeof(float);
      case 'd':
        return sizeof(double);
      case 'c':
        return number(1);
      case 'i':
      case 'I': {
        const auto size = number(sizeof(int));
        if (size > largest_integer)
          luaL_error(L_, "integral size %d is larger than limit of %d", static_cast<int>(size),
                     static_cast<int>(largest_integer));
        return size;
      }
      default:
        return 0;
    }
  }

  std::size_t padding(char option, std::size_t size, std::size_t offset) const {
    if (size == 0 || option == 'c') return 0;
    const auto to = std::min(size, alignment_);
    return to > 1 ? (to - (offset & (to - 1))) & (to - 1) : 0;
  }

  bool control(char option) {
    switch (option) {
      case ' ':
        return true;
      case '>':
        little_endian_ = false;
        return true;
      case '<':
        little_endian_ = true;
        return true;
      case '!': {
        const auto asked = number(machine_alignment);
        if (!std::has_single_bit(asked))
          luaL_error(L_, "alignment %d is not a power of 2", static_cast<int>(asked));
        alignment_ = asked;
        return true;
      }
      case 'b':
      case 'B':
      case 'h':
      case 'H':
      case 'l':
      case 'L':
      case 'T':
      case 'i':
      case 'I':
      case 's':
      case 'c':
      case 'x':
      case 'f':
      case 'd':
        return false;
      default: {
        const char* text = lua_pushfstring(L_, "invalid format option '%c'", option);
        luaL_argerror(L_, 1, text);
        return true;
      }
    }
  }

  lua_State* L_;
  const char* at_;
  std::size_t alignment_ = 1;
  bool little_endian_ = true;
};

bool is_integer(char option) { return std::strchr("bBhHlLTiI", option) != nullptr; }

/// Numbers that no integer of 64 bits holds are the least one.
std::uint64_t integer_at(lua_State* L, int index) {
  constexpr double limit = 9223372036854775808.0;
  const double value = luaL_checknumber(L, index);
  if (value < 0) {
    if (value >= -limit) return static_cast<std::uint64_t>(static_cast<std::int64_t>(value));
    return std::uint64_t{1} << 63;
  }
  if (value < limit) return static_cast<std::uint64_t>(value);
  if (value < 2 * limit)
    return static_cast<std::uint64_t>(value - limit) | (std::uint64_t{1} << 63);
  return std::isnan(value) ? std::uint64_t{1} << 63 : 0;
}

void append_integer(std::string& to, std::uint64_t value, std::size_t size, bool little_endian) {
  char bytes[largest_integer] = {};
  for (std::size_t i = 0; i < size && i < sizeof value; ++i)
    bytes[little_endian ? i : size - 1 - i] = static_cast<char>(value >> (8 * i));
  to.append(bytes, size);
}

/// Numbers of the machine's order of bytes (little endian), in the other one if wanted.
template <class Number>
void append_number(std::string& to, Number value, bool little_endian) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  if (!little_endian) std::reverse(bytes, bytes + sizeof value);
  to.append(bytes, sizeof value);
}

template <class Number>
Number read_number(const char* from, bool little_endian) {
  char bytes[sizeof(Number)];
  std::memcpy(bytes, from, sizeof bytes);
  if (!little_endian) std::reverse(bytes, bytes + sizeof bytes);
  Number value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

/// struct.pack(format, value, ...)
int pack(lua_State* L) {
  std::string out;
  format_reader format(L, luaL_checkstring(L, 1));
  // What is missing is nil.
  lua_pushnil(L);
  int argument = 2;
  while (!format.empty()) {
    const auto item = format.next(out.size());
    out.append(item.padding, '\0');
    if (item.option == '\0') continue;
    if (item.option == 'x') {
      out += '\0';
    } else if (is_integer(item.option)) {
      append_integer(out, integer_at(L, argument++), item.size, format.little_endian());
    } else if (item.option == 'f') {
      append_number(out, static_cast<float>(luaL_checknumber(L, argument++)),
                    format.little_endian());
    } else if (item.option == 'd') {
      append_number(out, luaL_checknumber(L, argument++), format.little_endian());
    } else {
      std::size_t size = 0;
      const char* text = luaL_checklstring(L, argument++, &size);
      const auto wanted = item.size == 0 ? size : item.size;
      luaL_argcheck(L, size >= wanted, argument, "string too short");
      out.append(text, wanted);
      if (item.option == 's') out += '\0';
    }
  }
  push(L, out);
  return 1;
}

/// An integer of up to 32 bytes, of which the lower eight count.
double read_integer(const char* from, std::size_t size, bool little_endian, bool is_signed) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size && i < sizeof value; ++i) {
    const auto byte = static_cast<unsigned char>(from[little_endian ? i : size - 1 - i]);
    value |= std::uint64_t{byte} << (8 * i);
  }
  if (!is_signed) return static_cast<double>(value);
  if (size < sizeof value && size > 0) {
    const auto sign = std::uint64_t{1} << (8 * size - 1);
    value = (value ^ sign) - sign;
  }
  return static_cast<double>(static_cast<std::int64_t>(value));
}

/// struct.unpack(format, bytes [, position]) -- the values, and the position behind them.
int unpack(lua_State* L) {
  format_reader format(L, luaL_checkstring(L, 1));
  std::size_t length = 0;
  const char* data = luaL_checklstring(L, 2, &length);
  const auto start = luaL_optinteger(L, 3, 1);
  luaL_argcheck(L, start != 0, 3, "offset must be 1 or greater");
  auto at = static_cast<std::size_t>(start) - 1;
  int values = 0;
  lua_settop(L, 2);
  while (!format.empty()) {
    const auto item = format.next(at);
    luaL_argcheck(L, at <= length && item.padding <= length - at, 2, "data string too short");
    at += item.padding;
    luaL_argcheck(L, item.size <= length - at, 2, "data string too short");
    luaL_checkstack(L, 2, "too many results");
    auto size = item.size;
    if (item.option == '\0' || item.option == 'x') {
      at += item.option == 'x' ? 1 : 0;
      continue;
    }
    if (is_integer(item.option)) {
      const bool is_signed = item.option >= 'a';
      lua_pushnumber(L, read_integer(data + at, size, format.little_endian(), is_signed));
    } else if (item.option == 'f') {
      lua_pushnumber(L, read_number<float>(data + at, format.little_endian()));
    } else if (item.option == 'd') {
      lua_pushnumber(L, read_number<double>(data + at, format.little_endian()));
    } else if (item.option == 'c') {
      if (size == 0) {
        if (values == 0 || !lua_isnumber(L, -1))
          return luaL_error(L, "format 'c0' needs a previous size");
        const double wanted = lua_tonumber(L, -1);
        lua_pop(L, 1);
        --values;
        // As far as there is data: a size is nothing that is added to a position.
        const bool fits = wanted >= 0 && wanted <= static_cast<double>(length - at);
        luaL_argcheck(L, fits, 2, "data string too short");
        size = static_cast<std::size_t>(wanted);
      }
      push(L, {data + at, size});
    } else {
      const auto* end = static_cast<const char*>(std::memchr(data + at, '\0', length - at));
      if (end == nullptr) return luaL_error(L, "unfinished string in data");
      const auto text_size = static_cast<std::size_t>(end - (data + at));
      push(L, {data + at, text_size});
      size = text_size + 1;
    }
    ++values;
    at += size;
  }
  lua_pushnumber(L, static_cast<lua_Number>(at + 1));
  return values + 1;
}

/// struct.size(format)
int size(lua_State* L) {
  format_reader format(L, luaL_checkstring(L, 1));
  std::size_t total = 0;
  while (!format.empty()) {
    const auto item = format.next_size(total);
    total += item.padding;
    if (item.option == 's') luaL_argerror(L, 1, "option 's' has no fixed size");
    if (item.option == 'c' && item.size == 0) luaL_argerror(L, 1, "option 'c0' has no fixed size");
    format.adjust(item.option);
    total += item.size;
  }
  lua_pushnumber(L, static_cast<lua_Number>(total));
  return 1;
}

constexpr luaL_Reg functions[] = {
    {"pack", pack}, {"unpack", unpack}, {"size", size}, {nullptr, nullptr}};

}  // namespace

void open_struct(lua_State* L) {
  luaL_register(L, "struct", functions);
  lua_pop(L, 1);
}

}  // namespace hawser::scripting
