#include "interpreter.hpp"
#include "libraries.hpp"
#include "runtime.hpp"

#include <cmath>

namespace hawser::scripting {

namespace {

constexpr char bytecode_mark = LUA_SIGNATURE[0];
constexpr const char* string_metatable = "hawser.string_metatable";
constexpr const char* globals_metatable = "hawser.globals_metatable";

bool read_only(lua_State* L, int index) { return interpreter::of(L).is_read_only(L, index); }

int refuse_raw_write(lua_State* L) {
  lua_pushliteral(L, "Attempt to modify a readonly table");
  return lua_error(L);
}

void open_up(lua_State* L, int index) {
  if (!read_only(L, index)) return;
  interpreter::push_real(L, index);
  lua_replace(L, index);
}

int next(lua_State* L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 2);
  open_up(L, 1);
  if (lua_next(L, 1) != 0) return 2;
  lua_pushnil(L);
  return 1;
}

/// Walks through most tables with Lua's own `next`, the first upvalue.
int pairs(lua_State* L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_pushvalue(L, lua_upvalueindex(read_only(L, 1) ? 2 : 1));
  lua_pushvalue(L, 1);
  lua_pushnil(L);
  return 3;
}

int raw_get(lua_State* L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  luaL_checkany(L, 2);
  lua_settop(L, 2);
  open_up(L, 1);
  lua_rawget(L, 1);
  return 1;
}

int raw_set(lua_State* L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  luaL_checkany(L, 2);
  luaL_checkany(L, 3);
  lua_settop(L, 3);
  if (read_only(L, 1)) return refuse_raw_write(L);
  lua_rawset(L, 1);
  return 1;
}

int get_metatable(lua_State* L) {
  luaL_checkany(L, 1);
  if (lua_type(L, 1) == LUA_TSTRING) {
    lua_getfield(L, LUA_REGISTRYINDEX, string_metatable);
    return 1;
  }
  if (lua_getmetatable(L, 1) == 0) {
    lua_pushnil(L);
    return 1;
  }
  if (raw_field(L, "__metatable") != LUA_TNIL) return 1;
  lua_pop(L, 1);
  return 1;
}

/// That of the globals is not for scripts to change either.
int get_shared_metatable(lua_State* L) {
  luaL_checkany(L, 1);
  if (!read_only(L, 1)) return get_metatable(L);
  if (lua_rawequal(L, 1, LUA_GLOBALSINDEX) != 0)
    lua_getfield(L, LUA_REGISTRYINDEX, globals_metatable);
  else
    lua_pushnil(L);
  return 1;
}

int set_metatable(lua_State* L) {
  const int type = lua_type(L, 2);
  luaL_checktype(L, 1, LUA_TTABLE);
  luaL_argcheck(L, type == LUA_TNIL || type == LUA_TTABLE, 2, "nil or table expected");
  if (read_only(L, 1)) return refuse_raw_write(L);
  if (luaL_getmetafield(L, 1, "__metatable") != 0)
    return luaL_error(L, "cannot change a protected metatable");
  lua_settop(L, 2);
  lua_setmetatable(L, 1);
  return 1;
}

/// Source that a function hands out piece by piece.
struct pieces {
  bool begun = false;
  bool held = false;  // the piece at `slot` is yet to be given
  static constexpr int slot = 3;
};

const char* next_piece(lua_State* L, void* state, std::size_t* size) {
  auto& from = *static_cast<pieces*>(state);
  luaL_checkstack(L, 2, "too many nested functions");
  if (!from.held) {
    lua_pushvalue(L, 1);
    lua_call(L, 0, 1);
    if (lua_isnil(L, -1)) {
      *size = 0;
      return nullptr;
    }
    if (!lua_isstring(L, -1)) luaL_error(L, "reader function must return a string");
    lua_replace(L, pieces::slot);
  }
  from.held = false;
  const char* text = lua_tolstring(L, pieces::slot, size);
  if (!from.begun && *size > 0 && *text == bytecode_mark) {
    from.begun = from.held = true;
    *size = 1;
    return " ";
  }
  from.begun = from.begun || *size > 0;
  return text;
}

int finish_load(lua_State* L, int status) {
  if (status == 0) return 1;
  lua_pushnil(L);
  lua_insert(L, -2);
  return 2;
}

int load(lua_State* L) {
  const char* name = luaL_optstring(L, 2, "=(load)");
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_settop(L, pieces::slot);
  lua_pushstring(L, name);  // held here, see load_source
  pieces from;
  return finish_load(L, lua_load(L, next_piece, &from, name));
}

int load_string(lua_State* L) {
  std::size_t size = 0;
  const char* source = luaL_checklstring(L, 1, &size);
  const char* name = luaL_optstring(L, 2, source);
  return finish_load(L, load_source(L, {source, size}, name));
}

/// collectgarbage([what [, argument]]) -- what was changed is undone when the script is over.
int collect_garbage(lua_State* L) {
  static constexpr const char* names[] = {"stop", "restart",  "collect",    "count",
                                          "step", "setpause", "setstepmul", nullptr};
  static constexpr int requests[] = {LUA_GCSTOP, LUA_GCRESTART,  LUA_GCCOLLECT,   LUA_GCCOUNT,
                                     LUA_GCSTEP, LUA_GCSETPAUSE, LUA_GCSETSTEPMUL};
  const int request = requests[luaL_checkoption(L, 1, "collect", names)];
  const int argument = static_cast<int>(luaL_optinteger(L, 2, 0));
  interpreter::of(L).garbage_collection_changed();
  const int result = lua_gc(L, request, argument);
  if (request == LUA_GCCOUNT)
    lua_pushnumber(L, result + lua_gc(L, LUA_GCCOUNTB, 0) / 1024.0);
  else if (request == LUA_GCSTEP)
    lua_pushboolean(L, result);
  else
    lua_pushnumber(L, result);
  return 1;
}

/// pcall(function, ...) -- of an error that is a table scripts get the text, as they always have.
int protected_call(lua_State* L) {
  luaL_checkany(L, 1);
  lua_pushboolean(L, 1);
  lua_insert(L, 1);
  if (lua_pcall(L, lua_gettop(L) - 2, LUA_MULTRET, 0) == 0) return lua_gettop(L);
  lua_pushboolean(L, 0);
  lua_replace(L, 1);
  if (lua_istable(L, -1)) {
    lua_getfield(L, -1, "err");
    if (lua_isstring(L, -1)) lua_remove(L, -2);
  }
  return lua_gettop(L);
}

/// table.insert(table, [position,] value)
int table_insert(lua_State* L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  int end = static_cast<int>(lua_objlen(L, 1)) + 1;
  int position = end;
  switch (lua_gettop(L)) {
    case 2:
      break;
    case 3:
      position = static_cast<int>(luaL_checkinteger(L, 2));
      if (read_only(L, 1)) return refuse_raw_write(L);
      if (position > end) end = position;
      for (; end > position; --end) {
        lua_rawgeti(L, 1, end - 1);
        lua_rawseti(L, 1, end);
      }
      break;
    default:
      return luaL_error(L, "wrong number of arguments to 'insert'");
  }
  if (read_only(L, 1)) return refuse_raw_write(L);
  lua_rawseti(L, 1, position);
  return 0;
}

/// table.foreach
int table_for_each(lua_State* L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  luaL_checktype(L, 2, LUA_TFUNCTION);
  open_up(L, 1);
  lua_pushnil(L);
  while (lua_next(L, 1) != 0) {
    lua_pushvalue(L, 2);
    lua_pushvalue(L, -3);
    lua_pushvalue(L, -3);
    lua_call(L, 2, 1);
    if (!lua_isnil(L, -1)) return 1;
    lua_pop(L, 2);
  }
  return 0;
}

void set(lua_State* L, const char* name, lua_CFunction to) {
  lua_pushcfunction(L, to);
  set_raw_field(L, -2, name);
}

int random(lua_State* L) {
  auto& numbers = interpreter::of(L).home().numbers;
  const auto share = static_cast<double>(numbers.next() % chance::greatest) / chance::greatest;
  switch (lua_gettop(L)) {
    case 0:
      lua_pushnumber(L, share);
      return 1;
    case 1: {
      const int most = luaL_checkint(L, 1);
      luaL_argcheck(L, 1 <= most, 1, "interval is empty");
      lua_pushnumber(L, std::floor(share * most) + 1);
      return 1;
    }
    case 2: {
      const int least = luaL_checkint(L, 1), most = luaL_checkint(L, 2);
      luaL_argcheck(L, least <= most, 2, "interval is empty");
      // As in Lua, the width of the interval is an int, which wraps.
      const auto width = static_cast<std::int32_t>(static_cast<std::uint32_t>(most) -
                                                   static_cast<std::uint32_t>(least) + 1);
      lua_pushnumber(L, std::floor(share * width) + least);
      return 1;
    }
    default:
      return luaL_error(L, "wrong number of arguments");
  }
}

int seed_random(lua_State* L) {
  interpreter::of(L).home().numbers.seed(luaL_checkint(L, 1));
  return 0;
}

}  // namespace

