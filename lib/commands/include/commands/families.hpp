#pragma once

#include <engine/command_table.hpp>

namespace hawser::commands {

/// The tables of all families, to make an engine::command_table of.
engine::command_set families();

}  // namespace hawser::commands
