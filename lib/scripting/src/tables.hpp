#pragma once

#include <engine/command_table.hpp>

// One function for each file of commands, defined beside its table.
namespace hawser::scripting {

engine::command_table::rows eval_commands();
engine::command_table::rows function_commands();
engine::command_table::rows script_commands();

}  // namespace hawser::scripting
