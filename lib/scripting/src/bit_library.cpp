#include "libraries.hpp"

#include <bit>
#include <cstdint>

// The operations of LuaJIT's `bit` on 32 bits: numbers are taken modulo 2^32, results are signed.

namespace hawser::scripting {

namespace {

/// The nearest integer modulo 2^32: adding 2^52 + 2^51 leaves it in the low bits of the mantissa.
std::uint32_t bits_at(lua_State* L, int index) {
  constexpr double shift = 6755399441055744.0;
  const double shifted = luaL_checknumber(L, index) + shift;
  return static_cast<std::uint32_t>(std::bit_cast<std::uint64_t>(shifted));
}

int give(lua_State* L, std::uint32_t bits) {
  lua_pushnumber(L, static_cast<std::int32_t>(bits));
  return 1;
}

int to_bit(lua_State* L) { return give(L, bits_at(L, 1)); }
int bit_not(lua_State* L) { return give(L, ~bits_at(L, 1)); }

template <class Combine>
int combine(lua_State* L, Combine with) {
  auto bits = bits_at(L, 1);
  for (int i = lua_gettop(L); i > 1; --i) bits = with(bits, bits_at(L, i));
  return give(L, bits);
}

int bit_and(lua_State* L) {
  return combine(L, [](auto a, auto b) { return a & b; });
}
int bit_or(lua_State* L) {
  return combine(L, [](auto a, auto b) { return a | b; });
}
int bit_xor(lua_State* L) {
  return combine(L, [](auto a, auto b) { return a ^ b; });
}

/// The lower five bits of the second argument say how far.
template <class Move>
int move(lua_State* L, Move how) {
  const auto bits = bits_at(L, 1);
  return give(L, how(bits, static_cast<int>(bits_at(L, 2) & 31)));
}

int left(lua_State* L) {
  return move(L, [](std::uint32_t bits, int by) { return bits << by; });
}
int right(lua_State* L) {
  return move(L, [](std::uint32_t bits, int by) { return bits >> by; });
}
int arithmetic_right(lua_State* L) {
  return move(L, [](std::uint32_t bits, int by) {
    return static_cast<std::uint32_t>(static_cast<std::int32_t>(bits) >> by);
  });
}
int rotate_left(lua_State* L) {
  return move(L, [](std::uint32_t bits, int by) { return std::rotl(bits, by); });
}
int rotate_right(lua_State* L) {
  return move(L, [](std::uint32_t bits, int by) { return std::rotr(bits, by); });
}

int swap_bytes(lua_State* L) { return give(L, __builtin_bswap32(bits_at(L, 1))); }

/// bit.tohex(number [, digits]) -- in upper case when their number is negative.
int to_hex(lua_State* L) {
  constexpr int most = 8;
  auto bits = bits_at(L, 1);
  auto count = lua_isnone(L, 2) ? most : static_cast<std::int32_t>(bits_at(L, 2));
  const char* digits = count < 0 ? "0123456789ABCDEF" : "0123456789abcdef";
  if (count < 0) count = count < -most ? most : -count;
  if (count > most) count = most;
  char text[most];
  for (int i = count; i-- > 0; bits >>= 4) text[i] = digits[bits & 15];
  push(L, {text, static_cast<std::size_t>(count)});
  return 1;
}

constexpr luaL_Reg functions[] = {
    {"tobit", to_bit},     {"bnot", bit_not},
    {"band", bit_and},     {"bor", bit_or},
    {"bxor", bit_xor},     {"lshift", left},
    {"rshift", right},     {"arshift", arithmetic_right},
    {"rol", rotate_left},  {"ror", rotate_right},
    {"bswap", swap_bytes}, {"tohex", to_hex},
    {nullptr, nullptr},
};

}  // namespace

void open_bit(lua_State* L) {
  luaL_register(L, "bit", functions);
  lua_pop(L, 1);
}

}  // namespace hawser::scripting
