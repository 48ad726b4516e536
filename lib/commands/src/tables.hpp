#pragma once

#include <engine/command_table.hpp>

// One function for each file of commands, defined beside its table.
namespace hawser::commands {

engine::command_table::rows acl_commands();
engine::command_table::rows append_only_commands();
engine::command_table::rows bitmap_commands();
engine::command_table::rows bitmap_field_commands();
engine::command_table::rows bitmap_operation_commands();
engine::command_table::rows client_commands();
engine::command_table::rows cluster_commands();
engine::command_table::rows command_commands();
engine::command_table::rows command_log_commands();
engine::command_table::rows config_commands();
engine::command_table::rows connection_commands();
engine::command_table::rows debug_commands();
engine::command_table::rows failover_commands();
engine::command_table::rows geo_commands();
engine::command_table::rows geo_search_commands();
engine::command_table::rows hash_commands();
engine::command_table::rows hash_expiry_commands();
engine::command_table::rows hash_getex_commands();
engine::command_table::rows hash_number_commands();
engine::command_table::rows hash_random_commands();
engine::command_table::rows hot_key_commands();
engine::command_table::rows hyperloglog_commands();
engine::command_table::rows info_commands();
engine::command_table::rows key_commands();
engine::command_table::rows key_database_commands();
engine::command_table::rows key_dump_commands();
engine::command_table::rows key_expiry_commands();
engine::command_table::rows key_migration_commands();
engine::command_table::rows key_object_commands();
engine::command_table::rows key_scan_commands();
engine::command_table::rows latency_commands();
engine::command_table::rows list_commands();
engine::command_table::rows list_move_commands();
engine::command_table::rows list_pop_commands();
engine::command_table::rows list_search_commands();
engine::command_table::rows memory_commands();
engine::command_table::rows module_commands();
engine::command_table::rows pubsub_commands();
engine::command_table::rows replication_commands();
engine::command_table::rows replication_wait_commands();
engine::command_table::rows saving_commands();
engine::command_table::rows server_commands();
engine::command_table::rows set_algebra_commands();
engine::command_table::rows set_commands();
engine::command_table::rows set_random_commands();
engine::command_table::rows stream_delete_commands();
engine::command_table::rows stream_group_commands();
engine::command_table::rows stream_info_commands();
engine::command_table::rows stream_pending_commands();
engine::command_table::rows stream_range_commands();
engine::command_table::rows stream_read_commands();
engine::command_table::rows stream_write_commands();
engine::command_table::rows sort_commands();
engine::command_table::rows sorted_set_combine_commands();
engine::command_table::rows sorted_set_commands();
engine::command_table::rows sorted_set_pop_commands();
engine::command_table::rows sorted_set_random_commands();
engine::command_table::rows sorted_set_range_commands();
engine::command_table::rows string_commands();
engine::command_table::rows string_compare_commands();
engine::command_table::rows string_increx_commands();
engine::command_table::rows string_lcs_commands();
engine::command_table::rows string_number_commands();
engine::command_table::rows string_range_commands();
engine::command_table::rows transaction_commands();

}  // namespace hawser::commands