void replace_base_functions(lua_State* L) {
  lua_pushvalue(L, LUA_GLOBALSINDEX);
  raw_field(L, "next");
  lua_pushcfunction(L, next);
  lua_pushcclosure(L, pairs, 2);
  set_raw_field(L, -2, "pairs");
  set(L, "next", next);
  set(L, "rawget", raw_get);
  set(L, "rawset", raw_set);
  set(L, "getmetatable", get_shared_metatable);
  set(L, "setmetatable", set_metatable);
  set(L, "pcall", protected_call);
  set(L, "load", load);
  set(L, "loadstring", load_string);
  set(L, "collectgarbage", collect_garbage);
  raw_field(L, "table");
  set(L, "insert", table_insert);
  set(L, "foreach", table_for_each);
  lua_pop(L, 2);
}

void replace_random(lua_State* L) {
  lua_getglobal(L, "math");
  set(L, "random", random);
  set(L, "randomseed", seed_random);
  lua_pop(L, 1);
}

void share_metatables(lua_State* L) {
  interpreter::push_real(L, LUA_GLOBALSINDEX);
  lua_getmetatable(L, -1);
  interpreter::of(L).make_read_only(L);
  lua_setfield(L, LUA_REGISTRYINDEX, globals_metatable);
  lua_pop(L, 1);

  lua_createtable(L, 0, 1);
  lua_getglobal(L, "string");
  set_raw_field(L, -2, "__index");
  interpreter::of(L).make_read_only(L);
  lua_setfield(L, LUA_REGISTRYINDEX, string_metatable);
}

