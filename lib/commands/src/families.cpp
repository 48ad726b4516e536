#include "tables.hpp"
#include <commands/families.hpp>

namespace hawser::commands {

std::span<const engine::command_table::rows> families() {
  static const engine::command_table::rows all[] = {
      client_commands(),       connection_commands(),    key_commands(),
      key_database_commands(), key_expiry_commands(),    key_object_commands(),
      key_scan_commands(),     pubsub_commands(),        string_commands(),
      string_lcs_commands(),   string_number_commands(), string_range_commands(),
      transaction_commands(),
  };
  return all;
}

}  // namespace hawser::commands
