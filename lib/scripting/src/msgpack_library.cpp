#include "libraries.hpp"

#include <bit>
#include <climits>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>

// MessagePack, without its bin and ext families. Tables nested deeper than 16 are written as nil;
// how deep what is read may be is bounded by Lua's stack.

namespace hawser::scripting {

namespace {

constexpr int deepest = 16;

class packer {
 public:
  explicit packer(lua_State* L) : L_(L) {}

  /// Writes the value on top of the stack and takes it off.
  void value(int depth) {
    switch (lua_type(L_, -1)) {
      case LUA_TSTRING:
        text(text_at(L_, -1));
        break;
      case LUA_TBOOLEAN:
        byte(lua_toboolean(L_, -1) != 0 ? 0xc3 : 0xc2);
        break;
      case LUA_TNUMBER:
        number(lua_tonumber(L_, -1));
        break;
      case LUA_TTABLE:
        if (depth == deepest)
          byte(0xc0);
        else
          table(depth);
        break;
      default:
        byte(0xc0);
    }
    lua_pop(L_, 1);
  }

  std::string out;

 private:
  void byte(unsigned value) { out += static_cast<char>(value); }

  template <class Number>
  void big_endian(Number value) {
    for (int shift = static_cast<int>(sizeof value) * 8 - 8; shift >= 0; shift -= 8)
      byte(static_cast<unsigned>(value >> shift) & 0xff);
  }

  void text(std::string_view bytes) {
    const auto size = bytes.size();
    if (size < 32) {
      byte(0xa0 | static_cast<unsigned>(size));
    } else if (size <= 0xff) {
      byte(0xd9);
      byte(static_cast<unsigned>(size));
    } else if (size <= 0xffff) {
      byte(0xda);
      big_endian(static_cast<std::uint16_t>(size));
    } else {
      byte(0xdb);
      big_endian(static_cast<std::uint32_t>(size));
    }
    out += bytes;
  }

  void number(double value) {
    constexpr double limit = 9223372036854775808.0;
    if (value >= -limit && value < limit && std::trunc(value) == value)
      return integer(static_cast<std::int64_t>(value));
    const auto narrow = static_cast<float>(value);
    if (value == static_cast<double>(narrow)) {
      byte(0xca);
      big_endian(std::bit_cast<std::uint32_t>(narrow));
    } else {
      byte(0xcb);
      big_endian(std::bit_cast<std::uint64_t>(value));
    }
  }

  void integer(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    if (value >= 0) {
      if (value <= 127) return byte(static_cast<unsigned>(value));
      if (value <= 0xff) return byte(0xcc), big_endian(static_cast<std::uint8_t>(bits));
      if (value <= 0xffff) return byte(0xcd), big_endian(static_cast<std::uint16_t>(bits));
      if (value <= 0xffffffff) return byte(0xce), big_endian(static_cast<std::uint32_t>(bits));
      return byte(0xcf), big_endian(bits);
    }
    if (value >= -32) return byte(static_cast<unsigned>(bits & 0xff));
    if (value >= -128) return byte(0xd0), big_endian(static_cast<std::uint8_t>(bits));
    if (value >= -32768) return byte(0xd1), big_endian(static_cast<std::uint16_t>(bits));
    if (value >= -2147483648LL) return byte(0xd2), big_endian(static_cast<std::uint32_t>(bits));
    byte(0xd3);
    big_endian(bits);
  }

  /// The head of an array or a map.
  void head(unsigned few, unsigned two_bytes, unsigned four_bytes, std::size_t count) {
    if (count <= 15) return byte(few | static_cast<unsigned>(count));
    if (count <= 0xffff) return byte(two_bytes), big_endian(static_cast<std::uint16_t>(count));
    byte(four_bytes);
    big_endian(static_cast<std::uint32_t>(count));
  }

