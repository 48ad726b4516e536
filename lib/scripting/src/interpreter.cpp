#include "interpreter.hpp"

#include "libraries.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>

namespace hawser::scripting {

namespace {

constexpr unsigned collection_period = 50;  // calls
constexpr int usual_pause = 200, usual_step = 200;

int refuse_write(lua_State* L) { return luaL_error(L, "Attempt to modify a readonly table"); }

int refuse_read(lua_State* L) {
  if (lua_gettop(L) != 2) return luaL_error(L, "Wrong number of arguments to a global's lookup");
  if (!lua_isstring(L, 2))
    return luaL_error(L, "Second argument to luaProtectedTableError must be a string or number");
  return luaL_error(L, "Script attempted to access nonexistent global variable '%s'",
                    lua_tostring(L, 2));
}

/// Gives the table on top of the stack a metatable whose __index is a function that refuses.
void refuse_missing(lua_State* L) {
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, refuse_read);
  set_raw_field(L, -2, "__index");
  lua_setmetatable(L, -2);
}

/// Errors become tables, and those of scripts tell where they happened: for one in a function of C
/// that is where it was called.
int error_handler(lua_State* L) {
  lua_Debug where{};
  bool known = lua_getstack(L, 1, &where) != 0 && lua_getinfo(L, "nSl", &where) != 0;
  if (known && std::string_view(where.what) == "C")
    known = lua_getstack(L, 2, &where) != 0 && lua_getinfo(L, "nSl", &where) != 0;
  if (!lua_istable(L, 1)) {
    lua_newtable(L);
    lua_pushliteral(L, "ERR ");
    push_as_text(L, 1);
    lua_concat(L, 2);
    set_raw_field(L, -2, "err");
    lua_replace(L, 1);
  }
  lua_settop(L, 1);
  if (known && !interpreter::of(L).is_read_only(L, 1)) {
    lua_pushstring(L, where.source);
    set_raw_field(L, 1, "source");
    lua_pushinteger(L, where.currentline);
    set_raw_field(L, 1, "line");
  }
  return 1;
}

void open(lua_State* L, lua_CFunction library, const char* name) {
  lua_pushcfunction(L, library);
  lua_pushstring(L, name);
  lua_call(L, 1, 0);
}

}  // namespace

void* interpreter::allocate(void* self, void* old, std::size_t old_size, std::size_t new_size) {
  auto& memory = static_cast<interpreter*>(self)->memory_;
  if (new_size == 0) {
    std::free(old);
    memory -= old_size;
    return nullptr;
  }
  void* made = std::realloc(old, new_size);
  if (made != nullptr) memory += new_size - old_size;
  return made;
}

interpreter::interpreter(runtime& home, kind what)
    : home_(home), kind_(what), state_(lua_newstate(allocate, this)) {
  if (state_ == nullptr || lua_cpcall(state_, set_up, this) != 0) throw std::bad_alloc();
}

interpreter::~interpreter() {
  if (state_ == nullptr) return;
  lua_sethook(state_, nullptr, 0, 0);
  lua_close(state_);
}

interpreter& interpreter::of(lua_State* L) {
  void* self = nullptr;
  lua_getallocf(L, &self);
  return *static_cast<interpreter*>(self);
}

int interpreter::set_up(lua_State* L) {
  auto& self = *static_cast<interpreter*>(lua_touserdata(L, 1));
  // The state of the constructor is not stored yet.
  self.state_ = L;
  self.open_libraries();
  self.make_globals();
  if (self.kind_ == kind::functions) self.make_loading_globals();
  lua_pushcfunction(L, error_handler);
  self.error_handler_ = luaL_ref(L, LUA_REGISTRYINDEX);
  return 0;
}

