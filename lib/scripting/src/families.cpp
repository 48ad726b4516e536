#include "tables.hpp"
#include <commands/families.hpp>

#include <scripting/families.hpp>
#include <vector>

namespace hawser::scripting {

engine::command_set families() {
  static const auto all = [] {
    const auto others = commands::families();
    std::vector<engine::command_table::rows> tables(others.families.begin(), others.families.end());
    tables.push_back(eval_commands());
    tables.push_back(function_commands());
    tables.push_back(script_commands());
    return tables;
  }();
  return {all, commands::families().describe};
}

}  // namespace hawser::scripting
