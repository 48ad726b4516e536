#pragma once

#include <engine/command_table.hpp>

// One function a family, defined beside its table.
namespace hawser::commands {

engine::command_table::rows connection_commands();
engine::command_table::rows string_commands();

}  // namespace hawser::commands
