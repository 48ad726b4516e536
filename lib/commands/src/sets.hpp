#pragma once

// What the files of set commands share.

#include "family.hpp"
#include <store/set_value.hpp>

namespace hawser::commands {

using store::set_value;

inline void reply_member(context& cx, const set_value::member& of) {
  if (of.is_integer())
    cx.reply.bulk_integer(of.integer);
  else
    cx.reply.bulk({of.string, of.size});
}

/// Replies all members; the reply's head, a set or an array, is written.
inline void reply_members(context& cx, const set_value& of) {
  of.for_each([&](const set_value::member& each) { reply_member(cx, each); });
}

}  // namespace hawser::commands
