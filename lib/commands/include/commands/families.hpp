#pragma once

#include <engine/command_table.hpp>

#include <span>

namespace hawser::commands {

/// The tables of all families, to make an engine::command_table of.
std::span<const engine::command_table::rows> families();

}  // namespace hawser::commands
