#include "command_metadata_rows.hpp"

namespace hawser::commands {

namespace {

using namespace use;

constexpr auto table = of(
    group::server,
    {
        about("acl", "6.0.0", "Commands about users and what they may do",
              "Depends on the subcommand"),
        about("acl|cat", "6.0.0", "Lists the categories of commands, or the commands of one",
              "O(N), N: commands")
            .takes("[categoryname]"),
        about("acl|deluser", "6.0.0", "Removes users and ends their connections",
              "O(N), N: users to remove and connections")
            .takes("username..."),
        about("acl|dryrun", "7.0.0", "Tells whether a user may execute a command, without doing so",
              "O(N), N: keys and patterns")
            .takes("username command [arg...]"),
        about("acl|genpass", "6.0.0", "Makes up a password that cannot be guessed", "O(1)")
            .takes("[bits:integer]"),
        about("acl|getuser", "6.0.0", "Describes a user",
              "O(N), N: passwords, commands and patterns")
            .takes("username"),
        about("acl|help", "6.0.0", "Lists the subcommands", "O(1)"),
        about("acl|list", "6.0.0", "Describes all users as lines of an ACL file", "O(N), N: users"),
        about("acl|load", "6.0.0", "Replaces all users by those of the ACL file", "O(N), N: users"),
        about("acl|log", "6.0.0", "Replies what was denied last, or forgets it", "O(N), N: entries")
            .takes("[operation(count:integer|RESET)]"),
        about("acl|save", "6.0.0", "Writes all users to the ACL file", "O(N), N: users"),
        about("acl|setuser", "6.0.0", "Makes a user or changes what it may do", "O(N), N: rules")
            .takes("username [rule...]"),
        about("acl|users", "6.0.0", "Lists the names of all users", "O(N), N: users"),
        about("acl|whoami", "6.0.0", "Replies the name of the connection's user", "O(1)"),
        about("bgrewriteaof", "1.0.0",
              "Makes the data set as it is now the base of the append-only file",
              "O(N), N: keys and their elements"),
        about("bgsave", "1.0.0", "Saves the data set to disk while commands go on",
              "O(N), N: keys and their elements")
            .takes("[SCHEDULE@3.2.2]"),
        about("command", "2.8.13", "Describes all commands", "O(N), N: commands")
            .in(acl::connection)
            .tip("nondeterministic_output_order"),
        about("commandlog", "8.1.0", "Commands about the logs of commands that cost too much",
              "Depends on the subcommand"),
        about("commandlog|get", "8.1.0", "Replies the newest records of a log", "O(N), N: records")
            .tip("request_policy:all_nodes nondeterministic_output")
            .takes("count:integer type(SLOW|LARGE-REQUEST|LARGE-REPLY)"),
        about("commandlog|help", "8.1.0", "Lists the subcommands", "O(1)"),
        about("commandlog|len", "8.1.0", "Counts the records of a log", "O(1)")
            .tip("request_policy:all_nodes response_policy:agg_sum nondeterministic_output")
            .takes("type(SLOW|LARGE-REQUEST|LARGE-REPLY)"),
        about("commandlog|reset", "8.1.0", "Removes all records of a log", "O(N), N: records")
            .tip("request_policy:all_nodes response_policy:all_succeeded")
            .takes("type(SLOW|LARGE-REQUEST|LARGE-REPLY)"),
        about("command|count", "2.8.13", "Counts the commands", "O(1)").in(acl::connection),
        about("command|docs", "7.0.0", "Replies what is written about commands",
              "O(N), N: commands asked for")
            .in(acl::connection)
            .tip("nondeterministic_output_order")
            .takes("[command-name...]"),
        about("command|getkeys", "2.8.13", "Finds the keys in a command", "O(N), N: words")
            .in(acl::connection),
        about("command|getkeysandflags", "7.0.0",
              "Finds the keys in a command and what it does with them", "O(N), N: words")
            .in(acl::connection),
        about("command|help", "5.0.0", "Lists the subcommands", "O(1)").in(acl::connection),
        about("command|info", "2.8.13", "Describes some commands", "O(N), N: commands asked for")
            .in(acl::connection)
            .tip("nondeterministic_output_order")
            .takes("[command-name...]"),
        about("command|list", "7.0.0", "Replies the names of commands", "O(N), N: commands")
            .in(acl::connection)
            .tip("nondeterministic_output_order")
            .takes(
                "[FILTERBY=filterby(MODULE=module-name|ACLCAT=category|PATTERN=pattern:pattern)]"),
        about("config", "2.0.0", "Commands about the configuration", "Depends on the subcommand"),
        about("config|get", "2.0.0", "Replies directives by name or pattern", "O(N), N: directives")
            .takes("parameter{parameter}..."),
        about("config|help", "5.0.0", "Lists the subcommands", "O(1)"),
        about("config|resetstat", "2.0.0", "Sets the counters of INFO to zero",
              "O(N), N: commands"),
        about("config|rewrite", "2.8.0", "Writes the configuration in force to its file",
              "O(N), N: lines of the file"),
        about("config|set", "2.0.0", "Changes directives, all or none", "O(N), N: directives")
            .tip("request_policy:all_nodes response_policy:all_succeeded")
            .takes("parameter_value{parameter value}..."),
        about("dbsize", "1.0.0", "Counts the keys of the database", "O(1)")
            .in(acl::keyspace)
            .tip("request_policy:all_shards response_policy:agg_sum"),
        about("debug", "1.0.0", "Tools for testing the server", "Depends on the subcommand")
            .for_testing(),
        about("failover", "6.2.0", "Hands the primary's part over to a replica", "O(1)")
            .takes("[TO=target{host port:integer [FORCE]}] [ABORT] [TIMEOUT=milliseconds:integer]"),
        about("flushall", "1.0.0", "Removes the keys of all databases", "O(N), N: keys")
            .in(acl::keyspace | acl::dangerous)
            .tip("request_policy:all_shards response_policy:all_succeeded")
            .takes("[async(ASYNC@4.0.0|SYNC@6.2.0)]"),
        about("flushdb", "1.0.0", "Removes the keys of the database", "O(N), N: keys")
            .in(acl::keyspace | acl::dangerous)
            .tip("request_policy:all_shards response_policy:all_succeeded")
            .takes("[async(ASYNC@4.0.0|SYNC@6.2.0)]"),
        about("hotkeys", "8.6.0", "Commands about the keys that cost most",
              "Depends on the subcommand"),
        about("hotkeys|get", "8.6.0", "Replies the keys that have cost most in a session",
              "O(N), N: keys that are counted"),
        about("hotkeys|help", "8.6.0", "Lists the subcommands", "O(1)"),
        about("hotkeys|reset", "8.6.0", "Forgets what a session has found", "O(1)"),
        about("hotkeys|start", "8.6.0", "Begins a session, in which keys are counted", "O(1)")
            .takes("METRICS=metrics{count:integer [CPU] [NET]} [COUNT=k:integer] "
                   "[DURATION=seconds:integer] [SAMPLE=ratio:integer] "
                   "[SLOTS=slots{count:integer slot:integer...}]"),
        about("hotkeys|stop", "8.6.0", "Ends the session and keeps what it has found", "O(1)"),
        about("info", "1.0.0", "Replies the state and the counters of the server", "O(1)")
            .in(acl::dangerous)
            .tip("nondeterministic_output request_policy:all_shards response_policy:special")
            .takes("[section...]"),
        about("lastsave", "1.0.0", "Replies when the data was last saved", "O(1)")
            .in(acl::admin | acl::dangerous)
            .tip("nondeterministic_output"),
        about("latency", "2.8.13", "Commands about slow moments", "Depends on the subcommand"),
        about("latency|doctor", "2.8.13", "Explains the slow moments that were recorded",
              "O(N), N: samples")
            .tip("nondeterministic_output request_policy:all_nodes response_policy:special"),
        about("latency|graph", "2.8.13", "Draws the samples of an event", "O(N), N: samples")
            .tip("nondeterministic_output request_policy:all_nodes response_policy:special")
            .takes("event"),
        about("latency|help", "2.8.13", "Lists the subcommands", "O(1)"),
        about("latency|histogram", "7.0.0", "Replies how long commands took", "O(N), N: commands")
            .tip("nondeterministic_output request_policy:all_nodes response_policy:special")
            .takes("[command...]"),
        about("latency|history", "2.8.13", "Replies the samples of an event", "O(N), N: samples")
            .tip("nondeterministic_output request_policy:all_nodes response_policy:special")
            .takes("event"),
        about("latency|latest", "2.8.13", "Replies the newest sample of each event",
              "O(N), N: events")
            .tip("nondeterministic_output request_policy:all_nodes response_policy:special"),
        about("latency|reset", "2.8.13", "Forgets samples", "O(N), N: events")
            .tip("request_policy:all_nodes response_policy:all_succeeded")
            .takes("[event...]"),
        about("lolwut", "5.0.0", "Draws a picture", "").takes("[VERSION=version:integer]"),
        about("memory", "4.0.0", "Commands about memory", "Depends on the subcommand"),
        about("memory|doctor", "4.0.0", "Looks for trouble with memory", "O(1)")
            .tip("nondeterministic_output request_policy:all_shards response_policy:special"),
        about("memory|help", "4.0.0", "Lists the subcommands", "O(1)"),
        about("memory|malloc-stats", "4.0.0", "Replies the allocator's own figures", "O(1)")
            .tip("nondeterministic_output request_policy:all_shards response_policy:special"),
        about("memory|purge", "4.0.0", "Gives free memory back to the system",
              "Depends on the allocator")
            .tip("request_policy:all_shards response_policy:all_succeeded"),
        about("memory|stats", "4.0.0", "Replies what memory is used for", "O(1)")
            .tip("nondeterministic_output request_policy:all_shards response_policy:special"),
        about("memory|usage", "4.0.0", "Replies the bytes that a key takes",
              "O(N), N: elements sampled")
            .with({at(2, ro)})
            .takes("key:key [SAMPLES=count:integer]"),
        about("module", "4.0.0", "Commands about modules", "Depends on the subcommand"),
        about("module|help", "5.0.0", "Lists the subcommands", "O(1)"),
        about("module|list", "4.0.0", "Replies the loaded modules", "O(N), N: modules")
            .tip("nondeterministic_output_order"),
        about("module|load", "4.0.0", "Loads a module", "O(1)").takes("path [arg...]"),
        about("module|loadex", "7.0.0", "Loads a module with a configuration", "O(1)")
            .takes("path [CONFIG=configs{name value}...*] [ARGS=args{arg}...]"),
        about("module|unload", "4.0.0", "Unloads a module", "O(1)").takes("name"),
        about("monitor", "1.0.0", "Shows every command that the server executes", ""),
        about("psync", "2.8.0", "Asks a primary for its changes from an offset on", "")
            .takes("replicationid offset:integer"),
        about("replconf", "3.0.0", "Said between a replica and its primary", "O(1)").for_testing(),
        about("replicaof", "5.0.0", "Makes this server a replica, or a primary again", "O(1)")
            .takes("args(host-port{host port:integer}|no-one{NO ONE})"),
        about("restore-asking", "3.0.0", "Makes a key of what DUMP replied, for a slot on its way",
              "O(N), N: elements of the value")
            .for_testing()
            .in(acl::keyspace | acl::dangerous)
            .with({at(1, ow | updates)})
            .takes("key:key ttl:integer serialized-value [REPLACE@3.0.0] [ABSTTL@5.0.0] "
                   "[IDLETIME=seconds:integer@5.0.0] [FREQ=frequency:integer@5.0.0]"),
        about("role", "2.8.12", "Replies whether this is a primary or a replica", "O(1)")
            .in(acl::admin | acl::dangerous),
        about("save", "1.0.0", "Saves the data set to disk before anything else is done",
              "O(N), N: keys and their elements"),
        about("shutdown", "1.0.0", "Ends the server", "O(N), N: keys to save")
            .takes("[nosave_save(NOSAVE|SAVE)] [NOW@7.0.0] [FORCE@7.0.0] [ABORT@7.0.0]"),
        about("slaveof", "1.0.0", "Makes this server a replica, or a primary again", "O(1)")
            .deprecated("5.0.0", "`REPLICAOF`")
            .takes("args(host-port{host port:integer}|no-one{NO ONE})"),
        about("slowlog", "2.2.12", "Commands about the log of slow commands",
              "Depends on the subcommand"),
        about("slowlog|get", "2.2.12", "Replies the newest records", "O(N), N: records")
            .tip("request_policy:all_nodes nondeterministic_output")
            .takes("[count:integer]"),
        about("slowlog|help", "6.2.0", "Lists the subcommands", "O(1)"),
        about("slowlog|len", "2.2.12", "Counts the records", "O(1)")
            .tip("request_policy:all_nodes response_policy:agg_sum nondeterministic_output"),
        about("slowlog|reset", "2.2.12", "Removes all records", "O(N), N: records")
            .tip("request_policy:all_nodes response_policy:all_succeeded"),
        about("swapdb", "4.0.0", "Exchanges two databases",
              "O(N), N: clients that watch or wait for keys of them")
            .in(acl::keyspace | acl::dangerous)
            .takes("index1:integer index2:integer"),
        about("sync", "1.0.0", "Asks a primary for all data and its changes", ""),
        about("time", "2.6.0", "Replies the server's time", "O(1)").tip("nondeterministic_output"),
    });
static_assert(well_formed(table));

}  // namespace

metadata_rows server_metadata() { return table; }

}  // namespace hawser::commands
