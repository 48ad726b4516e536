#include "command_metadata_rows.hpp"

namespace hawser::commands {

namespace {

constexpr auto table = of(
    group::connection,
    {
        about("auth", "1.0.0", "Proves who the client is", "O(N), N: passwords of the user")
            .in(acl::connection)
            .takes("[username@6.0.0] password"),
        about("client", "2.4.0", "Commands about connections", "Depends on the subcommand"),
        about("client|caching", "6.0.0", "Says whether the keys of the next command are tracked",
              "O(1)")
            .in(acl::connection)
            .takes("mode(YES|NO)"),
        about("client|getname", "2.6.9", "Replies the name of this connection", "O(1)")
            .in(acl::connection),
        about("client|getredir", "6.0.0", "Replies the client that gets this one's invalidations",
              "O(1)")
            .in(acl::connection),
        about("client|help", "5.0.0", "Lists the subcommands", "O(1)").in(acl::connection),
        about("client|id", "5.0.0", "Replies the number of this connection", "O(1)")
            .in(acl::connection),
        about("client|info", "6.2.0", "Describes this connection", "O(1)")
            .in(acl::connection)
            .tip("nondeterministic_output"),
        about("client|kill", "2.4.0", "Ends connections", "O(N), N: clients")
            .in(acl::connection)
            .takes("filter(ip:port~2.8.12|new-format([ID=client-id:integer@2.8.12]|[TYPE=normal_"
                   "master_slave_pubsub(NORMAL|MASTER@3.2.0|SLAVE|REPLICA@5.0.0|PUBSUB)@2.8.12]|["
                   "USER=username]|[ADDR=ip:port]|[LADDR=ip:port@6.2.0]|[SKIPME=yes/no])...)"),
        about("client|list", "2.4.0", "Describes connections, one a line", "O(N), N: clients")
            .in(acl::connection)
            .tip("nondeterministic_output")
            .takes("[TYPE=normal_master_replica_pubsub(NORMAL|MASTER|REPLICA|PUBSUB)@5.0.0] "
                   "[ID=id{client-id:integer...}@6.2.0]"),
        about("client|no-evict", "7.0.0", "Keeps this connection from being closed to save memory",
              "O(1)")
            .in(acl::connection)
            .takes("enabled(ON|OFF)"),
        about("client|no-touch", "7.2.0", "Lets this connection use keys without leaving a trace",
              "O(1)")
            .in(acl::connection)
            .takes("enabled(ON|OFF)"),
        about("client|pause", "2.9.50", "Holds commands of all clients back for a while", "O(1)")
            .in(acl::connection)
            .takes("timeout:integer [mode(WRITE|ALL)@6.2.0]"),
        about("client|reply", "3.2.0", "Turns the replies to this connection on or off", "O(1)")
            .in(acl::connection)
            .takes("on_off_skip(ON|OFF|SKIP)"),
        about("client|setinfo", "7.2.0", "Records the name or version of the client's library",
              "O(1)")
            .in(acl::connection)
            .tip("request_policy:all_nodes response_policy:all_succeeded")
            .takes("attr(LIB-NAME=libname|LIB-VER=libver)"),
        about("client|setname", "2.6.9", "Names this connection", "O(1)")
            .in(acl::connection)
            .takes("connection-name"),
        about("client|tracking", "6.0.0", "Turns messages about changed keys on or off",
              "O(N), N: prefixes")
            .in(acl::connection)
            .takes("status(ON|OFF) [REDIRECT=client-id:integer] [PREFIX=prefix...*] [BCAST] "
                   "[OPTIN] [OPTOUT] [NOLOOP]"),
        about("client|trackinginfo", "6.2.0", "Replies how keys are tracked for this connection",
              "O(1)")
            .in(acl::connection),
        about("client|unblock", "5.0.0", "Wakes a client that waits in a blocking command",
              "O(log N), N: clients")
            .in(acl::connection)
            .takes("client-id:integer [timeout_error(TIMEOUT|ERROR)]"),
        about("client|unpause", "6.2.0", "Ends CLIENT PAUSE", "O(N), N: clients held back")
            .in(acl::connection),
        about("echo", "1.0.0", "Replies its argument", "O(1)").in(acl::connection).takes("message"),
        about("hello", "6.0.0", "Chooses the protocol, and may authenticate and name the client",
              "O(1)")
            .in(acl::connection)
            .takes("[arguments{protover:integer [AUTH=username_password{username password}] "
                   "[SETNAME=clientname]}]"),
        about("ping", "1.0.0", "Replies PONG, or its argument", "O(1)")
            .in(acl::connection)
            .tip("request_policy:all_shards response_policy:all_succeeded")
            .takes("[message]"),
        about("quit", "1.0.0", "Ends the connection", "O(1)").in(acl::connection),
        about("reset", "6.2.0", "Makes this connection as it was when it was opened",
              "O(N), N: subscriptions and watched keys")
            .in(acl::connection),
        about("select", "1.0.0", "Chooses the database of this connection", "O(1)")
            .in(acl::connection)
            .takes("index:integer"),
    });
static_assert(well_formed(table));

}  // namespace

metadata_rows connection_metadata() { return table; }

}  // namespace hawser::commands
