#include "command_metadata_rows.hpp"

namespace hawser::commands {

namespace {

using namespace use;

constexpr auto table = of(
    group::hash,
    {
        about("hdel", "2.0.0", "Removes fields from a hash", "O(N), N: fields named")
            .in(acl::hash)
            .with({at(1, rw | deletes)})
            .takes("key:key field..."),
        about("hexists", "2.0.0", "Tells whether a hash has a field", "O(1)")
            .in(acl::hash)
            .with({at(1, ro)})
            .takes("key:key field"),
        about("hexpire", "7.4.0", "Gives fields of a hash some seconds to live",
              "O(N), N: fields named")
            .in(acl::hash)
            .with({at(1, rw | updates)})
            .takes("key:key seconds:integer [condition(NX|XX|GT|LT)] "
                   "FIELDS=fields{numfields:integer field...}"),
        about("hexpireat", "7.4.0", "Has fields of a hash expire at a Unix time in seconds",
              "O(N), N: fields named")
            .in(acl::hash)
            .with({at(1, rw | updates)})
            .takes("key:key unix-time-seconds:unix-time [condition(NX|XX|GT|LT)] "
                   "FIELDS=fields{numfields:integer field...}"),
        about("hexpiretime", "7.4.0",
              "Tells the Unix time in seconds at which fields of a hash expire",
              "O(N), N: fields named")
            .in(acl::hash)
            .with({at(1, ro | accesses)})
            .takes("key:key FIELDS=fields{numfields:integer field...}"),
        about("hget", "2.0.0", "Replies the value of a field", "O(1)")
            .in(acl::hash)
            .with({at(1, ro | accesses)})
            .takes("key:key field"),
        about("hgetall", "2.0.0", "Replies the fields of a hash with their values",
              "O(N), N: fields")
            .in(acl::hash)
            .with({at(1, ro | accesses)})
            .tip("nondeterministic_output_order")
            .takes("key:key"),
        about("hgetdel", "8.0.0", "Replies the values of fields and removes the fields",
              "O(N), N: fields named")
            .in(acl::hash)
            .with({at(1, rw | accesses | deletes)})
            .takes("key:key FIELDS=fields{numfields:integer field...}"),
        about("hgetex", "8.0.0", "Replies the values of fields and changes when the fields expire",
              "O(N), N: fields named")
            .in(acl::hash)
            .with({at(1, rw | accesses | updates)})
            .takes("key:key "
                   "[expiration(EX=seconds:integer|PX=milliseconds:integer|EXAT=unix-time-seconds:"
                   "unix-time|PXAT=unix-time-milliseconds:unix-time|PERSIST)] "
                   "FIELDS=fields{numfields:integer field...}"),
        about("hincrby", "2.0.0", "Adds an integer to the number in a field", "O(1)")
            .in(acl::hash)
            .with({at(1, rw | accesses | updates)})
            .takes("key:key field increment:integer"),
        about("hincrbyfloat", "2.6.0", "Adds a decimal number to the number in a field", "O(1)")
            .in(acl::hash)
            .with({at(1, rw | accesses | updates)})
            .takes("key:key field increment:double"),
        about("hkeys", "2.0.0", "Replies the fields of a hash", "O(N), N: fields")
            .in(acl::hash)
            .with({at(1, ro | accesses)})
            .tip("nondeterministic_output_order")
            .takes("key:key"),
        about("hlen", "2.0.0", "Counts the fields of a hash", "O(1)")
            .in(acl::hash)
            .with({at(1, ro)})
            .takes("key:key"),
        about("hmget", "2.0.0", "Replies the values of several fields", "O(N), N: fields named")
            .in(acl::hash)
            .with({at(1, ro | accesses)})
            .takes("key:key field..."),
        about("hmset", "2.0.0", "Stores values in fields of a hash", "O(N), N: fields named")
            .in(acl::hash)
            .with({at(1, rw | updates)})
            .takes("key:key field_value{field value}...")
            .deprecated("4.0.0", "`HSET` with multiple field-value pairs"),
        about("hpersist", "7.4.0", "Takes the deadlines of fields of a hash away",
              "O(N), N: fields named")
            .in(acl::hash)
            .with({at(1, rw | updates)})
            .takes("key:key FIELDS=fields{numfields:integer field...}"),
        about("hpexpire", "7.4.0", "Gives fields of a hash some milliseconds to live",
              "O(N), N: fields named")
            .in(acl::hash)
            .with({at(1, rw | updates)})
            .takes("key:key milliseconds:integer [condition(NX|XX|GT|LT)] "
                   "FIELDS=fields{numfields:integer field...}"),
        about("hpexpireat", "7.4.0", "Has fields of a hash expire at a Unix time in milliseconds",
              "O(N), N: fields named")
            .in(acl::hash)
            .with({at(1, rw | updates)})
            .takes("key:key unix-time-milliseconds:unix-time [condition(NX|XX|GT|LT)] "
                   "FIELDS=fields{numfields:integer field...}"),
        about("hpexpiretime", "7.4.0",
              "Tells the Unix time in milliseconds at which fields of a hash expire",
              "O(N), N: fields named")
            .in(acl::hash)
            .with({at(1, ro | accesses)})
            .takes("key:key FIELDS=fields{numfields:integer field...}"),
        about("hpttl", "7.4.0", "Tells how many milliseconds fields of a hash have left",
              "O(N), N: fields named")
            .in(acl::hash)
            .with({at(1, ro | accesses)})
            .tip("nondeterministic_output")
            .takes("key:key FIELDS=fields{numfields:integer field...}"),
        about("hrandfield", "6.2.0", "Replies fields of a hash, chosen at random",
              "O(N), N: fields replied")
            .in(acl::hash)
            .with({at(1, ro | accesses)})
            .tip("nondeterministic_output")
            .takes("key:key [options{count:integer [WITHVALUES]}]"),
        about("hscan", "2.8.0", "Goes through the fields of a hash bit by bit",
              "O(1) a call, O(N) for all, N: fields")
            .in(acl::hash)
            .with({at(1, ro | accesses)})
            .tip("nondeterministic_output")
            .takes("key:key cursor:integer [MATCH=pattern:pattern] [COUNT=count:integer] "
                   "[NOVALUES@7.4.0]"),
        about("hset", "2.0.0",
              "Stores values in fields of a hash, which is made when it is missing",
              "O(N), N: fields named")
            .in(acl::hash)
            .with({at(1, rw | updates)})
            .takes("key:key field_value{field value}..."),
        about("hsetex", "8.0.0",
              "Stores values in fields of a hash and says when the fields expire",
              "O(N), N: fields named")
            .in(acl::hash)
            .with({at(1, rw | updates)})
            .takes("key:key [condition(FNX|FXX)] "
                   "[expiration(EX=seconds:integer|PX=milliseconds:integer|EXAT=unix-time-seconds:"
                   "unix-time|PXAT=unix-time-milliseconds:unix-time|KEEPTTL)] "
                   "FIELDS=fields{numfields:integer data{field value}...}"),
        about("hsetnx", "2.0.0", "Stores a value in a field that does not exist yet", "O(1)")
            .in(acl::hash)
            .with({at(1, rw | inserts)})
            .takes("key:key field value"),
        about("hstrlen", "3.2.0", "Tells the length of a field's value", "O(1)")
            .in(acl::hash)
            .with({at(1, ro)})
            .takes("key:key field"),
        about("httl", "7.4.0", "Tells how many seconds fields of a hash have left",
              "O(N), N: fields named")
            .in(acl::hash)
            .with({at(1, ro | accesses)})
            .tip("nondeterministic_output")
            .takes("key:key FIELDS=fields{numfields:integer field...}"),
        about("hvals", "2.0.0", "Replies the values of a hash", "O(N), N: fields")
            .in(acl::hash)
            .with({at(1, ro | accesses)})
            .tip("nondeterministic_output_order")
            .takes("key:key"),
    });
static_assert(well_formed(table));

}  // namespace

metadata_rows hash_metadata() { return table; }

}  // namespace hawser::commands