  /// How many keys there are, and whether they are 1, 2 and so on.
  std::size_t count_keys(bool& is_array) {
    std::size_t count = 0;
    double greatest = 0;
    is_array = true;
    for (lua_pushnil(L_); lua_next(L_, -2) != 0; lua_pop(L_, 1)) {
      ++count;
      const double key = lua_type(L_, -2) == LUA_TNUMBER ? lua_tonumber(L_, -2) : 0;
      is_array = is_array && key > 0 && std::trunc(key) == key;
      greatest = std::max(greatest, key);
    }
    is_array = is_array && greatest == static_cast<double>(count);
    return count;
  }

  void table(int depth) {
    constexpr int most_pushed = 3;
    luaL_checkstack(L_, most_pushed, "in function mp_encode_lua_table");
    bool is_array = false;
    const auto count = count_keys(is_array);
    if (is_array) {
      head(0x90, 0xdc, 0xdd, count);
      for (std::size_t i = 1; i <= count; ++i) {
        lua_rawgeti(L_, -1, static_cast<int>(i));
        value(depth + 1);
      }
      return;
    }
    head(0x80, 0xde, 0xdf, count);
    lua_pushnil(L_);
    while (lua_next(L_, -2) != 0) {
      lua_pushvalue(L_, -2);
      value(depth + 1);
      value(depth + 1);
    }
  }

  lua_State* L_;
};

/// cmsgpack.pack(value, ...)
int pack(lua_State* L) {
  const int count = lua_gettop(L);
  if (count == 0) return luaL_argerror(L, 0, "MessagePack pack needs input.");
  luaL_checkstack(L, count, "Too many arguments for MessagePack pack.");
  packer to(L);
  for (int i = 1; i <= count; ++i) {
    lua_pushvalue(L, i);
    to.value(0);
  }
  push(L, to.out);
  return 1;
}

class unpacker {
 public:
  unpacker(lua_State* L, std::string_view bytes) : L_(L), left_(bytes) {}

  bool empty() const { return left_.empty(); }
  std::size_t left() const { return left_.size(); }

  /// Pushes the next value.
  void value() {
    luaL_checkstack(L_, 1,
                    "too many return values at once; use unpack_one or unpack_limit instead.");
    const auto kind = static_cast<unsigned char>(*take(1));
    if (kind <= 0x7f) return lua_pushnumber(L_, kind);
    if (kind >= 0xe0) return lua_pushnumber(L_, static_cast<std::int8_t>(kind));
    if (kind <= 0x8f) return map(kind & 0xf);
    if (kind <= 0x9f) return array(kind & 0xf);
    if (kind <= 0xbf) return text(kind & 0x1f);
    switch (kind) {
      case 0xc0:
        return lua_pushnil(L_);
      case 0xc2:
      case 0xc3:
        return lua_pushboolean(L_, kind == 0xc3);
      case 0xca:
        return lua_pushnumber(L_, std::bit_cast<float>(read<std::uint32_t>()));
      case 0xcb:
        return lua_pushnumber(L_, std::bit_cast<double>(read<std::uint64_t>()));
      case 0xcc:
        return lua_pushnumber(L_, read<std::uint8_t>());
      case 0xcd:
        return lua_pushnumber(L_, read<std::uint16_t>());
      case 0xce:
        return lua_pushnumber(L_, read<std::uint32_t>());
      // Both are integers with a sign to scripts.
      case 0xcf:
      case 0xd3:
        return lua_pushnumber(
            L_, static_cast<lua_Number>(static_cast<std::int64_t>(read<std::uint64_t>())));
      case 0xd0:
        return lua_pushnumber(L_, static_cast<std::int8_t>(read<std::uint8_t>()));
      case 0xd1:
        return lua_pushnumber(L_, static_cast<std::int16_t>(read<std::uint16_t>()));
      case 0xd2:
        return lua_pushnumber(L_, static_cast<std::int32_t>(read<std::uint32_t>()));
      case 0xd9:
        return text(read<std::uint8_t>());
      case 0xda:
        return text(read<std::uint16_t>());
      case 0xdb:
        return text(read<std::uint32_t>());
      case 0xdc:
        return array(read<std::uint16_t>());
      case 0xdd:
        return array(read<std::uint32_t>());
      case 0xde:
        return map(read<std::uint16_t>());
      case 0xdf:
        return map(read<std::uint32_t>());
      default:
        luaL_error(L_, "Bad data format in input.");
    }
  }

