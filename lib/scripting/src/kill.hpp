#pragma once

#include "runtime.hpp"

namespace hawser::scripting {

/// Has what runs end. Throws command_error if it may not.
inline void kill_running(engine::context& cx, bool function) {
  using engine::command_error;
  auto* now = cx.server.script;
  if (now == nullptr) throw command_error("NOTBUSY No scripts in execution right now.");
  if (now->has_written)
    throw command_error(
        "UNKILLABLE Sorry the script already executed write commands against the dataset. You can "
        "either wait the script termination or kill the server in a hard way using the SHUTDOWN "
        "NOSAVE command.");
  if (now->function != function) throw command_error(now->busy_error());
  now->killed = true;
  cx.reply.ok();
}

}  // namespace hawser::scripting
