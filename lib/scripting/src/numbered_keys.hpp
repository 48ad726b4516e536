#pragma once

#include <engine/context.hpp>

#include <span>
#include <string_view>

namespace hawser::scripting {

/// The rest of a command that calls a script: a number, so many keys, arguments.
struct numbered_keys {
  std::span<const std::string_view> keys;
  std::span<const std::string_view> args;
};

/// Throws command_error; `not_number` is for a number that is none.
inline numbered_keys read_keys(engine::arg_reader& from, const char* not_number) {
  const auto count = from.integer(not_number);
  const auto words = from.rest();
  if (count > static_cast<std::int64_t>(words.size()))
    throw engine::command_error("ERR Number of keys can't be greater than number of args");
  if (count < 0) throw engine::command_error("ERR Number of keys can't be negative");
  const auto keys = static_cast<std::size_t>(count);
  return {words.first(keys), words.subspan(keys)};
}

}  // namespace hawser::scripting