void interpreter::open_libraries() {
  auto* L = state_;
  open(L, luaopen_base, "");
  open(L, luaopen_table, LUA_TABLIBNAME);
  open(L, luaopen_string, LUA_STRLIBNAME);
  open(L, luaopen_math, LUA_MATHLIBNAME);
  const char* closed[] = {"dofile",   "getfenv", "loadfile", "module",
                          "newproxy", "print",   "require",  "setfenv"};
  for (const char* each : closed) {
    lua_pushnil(L);
    lua_setglobal(L, each);
  }
  replace_base_functions(L);
  replace_random(L);
  open_redis(L, kind_ == kind::scripts);
  open_bit(L);
  open_json(L);
  open_msgpack(L);
  open_struct(L);
  if (kind_ != kind::scripts) return;
  // Scripts of old have called it to tell where errors come from.
  lua_pushcfunction(L, error_handler);
  lua_setglobal(L, "__redis__err__handler");
}

/// Every table among the globals, and the globals themselves, become read-only.
void interpreter::make_globals() {
  auto* L = state_;
  lua_pushnil(L);
  lua_setglobal(L, "_G");
  lua_pushnil(L);
  while (lua_next(L, LUA_GLOBALSINDEX) != 0) {
    // The value of a field that is there may change while fields are walked through.
    if (lua_istable(L, -1)) {
      make_read_only(L);
      lua_pushvalue(L, -2);
      lua_insert(L, -2);
      lua_rawset(L, LUA_GLOBALSINDEX);
    } else {
      lua_pop(L, 1);
    }
  }
  lua_pushvalue(L, LUA_GLOBALSINDEX);
  refuse_missing(L);
  lua_pushvalue(L, -1);
  globals_ = luaL_ref(L, LUA_REGISTRYINDEX);
  make_read_only(L);
  lua_pushvalue(L, -1);
  set_global("_G");
  lua_replace(L, LUA_GLOBALSINDEX);
  share_metatables(L);
}

/// A library that is loaded sees a `redis` of its own and nothing else.
void interpreter::make_loading_globals() {
  auto* L = state_;
  lua_newtable(L);
  push_loading_library(L);
  refuse_missing(L);
  make_read_only(L);
  set_raw_field(L, -2, "redis");
  refuse_missing(L);
  loading_globals_ = luaL_ref(L, LUA_REGISTRYINDEX);
}

bool interpreter::is_read_only(lua_State* L, int index) const {
  if (!lua_istable(L, index)) return false;
  return std::ranges::find(read_only_, lua_topointer(L, index)) != read_only_.end();
}

void interpreter::push_real(lua_State* L, int index) {
  lua_getmetatable(L, index);
  raw_field(L, "__index");
  lua_remove(L, -2);
}

void interpreter::make_read_only(lua_State* L) {
  lua_newtable(L);
  read_only_.push_back(lua_topointer(L, -1));
  lua_createtable(L, 0, 2);
  lua_pushvalue(L, -3);
  set_raw_field(L, -2, "__index");
  lua_pushcfunction(L, refuse_write);
  set_raw_field(L, -2, "__newindex");
  lua_setmetatable(L, -2);
  lua_replace(L, -2);
  // Its address is its name: it must not be collected.
  lua_pushvalue(L, -1);
  luaL_ref(L, LUA_REGISTRYINDEX);
}

void interpreter::set_global(const char* name) {
  lua_rawgeti(state_, LUA_REGISTRYINDEX, globals_);
  lua_insert(state_, -2);
  set_raw_field(state_, -2, name);
  lua_pop(state_, 1);
}

void interpreter::show_globals(int reference) {
  lua_getmetatable(state_, LUA_GLOBALSINDEX);
  lua_rawgeti(state_, LUA_REGISTRYINDEX, reference);
  set_raw_field(state_, -2, "__index");
  lua_pop(state_, 1);
}

bool interpreter::compile(std::string_view source, const char* name) {
  return load_source(state_, source, name) == 0;
}

void interpreter::after_call() {
  if (collection_changed_) {
    collection_changed_ = false;
    lua_gc(state_, LUA_GCSETPAUSE, usual_pause);
    lua_gc(state_, LUA_GCSETSTEPMUL, usual_step);
    lua_gc(state_, LUA_GCRESTART, 0);
  }
  if (++calls_ % collection_period == 0) lua_gc(state_, LUA_GCSTEP, collection_period);
}

}  // namespace hawser::scripting