namespace {

struct text_source {
  std::string_view left;
  bool marked;
};

const char* next_text(lua_State*, void* state, std::size_t* size) {
  auto& from = *static_cast<text_source*>(state);
  if (from.marked) {
    from.marked = false;
    *size = 1;
    return " ";
  }
  *size = from.left.size();
  const char* text = from.left.data();
  from.left = {};
  return *size == 0 ? nullptr : text;
}

}  // namespace

/// The name is held here, so that the garbage collector cannot take it from the parser.
int load_source(lua_State* L, std::string_view source, const char* name) {
  lua_pushstring(L, name);
  text_source from{source, !source.empty() && source.front() == bytecode_mark};
  const int status = lua_load(L, next_text, &from, name);
  lua_remove(L, -2);
  return status;
}

void push_as_text(lua_State* L, int index) {
  if (luaL_callmeta(L, index, "__tostring") != 0) {
    if (lua_isstring(L, -1)) return;
    lua_pop(L, 1);
  }
  switch (lua_type(L, index)) {
    case LUA_TNUMBER:
    case LUA_TSTRING:
      lua_pushvalue(L, index);
      lua_tostring(L, -1);
      break;
    case LUA_TBOOLEAN:
      lua_pushstring(L, lua_toboolean(L, index) ? "true" : "false");
      break;
    case LUA_TNIL:
      lua_pushliteral(L, "nil");
      break;
    default:
      lua_pushfstring(L, "%s: %p", luaL_typename(L, index), lua_topointer(L, index));
  }
}

}  // namespace hawser::scripting
