#include "command_metadata_rows.hpp"

namespace hawser::commands {

namespace {

using namespace use;

constexpr auto table = of(
    group::generic,
    {
        about("copy", "6.2.0", "Copies a key", "O(N), N: elements")
            .in(acl::keyspace)
            .with({at(1, ro | accesses), at(2, ow | updates)})
            .takes("source:key destination:key#1 [DB=destination-db:integer] [REPLACE]"),
        about("del", "1.0.0", "Removes keys", "O(N), N: keys and their elements")
            .in(acl::keyspace)
            .tip("request_policy:multi_shard response_policy:agg_sum")
            .with({at(1, rm | deletes).until(-1, 1)})
            .takes("key:key..."),
        about("dump", "2.6.0", "Replies a value in the form that RESTORE takes",
              "O(N), N: elements of the value")
            .in(acl::keyspace)
            .tip("nondeterministic_output")
            .with({at(1, ro | accesses)})
            .takes("key:key"),
        about("exists", "1.0.0", "Counts those of the keys that exist", "O(N), N: keys")
            .in(acl::keyspace)
            .tip("request_policy:multi_shard response_policy:agg_sum")
            .with({at(1, ro).until(-1, 1)})
            .takes("key:key..."),
        about("expire", "1.0.0", "Gives a key some seconds to live", "O(1)")
            .in(acl::keyspace)
            .with({at(1, rw | updates)})
            .takes("key:key seconds:integer [condition(NX|XX|GT|LT)@7.0.0]"),
        about("expireat", "1.2.0", "Lets a key expire at a time in seconds", "O(1)")
            .in(acl::keyspace)
            .with({at(1, rw | updates)})
            .takes("key:key unix-time-seconds:unix-time [condition(NX|XX|GT|LT)@7.0.0]"),
        about("expiretime", "7.0.0", "Replies when a key expires, in seconds", "O(1)")
            .in(acl::keyspace)
            .with({at(1, ro | accesses)})
            .takes("key:key"),
        about("keys", "1.0.0", "Replies the keys that match a pattern",
              "O(N), N: keys of the database")
            .in(acl::keyspace | acl::dangerous)
            .tip("request_policy:all_shards nondeterministic_output_order")
            .takes("pattern:pattern"),
        about("migrate", "2.6.0", "Takes keys to another server",
              "O(N), N: elements of the values, here and there")
            .in(acl::keyspace | acl::dangerous)
            .tip("nondeterministic_output")
            .with({at(3, rw | accesses | deletes),
                   at(-2, rw | accesses | deletes | incomplete).behind("KEYS").until(-1, 1)})
            .takes("host port:integer key_or_empty_string(key:key|empty_string!'') "
                   "destination-db:integer "
                   "timeout:integer [COPY@3.0.0] [REPLACE@3.0.0] "
                   "[authentication([AUTH=password@4.0.7]|[AUTH2=username_password{username "
                   "password}@6.0.0])] "
                   "[KEYS=key:key#1...@3.0.6]"),
        about("move", "1.0.0", "Moves a key to another database", "O(1)")
            .in(acl::keyspace)
            .with({at(1, rw | accesses | updates)})
            .takes("key:key db:integer"),
        about("object", "2.2.3", "Commands about how a value is kept", "Depends on the subcommand"),
        about("object|encoding", "2.2.3", "Replies the layout of a value", "O(1)")
            .in(acl::keyspace)
            .tip("nondeterministic_output")
            .with({at(2, ro)})
            .takes("key:key"),
        about("object|freq", "4.0.0", "Replies how often a key is used, on a logarithmic scale",
              "O(1)")
            .in(acl::keyspace)
            .tip("nondeterministic_output")
            .with({at(2, ro)})
            .takes("key:key"),
        about("object|help", "6.2.0", "Lists the subcommands", "O(1)").in(acl::keyspace),
        about("object|idletime", "2.2.3", "Replies how long a key has not been used, in seconds",
              "O(1)")
            .in(acl::keyspace)
            .tip("nondeterministic_output")
            .with({at(2, ro)})
            .takes("key:key"),
        about("object|refcount", "2.2.3", "Replies how often a value is referred to", "O(1)")
            .in(acl::keyspace)
            .tip("nondeterministic_output")
            .with({at(2, ro)})
            .takes("key:key"),
        about("persist", "2.2.0", "Lets a key stay for ever", "O(1)")
            .in(acl::keyspace)
            .with({at(1, rw | updates)})
            .takes("key:key"),
        about("pexpire", "2.6.0", "Gives a key some milliseconds to live", "O(1)")
            .in(acl::keyspace)
            .with({at(1, rw | updates)})
            .takes("key:key milliseconds:integer [condition(NX|XX|GT|LT)@7.0.0]"),
        about("pexpireat", "2.6.0", "Lets a key expire at a time in milliseconds", "O(1)")
            .in(acl::keyspace)
            .with({at(1, rw | updates)})
            .takes("key:key unix-time-milliseconds:unix-time [condition(NX|XX|GT|LT)@7.0.0]"),
        about("pexpiretime", "7.0.0", "Replies when a key expires, in milliseconds", "O(1)")
            .in(acl::keyspace)
            .with({at(1, ro | accesses)})
            .takes("key:key"),
        about("pttl", "2.6.0", "Replies the time a key has left, in milliseconds", "O(1)")
            .in(acl::keyspace)
            .tip("nondeterministic_output")
            .with({at(1, ro | accesses)})
            .takes("key:key"),
        about("randomkey", "1.0.0", "Replies a key chosen at random", "O(1)")
            .in(acl::keyspace)
            .tip("request_policy:all_shards nondeterministic_output"),
        about("rename", "1.0.0", "Gives a key another name, which is replaced", "O(1)")
            .in(acl::keyspace)
            .with({at(1, rw | accesses | deletes), at(2, ow | updates)})
            .takes("key:key newkey:key#1"),
        about("renamenx", "1.0.0", "Gives a key another name that does not exist yet", "O(1)")
            .in(acl::keyspace)
            .with({at(1, rw | accesses | deletes), at(2, ow | inserts)})
            .takes("key:key newkey:key#1"),
        about("restore", "2.6.0", "Makes a key of what DUMP replied",
              "O(N), N: elements of the value")
            .in(acl::keyspace | acl::dangerous)
            .with({at(1, ow | updates)})
            .takes("key:key ttl:integer serialized-value [REPLACE@3.0.0] [ABSTTL@5.0.0] "
                   "[IDLETIME=seconds:integer@5.0.0] [FREQ=frequency:integer@5.0.0]"),
        about("scan", "2.8.0", "Walks through the keys in steps",
              "O(1) a step, O(N) for all, N: keys")
            .in(acl::keyspace)
            .tip("nondeterministic_output request_policy:special")
            .takes(
                "cursor:integer [MATCH=pattern:pattern] [COUNT=count:integer] [TYPE=type@6.0.0]"),
        about("sort", "1.0.0",
              "Sorts the elements of a list, set or sorted set, or stores them sorted",
              "O(N+M*log(M)), N: elements, M: elements replied")
            .in(acl::list | acl::set | acl::sortedset | acl::dangerous)
            .with({at(1, ro | accesses),
                   at(0, ro | accesses).anywhere().because("elements are put into BY and GET"),
                   at(0, ow | updates).anywhere().because("STORE may come anywhere")})
            .takes("key:key [BY=pattern:pattern#1] [LIMIT=offset_count{offset:integer "
                   "count:integer}] [GET=pattern:pattern#1...*] [order(ASC|DESC)] [sorting!ALPHA] "
                   "[STORE=destination:key#2]"),
        about("sort_ro", "7.0.0", "Sorts the elements of a list, set or sorted set",
              "O(N+M*log(M)), N: elements, M: elements replied")
            .in(acl::list | acl::set | acl::sortedset | acl::dangerous)
            .with({at(1, ro | accesses),
                   at(0, ro | accesses).anywhere().because("elements are put into BY and GET")})
            .takes("key:key [BY=pattern:pattern#1] [LIMIT=offset_count{offset:integer "
                   "count:integer}] [GET=pattern:pattern#1...*] [order(ASC|DESC)] [sorting!ALPHA]"),
        about("touch", "3.2.1", "Marks keys as used", "O(N), N: keys")
            .in(acl::keyspace)
            .tip("request_policy:multi_shard response_policy:agg_sum")
            .with({at(1, ro).until(-1, 1)})
            .takes("key:key..."),
        about("ttl", "1.0.0", "Replies the time a key has left, in seconds", "O(1)")
            .in(acl::keyspace)
            .tip("nondeterministic_output")
            .with({at(1, ro | accesses)})
            .takes("key:key"),
        about("type", "1.0.0", "Replies the type of a value", "O(1)")
            .in(acl::keyspace)
            .with({at(1, ro)})
            .takes("key:key"),
        about("unlink", "4.0.0", "Removes keys and frees their values later",
              "O(1) a key; the values are freed elsewhere")
            .in(acl::keyspace)
            .tip("request_policy:multi_shard response_policy:agg_sum")
            .with({at(1, rm | deletes).until(-1, 1)})
            .takes("key:key..."),
        about("wait", "3.0.0", "Waits until replicas have what this client wrote", "O(1)")
            .in(acl::connection)
            .tip("request_policy:all_shards response_policy:agg_min")
            .takes("numreplicas:integer timeout:integer"),
        about("waitaof", "7.2.0",
              "Waits until what this client wrote is on disk, here and on replicas", "O(1)")
            .in(acl::connection)
            .tip("request_policy:all_shards response_policy:agg_min")
            .takes("numlocal:integer numreplicas:integer timeout:integer"),
    });
static_assert(well_formed(table));

}  // namespace

metadata_rows generic_metadata() { return table; }

}  // namespace hawser::commands
