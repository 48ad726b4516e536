#include "lua_reply.hpp"

#include "errors.hpp"
#include <base/numbers.hpp>
#include <resp/reply_reader.hpp>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <limits>
#include <string>

namespace hawser::scripting {

namespace {

using resp::reply_item;
using resp::reply_kind;

/// As the processor converts: what an integer cannot hold is the least one.
std::int64_t truncated(double value) {
  constexpr double limit = 9223372036854775808.0;
  if (value >= -limit && value < limit) return static_cast<std::int64_t>(value);
  return std::numeric_limits<std::int64_t>::min();
}

std::string without_line_ends(std::string_view text) {
  std::string line(text);
  for (char& c : line)
    if (c == '\r' || c == '\n') c = ' ';
  return line;
}

class value_writer {
 public:
  value_writer(lua_State* L, engine::context& cx, bool script_resp3)
      : L_(L), cx_(cx), script_resp3_(script_resp3) {}

  /// Replies the value on top of the stack and takes it off.
  void value() {
    constexpr int most_pushed = 4;
    if (lua_checkstack(L_, most_pushed) == 0)
      fail(cx_, "ERR reached lua stack limit", true);
    else
      by_type();
    lua_pop(L_, 1);
  }

 private:
  void by_type() {
    auto& reply = cx_.reply;
    switch (lua_type(L_, -1)) {
      case LUA_TSTRING:
        reply.bulk(text_at(L_, -1));
        break;
      case LUA_TNUMBER:
        reply.integer(truncated(lua_tonumber(L_, -1)));
        break;
      case LUA_TBOOLEAN:
        boolean(lua_toboolean(L_, -1) != 0);
        break;
      case LUA_TTABLE:
        if (!named()) array();
        break;
      default:
        reply.null();
    }
  }

  void boolean(bool is) {
    if (script_resp3_)
      cx_.reply.boolean(is);
    else if (is)
      cx_.reply.integer(1);
    else
      cx_.reply.null();
  }

  /// A table with one of the fields that tell what it stands for.
  bool named() {
    if (raw_field(L_, "err") == LUA_TSTRING) {
      lua_pop(L_, 1);
      const auto error = take_error(L_);
      fail(cx_, error.text, !error.counted);
      return true;
    }
    lua_pop(L_, 1);
    return take("ok", LUA_TSTRING, [&] { cx_.reply.simple(without_line_ends(text_at(L_, -1))); }) ||
           take("double", LUA_TNUMBER, [&] { cx_.reply.number(lua_tonumber(L_, -1)); }) ||
           take("big_number", LUA_TSTRING, [&] { big_number(); }) || verbatim() ||
           take("map", LUA_TTABLE, [&] { map(); }) || take("set", LUA_TTABLE, [&] { set(); });
  }

  template <class Write>
  bool take(const char* field, int type, Write write) {
    const bool is = raw_field(L_, field) == type;
    if (is) write();
    lua_pop(L_, 1);
    return is;
  }

  std::size_t field_count() {
    std::size_t count = 0;
    for (lua_pushnil(L_); lua_next(L_, -2) != 0; lua_pop(L_, 1)) ++count;
    return count;
  }

  void map() {
    cx_.reply.map(field_count());
    lua_pushnil(L_);
    while (lua_next(L_, -2) != 0) {
      lua_pushvalue(L_, -2);
      value();
      value();
    }
  }

  void set() {
    cx_.reply.set(field_count());
    lua_pushnil(L_);
    while (lua_next(L_, -2) != 0) {
      lua_pop(L_, 1);
      lua_pushvalue(L_, -1);
      value();
    }
  }

  void big_number() {
    const auto digits = without_line_ends(text_at(L_, -1));
    if (!cx_.reply.resp3()) return void(cx_.reply.bulk(digits));
    cx_.reply.raw("(").raw(digits).raw("\r\n");
  }

  /// Whether the table that is called verbatim_string has what it needs; then it is replied.
  bool verbatim() {
    const bool named = raw_field(L_, "verbatim_string") == LUA_TTABLE;
    bool whole = false;
    if (named) {
      whole = raw_field(L_, "format") == LUA_TSTRING;
      lua_insert(L_, -2);
      whole = raw_field(L_, "string") == LUA_TSTRING && whole;
      if (whole) {
        // Three letters, no more and no less.
        std::string format(text_at(L_, -3));
        format.resize(3, ' ');
        cx_.reply.verbatim(text_at(L_, -1), format);
      }
      lua_pop(L_, 2);
    }
    lua_pop(L_, 1);
    return whole;
  }

