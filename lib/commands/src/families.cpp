#include "tables.hpp"
#include <commands/families.hpp>

namespace hawser::commands {

std::span<const engine::command_table::rows> families() {
  static const engine::command_table::rows all[] = {
      connection_commands(),
      string_commands(),
  };
  return all;
}

}  // namespace hawser::commands
