#include "tables.hpp"
#include <commands/command_metadata.hpp>
#include <commands/families.hpp>

namespace hawser::commands {

namespace {

engine::command_facts describe(std::string_view full_name) {
  const auto* known = find_metadata(full_name);
  if (known == nullptr) return {};
  return {known->categories, &known->keys};
}

}  // namespace

engine::command_set families() {
  static const engine::command_table::rows all[] = {
      // clang-format off
      acl_commands(),
      append_only_commands(),
      bitmap_commands(),
      bitmap_field_commands(),
      bitmap_operation_commands(),
      client_commands(),
      cluster_commands(),
      command_commands(),
      command_log_commands(),
      config_commands(),
      connection_commands(),
      debug_commands(),
      failover_commands(),
      geo_commands(),
      geo_search_commands(),
      hash_commands(),
      hash_expiry_commands(),
      hash_getex_commands(),
      hash_number_commands(),
      hash_random_commands(),
      hot_key_commands(),
      hyperloglog_commands(),
      info_commands(),
      key_commands(),
      key_database_commands(),
      key_dump_commands(),
      key_expiry_commands(),
      key_migration_commands(),
      key_object_commands(),
      key_scan_commands(),
      latency_commands(),
      list_commands(),
      list_move_commands(),
      list_pop_commands(),
      list_search_commands(),
      memory_commands(),
      module_commands(),
      pubsub_commands(),
      replication_commands(),
      replication_wait_commands(),
      saving_commands(),
      server_commands(),
      set_algebra_commands(),
      set_commands(),
      set_random_commands(),
      stream_delete_commands(),
      stream_group_commands(),
      stream_info_commands(),
      stream_pending_commands(),
      stream_range_commands(),
      stream_read_commands(),
      stream_write_commands(),
      sort_commands(),
      sorted_set_combine_commands(),
      sorted_set_commands(),
      sorted_set_pop_commands(),
      sorted_set_random_commands(),
      sorted_set_range_commands(),
      string_commands(),
      string_compare_commands(), string_increx_commands(), string_lcs_commands(),
      string_number_commands(),
      string_range_commands(),
      transaction_commands(),
      // clang-format on
  };
  return {all, describe};
}

}  // namespace hawser::commands
