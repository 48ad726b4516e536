#pragma once

#include <engine/command_error.hpp>
#include <engine/context.hpp>

namespace hawser::engine {

/// Runs what replies to a command, and returns what it returns: whether it has replied. When it
/// throws a command_error, that is the reply.
template <class Work>
bool reply_or_fail(context& cx, Work work) {
  auto& out = cx.reply.out();
  const auto before = out.mark();
  try {
    return work();
  } catch (const command_error& error) {
    out.rollback(before);
    cx.fail(error.text());
    return true;
  }
}

}  // namespace hawser::engine