  /// The elements 1, 2 and so on up to the first that is not there.
  void array() {
    int count = 0;
    for (;; lua_pop(L_, 1)) {
      lua_rawgeti(L_, -1, count + 1);
      if (lua_isnil(L_, -1)) break;
      ++count;
    }
    lua_pop(L_, 1);
    cx_.reply.array(static_cast<std::size_t>(count));
    for (int i = 1; i <= count; ++i) {
      lua_rawgeti(L_, -1, i);
      value();
    }
  }

  lua_State* L_;
  engine::context& cx_;
  bool script_resp3_;
};

class value_reader {
 public:
  value_reader(lua_State* L, std::string_view reply) : L_(L), from_(reply) {}

  /// Needs as few places on the stack as every function has; who goes deeper asks for more.
  void value() {
    reply_item item;
    if (!from_.next(item)) return lua_pushnil(L_);
    switch (item.kind) {
      case reply_kind::integer:
        return lua_pushnumber(L_, static_cast<lua_Number>(item.count));
      case reply_kind::bulk:
        return item.count < 0 ? lua_pushboolean(L_, 0) : push(L_, item.text);
      case reply_kind::simple:
        push(L_, item.text);
        return name("ok");
      case reply_kind::error:
        return push_error(L_, item.text, true);
      case reply_kind::array:
      case reply_kind::push:
        return array(item.count);
      case reply_kind::map:
        return map(item.count);
      case reply_kind::set:
        return set(item.count);
      case reply_kind::boolean:
        return lua_pushboolean(L_, item.text == "t");
      case reply_kind::number:
        lua_pushnumber(L_, std::strtod(std::string(item.text).c_str(), nullptr));
        return name("double");
      case reply_kind::big_number:
        push(L_, item.text);
        return name("big_number");
      case reply_kind::verbatim:
        return verbatim(item.text);
      case reply_kind::null:
      case reply_kind::attribute:
        break;
    }
    lua_pushnil(L_);
  }

 private:
  void go_deeper() { luaL_checkstack(L_, 6, "too deep a reply"); }

  /// Puts a table with the value on top of the stack as its one field in the place of that.
  void name(const char* field) {
    lua_newtable(L_);
    lua_insert(L_, -2);
    set_raw_field(L_, -2, field);
  }

  /// The table has the room that one has which grew element by element: how it is laid out can be
  /// seen by scripts.
  void array(std::int64_t count) {
    if (count < 0) return lua_pushboolean(L_, 0);
    go_deeper();
    const auto room = std::bit_ceil(static_cast<std::uint64_t>(count));
    lua_createtable(L_, count == 0 ? 0 : static_cast<int>(std::min<std::uint64_t>(room, 1 << 26)),
                    0);
    for (int i = 1; i <= count; ++i) {
      value();
      lua_rawseti(L_, -2, i);
    }
  }

  void map(std::int64_t count) {
    go_deeper();
    lua_newtable(L_);
    for (std::int64_t i = 0; i < count; ++i) {
      value();
      value();
      lua_rawset(L_, -3);
    }
    name("map");
  }

  void set(std::int64_t count) {
    go_deeper();
    lua_newtable(L_);
    for (std::int64_t i = 0; i < count; ++i) {
      value();
      lua_pushboolean(L_, 1);
      lua_rawset(L_, -3);
    }
    name("set");
  }

  void verbatim(std::string_view text) {
    constexpr std::size_t format = 3;
    lua_newtable(L_);
    push(L_, text.substr(std::min(format + 1, text.size())));
    set_raw_field(L_, -2, "string");
    push(L_, text.substr(0, std::min(format, text.size())));
    set_raw_field(L_, -2, "format");
    name("verbatim_string");
  }

  lua_State* L_;
  resp::reply_reader from_;
};

}  // namespace

void reply_value(lua_State* L, engine::context& cx, bool script_resp3) {
  value_writer(L, cx, script_resp3).value();
}

void push_reply(lua_State* L, std::string_view reply) { value_reader(L, reply).value(); }

}  // namespace hawser::scripting
