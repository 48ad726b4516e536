#include "command_metadata_rows.hpp"

namespace hawser::commands {

namespace {

using namespace use;

// What a script does with its keys only the script knows.
constexpr std::string_view any_use =
    "We cannot tell how the keys will be used so we assume the worst, RW and UPDATE";
constexpr std::string_view any_reading =
    "We cannot tell how the keys will be used so we assume the worst, RO and ACCESS";
constexpr key_specs changed = {at(2, rw | accesses | updates).counted().because(any_use)};
constexpr key_specs read = {at(2, ro | accesses).counted().because(any_reading)};

constexpr std::string_view to_all_nodes = "request_policy:all_nodes response_policy:all_succeeded";
constexpr std::string_view to_all_shards =
    "request_policy:all_shards response_policy:all_succeeded";
constexpr std::string_view to_one_shard = "request_policy:all_shards response_policy:one_succeeded";

constexpr auto table = of(
    group::scripting,
    {
        about("eval", "2.6.0", "Runs a Lua script", "Depends on the script")
            .in(acl::scripting)
            .with(changed)
            .takes("script numkeys:integer [key:key...] [arg...]"),
        about("eval_ro", "7.0.0", "Runs a Lua script that may not write", "Depends on the script")
            .in(acl::scripting)
            .with(read)
            .takes("script numkeys:integer [key:key...] [arg...]"),
        about("evalsha", "2.6.0", "Runs a Lua script that is known by its SHA-1 digest",
              "Depends on the script")
            .in(acl::scripting)
            .with(changed)
            .takes("sha1 numkeys:integer [key:key...] [arg...]"),
        about("evalsha_ro", "7.0.0", "Runs a known Lua script that may not write",
              "Depends on the script")
            .in(acl::scripting)
            .with(read)
            .takes("sha1 numkeys:integer [key:key...] [arg...]"),
        about("fcall", "7.0.0", "Calls a function of a library", "Depends on the function")
            .in(acl::scripting)
            .with(changed)
            .takes("function numkeys:integer [key:key...] [arg...]"),
        about("fcall_ro", "7.0.0", "Calls a function that may not write", "Depends on the function")
            .in(acl::scripting)
            .with(read)
            .takes("function numkeys:integer [key:key...] [arg...]"),
        about("function", "7.0.0", "Commands about libraries of functions",
              "Depends on the subcommand"),
        about("function|delete", "7.0.0", "Removes a library and its functions", "O(1)")
            .in(acl::scripting)
            .takes("library-name")
            .tip(to_all_shards),
        about("function|dump", "7.0.0", "Replies all libraries in a form for RESTORE",
              "O(N), N: libraries")
            .in(acl::scripting),
        about("function|flush", "7.0.0", "Removes all libraries", "O(N), N: functions")
            .in(acl::scripting)
            .takes("[flush-type(ASYNC|SYNC)]")
            .tip(to_all_shards),
        about("function|help", "7.0.0", "Lists the subcommands", "O(1)").in(acl::scripting),
        about("function|kill", "7.0.0", "Ends the function that runs, if it has not written",
              "O(1)")
            .in(acl::scripting)
            .tip(to_one_shard),
        about("function|list", "7.0.0", "Describes libraries and their functions",
              "O(N), N: functions")
            .in(acl::scripting)
            .takes("[LIBRARYNAME=library-name-pattern] [WITHCODE]")
            .tip("nondeterministic_output_order"),
        about("function|load", "7.0.0", "Adds a library", "O(1), and what its code does")
            .in(acl::scripting)
            .takes("[REPLACE] function-code")
            .tip(to_all_shards),
        about("function|restore", "7.0.0", "Adds the libraries of a dump", "O(N), N: libraries")
            .in(acl::scripting)
            .takes("serialized-value [policy(FLUSH|APPEND|REPLACE)]")
            .tip(to_all_shards),
        about("function|stats", "7.0.0", "Tells which function runs, and counts functions", "O(1)")
            .in(acl::scripting)
            .tip("nondeterministic_output request_policy:all_shards response_policy:special"),
        about("script", "2.6.0", "Commands about cached scripts", "Depends on the subcommand"),
        about("script|debug", "3.2.0",
              "Chooses whether scripts are debugged, which is not possible", "O(1)")
            .in(acl::scripting)
            .takes("mode(YES|SYNC|NO)"),
        about("script|exists", "2.6.0", "Tells which scripts are cached", "O(N), N: scripts")
            .in(acl::scripting)
            .takes("sha1...")
            .tip("request_policy:all_shards response_policy:agg_logical_and"),
        about("script|flush", "2.6.0", "Forgets all cached scripts", "O(N), N: scripts")
            .in(acl::scripting)
            .takes("[flush-type(ASYNC|SYNC)@6.2.0]")
            .tip(to_all_nodes),
        about("script|help", "5.0.0", "Lists the subcommands", "O(1)").in(acl::scripting),
        about("script|kill", "2.6.0", "Ends the script that runs, if it has not written", "O(1)")
            .in(acl::scripting)
            .tip(to_one_shard),
        about("script|load", "2.6.0", "Caches a script", "O(N), N: bytes of the script")
            .in(acl::scripting)
            .takes("script")
            .tip(to_all_nodes),
        about("script|show", "8.0.0", "Replies the text of a cached script", "O(1)")
            .in(acl::scripting)
            .takes("sha1"),
    });
static_assert(well_formed(table));

}  // namespace

metadata_rows scripting_metadata() { return table; }

}  // namespace hawser::commands
