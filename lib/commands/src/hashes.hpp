#pragma once

// What the files of hash commands share.

#include "family.hpp"
#include <store/hash_value.hpp>

namespace hawser::commands {

using store::hash_value;

inline void reply_element(context& cx, const hash_value::element& of) {
  if (of.is_integer())
    cx.reply.bulk_integer(of.integer);
  else
    cx.reply.bulk({of.string, of.size});
}

/// Replies a field's value, null when there is none.
inline void reply_value(context& cx, const std::optional<hash_value>& of, std::string_view field) {
  const auto value = of ? of->get(field) : std::nullopt;
  if (value)
    reply_element(cx, *value);
  else
    cx.reply.null();
}

}  // namespace hawser::commands
