#include "errors.hpp"

#include <engine/node.hpp>

namespace hawser::scripting {

namespace {

constexpr const char* counted_field = "ignore_error_stats_update";

std::string take_text(lua_State* L, const char* field) {
  raw_field(L, field);
  std::string text;
  if (lua_isstring(L, -1)) text = text_at(L, -1);
  lua_pop(L, 1);
  return text;
}

}  // namespace

void push_error(lua_State* L, std::string_view text, bool counted) {
  lua_newtable(L);
  push(L, text);
  set_raw_field(L, -2, "err");
  if (!counted) return;
  lua_pushboolean(L, 1);
  set_raw_field(L, -2, counted_field);
}

script_error take_error(lua_State* L) {
  script_error error{take_text(L, "err"), take_text(L, "source"), take_text(L, "line")};
  if (error.text.empty()) error.text = "ERR unknown error";
  raw_field(L, counted_field);
  error.counted = lua_isboolean(L, -1) && lua_toboolean(L, -1);
  lua_pop(L, 1);
  return error;
}

void fail(engine::context& cx, std::string_view text, bool count) {
  if (count) cx.server.stats.count_error(text);
  cx.reply.error(text);
  cx.failed();
}

}  // namespace hawser::scripting
