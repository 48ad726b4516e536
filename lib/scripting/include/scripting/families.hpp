#pragma once

#include <engine/command_table.hpp>

#include <span>

namespace hawser::scripting {

/// The tables of all families of commands, those of lib/commands among them.
std::span<const engine::command_table::rows> families();

}  // namespace hawser::scripting
