#pragma once

#include <engine/command_table.hpp>

namespace hawser::scripting {

/// The tables of all families of commands, those of lib/commands among them.
engine::command_set families();

}  // namespace hawser::scripting
