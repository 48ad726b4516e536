#pragma once

#include <engine/context.hpp>
#include <engine/node.hpp>

#include <memory>
#include <utility>

namespace hawser::scripting {

/// Destroys what is left of scripts, in the background or at once.
template <class Remains>
void destroy(engine::node& server, Remains remains, bool in_background) {
  if (!in_background) return;
  server.process.run_in_background(
      [held = std::make_shared<Remains>(std::move(remains))]() mutable { held.reset(); });
}

/// [ASYNC|SYNC]: whether to leave work to the background. Throws command_error with this text.
inline bool read_flush_mode(engine::context& cx, const char* wrong) {
  if (cx.args.empty()) return cx.server.options.lazyfree_lazy_user_flush;
  const bool background = cx.args.accept("async");
  if ((!background && !cx.args.accept("sync")) || !cx.args.empty())
    throw engine::command_error(wrong);
  return background;
}

}  // namespace hawser::scripting
