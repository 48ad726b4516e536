#include "command_metadata_rows.hpp"

namespace hawser::commands {

namespace {

using namespace use;

constexpr auto table = of(
    group::string,
    {
        about("append", "2.0.0",
              "Adds text to the end of a string, which is made when it is missing", "O(1)")
            .in(acl::string)
            .with({at(1, rw | inserts)})
            .takes("key:key value"),
        about("decr", "1.0.0", "Takes one off an integer", "O(1)")
            .in(acl::string)
            .with({at(1, rw | accesses | updates)})
            .takes("key:key"),
        about("decrby", "1.0.0", "Takes a number off an integer", "O(1)")
            .in(acl::string)
            .with({at(1, rw | accesses | updates)})
            .takes("key:key decrement:integer"),
        about("delex", "8.4.0", "Removes a key, if its string is the one that is expected",
              "O(N), N: bytes compared")
            .in(acl::string)
            .with({at(1, rw | deletes)})
            .takes("key:key [condition(IFEQ=ifeq-value|IFNE=ifne-value|IFDEQ=ifdeq-digest|"
                   "IFDNE=ifdne-digest)]"),
        about("delifeq", "9.0.0", "Removes a key if its string is this one (a command of Valkey)",
              "O(1)")
            .in(acl::string)
            .with({at(1, rw | deletes)})
            .takes("key:key value"),
        about("digest", "8.4.0", "Replies the XXH3 digest of a string", "O(N), N: its bytes")
            .in(acl::string)
            .with({at(1, ro | accesses)})
            .takes("key:key"),
        about("get", "1.0.0", "Replies the text under a key", "O(1)")
            .in(acl::string)
            .with({at(1, ro | accesses)})
            .takes("key:key"),
        about("getdel", "6.2.0", "Replies the text under a key and removes the key", "O(1)")
            .in(acl::string)
            .with({at(1, rw | accesses | deletes)})
            .takes("key:key"),
        about("getex", "6.2.0", "Replies the text under a key and changes when it expires", "O(1)")
            .in(acl::string)
            .with({at(1, rw | accesses | updates).because("the deadline may change")})
            .takes("key:key "
                   "[expiration(EX=seconds:integer|PX=milliseconds:integer|EXAT=unix-time-seconds:"
                   "unix-time|PXAT=unix-time-milliseconds:unix-time|PERSIST)]"),
        about("getrange", "2.4.0", "Replies a part of a string, by first and last byte",
              "O(N), N: bytes replied")
            .in(acl::string)
            .with({at(1, ro | accesses)})
            .takes("key:key start:integer end:integer"),
        about("getset", "1.0.0", "Stores a text and replies the one that was there", "O(1)")
            .in(acl::string)
            .with({at(1, rw | accesses | updates)})
            .takes("key:key value")
            .deprecated("6.2.0", "`SET` with the `!GET` argument"),
        about("incr", "1.0.0", "Adds one to an integer", "O(1)")
            .in(acl::string)
            .with({at(1, rw | accesses | updates)})
            .takes("key:key"),
        about("incrby", "1.0.0", "Adds a number to an integer", "O(1)")
            .in(acl::string)
            .with({at(1, rw | accesses | updates)})
            .takes("key:key increment:integer"),
        about("incrbyfloat", "2.6.0", "Adds a decimal number to a number", "O(1)")
            .in(acl::string)
            .with({at(1, rw | accesses | updates)})
            .takes("key:key increment:double"),
        about("increx", "8.8.0",
              "Adds a number to a number, within bounds, and sets when it expires", "O(1)")
            .in(acl::string)
            .with({at(1, rw | accesses | updates)})
            .takes("key:key [increment(BYFLOAT=float:double|BYINT=integer:integer)] [SATURATE] "
                   "[LBOUND=lowerbound] [UBOUND=upperbound] "
                   "[expiration(EX=seconds:integer|PX=milliseconds:integer|EXAT=unix-time-seconds:"
                   "unix-time|PXAT=unix-time-milliseconds:unix-time|PERSIST)] [ENX]"),
        about("lcs", "7.0.0", "Finds the longest subsequence that two strings share",
              "O(N*M), N and M: their lengths")
            .in(acl::string)
            .with({at(1, ro | accesses).until(1, 1)})
            .takes("key1:key key2:key [LEN] [IDX] [MINMATCHLEN=len:integer] [WITHMATCHLEN]"),
        about("mget", "1.0.0", "Replies the texts under several keys", "O(N), N: keys")
            .in(acl::string)
            .tip("request_policy:multi_shard")
            .with({at(1, ro | accesses).until(-1, 1)})
            .takes("key:key..."),
        about("mset", "1.0.1", "Stores several texts at once", "O(N), N: keys")
            .in(acl::string)
            .tip("request_policy:multi_shard response_policy:all_succeeded")
            .with({at(1, ow | updates).until(-1, 2)})
            .takes("key_value{key:key value}..."),
        about("msetex", "8.4.0", "Stores several texts that expire together", "O(N), N: keys")
            .in(acl::string)
            .tip("request_policy:multi_shard response_policy:all_succeeded")
            .with({at(1, ow | updates).counted(2)})
            .takes("numkeys:integer data{key:key value}... [condition(NX|XX)] "
                   "[expiration(EX=seconds:integer|PX=milliseconds:integer|EXAT=unix-time-seconds:"
                   "unix-time|PXAT=unix-time-milliseconds:unix-time|KEEPTTL)]"),
        about("msetnx", "1.0.1", "Stores several texts at once, unless one of the keys exists",
              "O(N), N: keys")
            .in(acl::string)
            .tip("request_policy:multi_shard response_policy:agg_min")
            .with({at(1, ow | inserts).until(-1, 2)})
            .takes("key_value{key:key value}..."),
        about("psetex", "2.6.0", "Stores a text that expires after some milliseconds", "O(1)")
            .in(acl::string)
            .with({at(1, ow | updates)})
            .takes("key:key milliseconds:integer value"),
        about("set", "1.0.0", "Stores a text under a key, whatever it held", "O(1)")
            .in(acl::string)
            .with({at(1, rw | accesses | updates | variable_flags).because("GET option")})
            .takes("key:key value [condition(NX|XX|IFEQ=ifeq-value@8.4.0|IFNE=ifne-value@8.4.0|"
                   "IFDEQ=ifdeq-digest@8.4.0|IFDNE=ifdne-digest@8.4.0)@2.6.12] [GET@6.2.0] "
                   "[expiration(EX=seconds:integer@2.6.12|PX=milliseconds:integer@2.6.12|EXAT=unix-"
                   "time-seconds:unix-time@6.2.0|PXAT=unix-time-milliseconds:unix-time@6.2.0|"
                   "KEEPTTL@6.0.0)]"),
        about("setex", "2.0.0", "Stores a text that expires after some seconds", "O(1)")
            .in(acl::string)
            .with({at(1, ow | updates)})
            .takes("key:key seconds:integer value"),
        about("setnx", "1.0.0", "Stores a text under a key that does not exist", "O(1)")
            .in(acl::string)
            .with({at(1, ow | inserts)})
            .takes("key:key value"),
        about("setrange", "2.2.0", "Overwrites a part of a string from an offset on",
              "O(N), N: bytes written and bytes of padding")
            .in(acl::string)
            .with({at(1, rw | updates)})
            .takes("key:key offset:integer value"),
        about("strlen", "2.2.0", "Replies the length of a string in bytes", "O(1)")
            .in(acl::string)
            .with({at(1, ro)})
            .takes("key:key"),
        about("substr", "1.0.0", "The old name of GETRANGE", "O(N), N: bytes replied")
            .in(acl::string)
            .with({at(1, ro | accesses)})
            .takes("key:key start:integer end:integer")
            .deprecated("2.0.0", "`GETRANGE`"),
    });
static_assert(well_formed(table));

}  // namespace

metadata_rows string_metadata() { return table; }

}  // namespace hawser::commands
