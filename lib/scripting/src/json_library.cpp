#include "json.hpp"
#include "libraries.hpp"

#include <climits>
#include <new>

namespace hawser::scripting {

namespace {

using invalid_numbers = json_settings::invalid_numbers;

constexpr int most_digits = 14;

json_settings& settings_of(lua_State* L) {
  return *static_cast<json_settings*>(lua_touserdata(L, lua_upvalueindex(1)));
}

int encode(lua_State* L) {
  luaL_argcheck(L, lua_gettop(L) == 1, 1, "expected 1 argument");
  std::string text;
  append_json(L, settings_of(L), text);
  push(L, text);
  return 1;
}

int decode(lua_State* L) {
  luaL_argcheck(L, lua_gettop(L) == 1, 1, "expected 1 argument");
  std::size_t size = 0;
  const char* text = luaL_checklstring(L, 1, &size);
  push_json(L, settings_of(L), {text, size});
  return 1;
}

/// Takes as many arguments as there are settings; those that are left out are nil.
void take_arguments(lua_State* L, int count) {
  luaL_argcheck(L, lua_gettop(L) <= count, count + 1, "found too many arguments");
  lua_settop(L, count);
}

/// Sets what an argument says, if it is there, and pushes what is set.
void integer_setting(lua_State* L, int index, int& setting, int least, int most) {
  if (!lua_isnil(L, index)) {
    const auto value = luaL_checkinteger(L, index);
    if (value < least || value > most)
      luaL_argerror(L, 1, lua_pushfstring(L, "expected integer between %d and %d", least, most));
    setting = static_cast<int>(value);
  }
  lua_pushinteger(L, setting);
}

int choice(lua_State* L, int index, const char* const options[]) {
  if (lua_isboolean(L, index)) return lua_toboolean(L, index);
  return luaL_checkoption(L, index, nullptr, options);
}

void boolean_setting(lua_State* L, int index, bool& setting) {
  static constexpr const char* options[] = {"off", "on", nullptr};
  if (!lua_isnil(L, index)) setting = choice(L, index, options) != 0;
  lua_pushboolean(L, setting);
}

int sparse_array(lua_State* L) {
  auto& settings = settings_of(L);
  take_arguments(L, 3);
  boolean_setting(L, 1, settings.sparse_convert);
  integer_setting(L, 2, settings.sparse_ratio, 0, INT_MAX);
  integer_setting(L, 3, settings.sparse_safe, 0, INT_MAX);
  return 3;
}

template <int json_settings::*setting, int most>
int number_setting(lua_State* L) {
  take_arguments(L, 1);
  integer_setting(L, 1, settings_of(L).*setting, 1, most);
  return 1;
}

/// There is no buffer that could be kept; what was chosen is remembered.
int keep_buffer(lua_State* L) {
  take_arguments(L, 1);
  boolean_setting(L, 1, settings_of(L).keep_buffer);
  return 1;
}

int encode_invalid(lua_State* L) {
  static constexpr const char* options[] = {"off", "on", "null", nullptr};
  auto& setting = settings_of(L).encode_invalid;
  take_arguments(L, 1);
  if (!lua_isnil(L, 1)) setting = static_cast<invalid_numbers>(choice(L, 1, options));
  if (setting == invalid_numbers::null)
    lua_pushliteral(L, "null");
  else
    lua_pushboolean(L, setting == invalid_numbers::allow);
  return 1;
}

int decode_invalid(lua_State* L) {
  auto& setting = settings_of(L).decode_invalid;
  bool allowed = setting == invalid_numbers::allow;
  take_arguments(L, 1);
  boolean_setting(L, 1, allowed);
  setting = allowed ? invalid_numbers::allow : invalid_numbers::refuse;
  return 1;
}

void push_library(lua_State* L);

/// cjson.new() -- the library with settings of its own.
int make_new(lua_State* L) {
  push_library(L);
  return 1;
}

constexpr luaL_Reg functions[] = {
    {"encode", encode},
    {"decode", decode},
    {"encode_sparse_array", sparse_array},
    {"encode_max_depth", number_setting<&json_settings::encode_depth, INT_MAX>},
    {"decode_max_depth", number_setting<&json_settings::decode_depth, INT_MAX>},
    {"encode_number_precision", number_setting<&json_settings::precision, most_digits>},
    {"encode_keep_buffer", keep_buffer},
    {"encode_invalid_numbers", encode_invalid},
    {"decode_invalid_numbers", decode_invalid},
    {"new", make_new}};

void push_library(lua_State* L) {
  lua_newtable(L);
  new (lua_newuserdata(L, sizeof(json_settings))) json_settings();
  for (const auto& each : functions) {
    lua_pushvalue(L, -1);
    lua_pushcclosure(L, each.func, 1);
    set_raw_field(L, -3, each.name);
  }
  lua_pop(L, 1);
  lua_pushlightuserdata(L, nullptr);
  set_raw_field(L, -2, "null");
  lua_pushliteral(L, "cjson");
  set_raw_field(L, -2, "_NAME");
  lua_pushliteral(L, "2.1.0");
  set_raw_field(L, -2, "_VERSION");
}

}  // namespace

void open_json(lua_State* L) {
  push_library(L);
  lua_setglobal(L, "cjson");
}

}  // namespace hawser::scripting