 private:
  const char* take(std::size_t count) {
    if (left_.size() < count) luaL_error(L_, "Missing bytes in input.");
    const char* taken = left_.data();
    left_.remove_prefix(count);
    return taken;
  }

  template <class Number>
  Number read() {
    const char* bytes = take(sizeof(Number));
    Number value = 0;
    for (std::size_t i = 0; i < sizeof(Number); ++i)
      value = static_cast<Number>(value << 8 | static_cast<unsigned char>(bytes[i]));
    return value;
  }

  void text(std::size_t size) {
    const char* bytes = take(size);
    push(L_, {bytes, size});
  }

  /// Tables grow with what is there, not with what is announced.
  void array(std::uint32_t count) {
    lua_newtable(L_);
    luaL_checkstack(L_, 1, "in function mp_decode_to_lua_array");
    for (std::uint32_t i = 1; i <= count && i != 0; ++i) {
      lua_pushnumber(L_, i);
      value();
      lua_rawset(L_, -3);
    }
  }

  void map(std::uint32_t count) {
    lua_newtable(L_);
    for (; count > 0; --count) {
      value();
      value();
      lua_settable(L_, -3);
    }
  }

  lua_State* L_;
  std::string_view left_;
};

/// A limit of 0 is none; with one, where to go on comes first.
int unpack_some(lua_State* L, int limit, int offset) {
  std::size_t length = 0;
  const char* bytes = luaL_checklstring(L, 1, &length);
  if (offset < 0 || limit < 0)
    return luaL_error(L, "Invalid request to unpack with offset of %d and limit of %d.", offset,
                      static_cast<int>(length));
  if (static_cast<std::size_t>(offset) > length)
    return luaL_error(L, "Start offset %d greater than input length %d.", offset,
                      static_cast<int>(length));
  unpacker from(L, std::string_view(bytes, length).substr(static_cast<std::size_t>(offset)));
  const int most = limit == 0 ? INT_MAX : limit;
  int count = 0;
  for (; count < most && !from.empty(); ++count) from.value();
  if (limit == 0) return count;
  luaL_checkstack(L, 1, "in function mp_unpack_full");
  lua_pushinteger(L, from.empty() ? -1 : static_cast<int>(length - from.left()));
  lua_insert(L, -1 - count);
  return count + 1;
}

/// cmsgpack.unpack(bytes)
int unpack(lua_State* L) { return unpack_some(L, 0, 0); }

/// cmsgpack.unpack_one(bytes [, offset])
int unpack_one(lua_State* L) {
  const auto offset = static_cast<int>(luaL_optinteger(L, 2, 0));
  lua_settop(L, 1);
  return unpack_some(L, 1, offset);
}

/// cmsgpack.unpack_limit(bytes, limit [, offset])
int unpack_limit(lua_State* L) {
  const auto limit = static_cast<int>(luaL_checkinteger(L, 2));
  const auto offset = static_cast<int>(luaL_optinteger(L, 3, 0));
  lua_settop(L, 1);
  return unpack_some(L, limit, offset);
}

constexpr luaL_Reg functions[] = {{"pack", pack},
                                  {"unpack", unpack},
                                  {"unpack_one", unpack_one},
                                  {"unpack_limit", unpack_limit},
                                  {nullptr, nullptr}};

void set(lua_State* L, const char* name, const char* text) {
  lua_pushstring(L, text);
  set_raw_field(L, -2, name);
}

}  // namespace

void open_msgpack(lua_State* L) {
  luaL_register(L, "cmsgpack", functions);
  set(L, "_NAME", "cmsgpack");
  set(L, "_VERSION", "lua-cmsgpack 0.4.0");
  set(L, "_COPYRIGHT", "Copyright (C) 2012, Salvatore Sanfilippo");
  set(L, "_DESCRIPTION", "MessagePack C implementation for Lua");
  lua_pop(L, 1);
}

}  // namespace hawser::scripting
