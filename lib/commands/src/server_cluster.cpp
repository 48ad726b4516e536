#include "family.hpp"

namespace hawser::commands {

namespace {

using namespace engine::flags;

/// CLUSTER *, ASKING, READONLY, READWRITE -- this server is no part of a cluster.
void disabled(context&) { throw command_error("ERR This instance has cluster support disabled"); }

constexpr auto admin_only = admin | stale;
constexpr auto changes_state = admin | stale | no_async_loading;
constexpr auto no_keys = key_range::none();

constexpr command_spec subcommands[] = {
    {"addslots", arity::at_least(3), changes_state, no_keys, disabled},
    {"addslotsrange", arity::at_least(4), changes_state, no_keys, disabled},
    {"bumpepoch", arity::exactly(2), changes_state, no_keys, disabled},
    {"count-failure-reports", arity::exactly(3), admin_only, no_keys, disabled},
    {"countkeysinslot", arity::exactly(3), stale, no_keys, disabled},
    {"delslots", arity::at_least(3), changes_state, no_keys, disabled},
    {"delslotsrange", arity::at_least(4), changes_state, no_keys, disabled},
    {"failover", arity::at_least(2), changes_state, no_keys, disabled},
    {"flushslots", arity::exactly(2), changes_state, no_keys, disabled},
    {"forget", arity::exactly(3), changes_state, no_keys, disabled},
    {"getkeysinslot", arity::exactly(4), stale, no_keys, disabled},
    {"help", arity::exactly(2), loading | stale, no_keys, disabled},
    {"info", arity::exactly(2), stale, no_keys, disabled},
    {"keyslot", arity::exactly(3), stale, no_keys, disabled},
    {"links", arity::exactly(2), stale, no_keys, disabled},
    {"meet", arity::at_least(4), changes_state, no_keys, disabled},
    {"myid", arity::exactly(2), stale, no_keys, disabled},
    {"myshardid", arity::exactly(2), stale, no_keys, disabled},
    {"nodes", arity::exactly(2), stale, no_keys, disabled},
    {"replicas", arity::exactly(3), admin_only, no_keys, disabled},
    {"replicate", arity::exactly(3), changes_state, no_keys, disabled},
    {"reset", arity::at_least(2), admin | noscript | stale, no_keys, disabled},
    {"saveconfig", arity::exactly(2), changes_state, no_keys, disabled},
    {"set-config-epoch", arity::exactly(3), changes_state, no_keys, disabled},
    {"setslot", arity::at_least(4), changes_state, no_keys, disabled},
    {"shards", arity::exactly(2), stale, no_keys, disabled},
    {"slaves", arity::exactly(3), admin_only, no_keys, disabled},
    {"slots", arity::exactly(2), stale, no_keys, disabled},
};
static_assert(well_formed(subcommands));

constexpr command_spec table[] = {
    {"asking", arity::exactly(1), fast, no_keys, disabled},
    {"cluster", arity::at_least(2), {}, no_keys, nullptr, subcommands},
    {"readonly", arity::exactly(1), loading | stale | fast, no_keys, disabled},
    {"readwrite", arity::exactly(1), loading | stale | fast, no_keys, disabled},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows cluster_commands() { return table; }

}  // namespace hawser::commands
