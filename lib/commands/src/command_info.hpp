#pragma once

#include <commands/command_metadata.hpp>
#include <engine/command_table.hpp>
#include <resp/reply_writer.hpp>

namespace hawser::commands {

/// One element of COMMAND INFO's reply.
void reply_command_info(resp::reply_writer& reply, const engine::command& of);

/// The uses of a key as a set of their names.
void reply_key_uses(resp::reply_writer& reply, key_use what);

/// A command's name in COMMAND DOCS's reply and what follows it.
void reply_command_docs(resp::reply_writer& reply, const engine::command& of);

}  // namespace hawser::commands
