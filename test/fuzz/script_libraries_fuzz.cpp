// What scripts decode of others' bytes: JSON, MessagePack and C structures. The first byte chooses;
// for structures the next says how long the format is. Whatever decodes is encoded again, and must
// then decode to as many values.

#include <cstdint>
#include <cstdlib>
#include <libraries.hpp>
#include <string>

namespace {

using namespace hawser::scripting;

lua_State* make_state() {
  auto* made = luaL_newstate();
  open_json(made);
  open_msgpack(made);
  open_struct(made);
  lua_settop(made, 0);
  return made;
}

/// Calls a function of a library with a block of exactly this size; false: it has refused.
bool call(lua_State* L, const char* library, const char* name, int arguments) {
  lua_getglobal(L, library);
  lua_getfield(L, -1, name);
  lua_replace(L, -2);
  lua_insert(L, -1 - arguments);
  return lua_pcall(L, arguments, LUA_MULTRET, 0) == 0;
}

/// Of tables nested deeper than MessagePack is packed, nil is left: as a key, nothing takes it.
bool has_nil_as_key(lua_State* L) {
  return std::string_view(lua_tostring(L, -1)) == "table index is nil";
}

void round_trip(lua_State* L, const char* library, const char* decode, const char* encode,
                std::string_view bytes) {
  push(L, bytes);
  if (!call(L, library, decode, 1)) return;
  const int values = lua_gettop(L);
  // More arguments than JSON takes, and values that JSON has no form for, are refused.
  if (values == 0 || values > 100 || !call(L, library, encode, values)) return;
  if (call(L, library, decode, 1) ? lua_gettop(L) != values : !has_nil_as_key(L)) std::abort();
}

void unpack_struct(lua_State* L, std::string_view bytes) {
  if (bytes.empty()) return;
  const auto length = static_cast<std::size_t>(static_cast<unsigned char>(bytes[0]));
  bytes.remove_prefix(1);
  const auto format = bytes.substr(0, length);
  push(L, format);
  call(L, "struct", "size", 1);
  lua_settop(L, 0);
  push(L, format);
  push(L, bytes.substr(format.size()));
  call(L, "struct", "unpack", 2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static lua_State* const state = make_state();
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'j':
      round_trip(state, "cjson", "decode", "encode", bytes);
      break;
    case 'm':
      round_trip(state, "cmsgpack", "unpack", "pack", bytes);
      break;
    default:
      unpack_struct(state, bytes);
  }
  lua_settop(state, 0);
  return 0;
}
