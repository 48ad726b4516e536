#include "tables.hpp"

#include <commands/families.hpp>
#include <scripting/families.hpp>

#include <vector>

namespace hawser::scripting {

std::span<const engine::command_table::rows> families() {
  static const auto all = [] {
    const auto others = commands::families();
    std::vector<engine::command_table::rows> tables(others.begin(), others.end());
    tables.push_back(eval_commands());
    tables.push_back(function_commands());
    tables.push_back(script_commands());
    return tables;
  }();
  return all;
}

}  // namespace hawser::scripting
