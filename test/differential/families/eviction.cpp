#include "families.hpp"

namespace hawser::test::families {

// With a limit of one byte all goes that may, and what needs memory is refused: which keys those
// are is no matter of chance.
const command_family eviction{
    "eviction",
    2,
    {
        {6, "CONFIG SET maxmemory (0|1)", {}, 0, false},
        {3, "CONFIG SET maxmemory 0", {}, 0, false},
        {2,
         "CONFIG SET maxmemory-policy (noeviction|volatile-ttl|volatile-lru|volatile-lfu)",
         {},
         0,
         false},
        {1,
         "CONFIG SET maxmemory-policy (volatile-random|allkeys-lru|allkeys-lfu|allkeys-random)",
         {},
         0,
         false},
        {1, "CONFIG SET maxmemory-policy noeviction", {}, 0, false},
        {10, "SET <key> <text> [EX 1000|PX 500000]"},
        {4, "SET <key> <int> KEEPTTL"},
        {4, "EXPIRE <key> 1000"},
        {1, "PERSIST <key>"},
        {4, "GET <key>"},
        {3, "INCR <key>"},
        {2, "APPEND <key> <text>"},
        {2, "LPUSH <key> <text>"},
        {1, "LRANGE <key> 0 -1"},
        {2, "SADD <key> <member>+"},
        {1, "SREM <key> <member>+"},
        {2, "HSET <key> <member> <text>"},
        {1, "RENAME <key> <key>"},
        {1, "COPY <key> <key> [REPLACE]"},
        {2, "DEL <key>+"},
        {2, "EXISTS <key>+"},
        {2, "DBSIZE"},
        {1, "FLUSHALL", {}, 0, false},
        {8, "EVAL <script> 2 <key> <key> <text> <int>"},
        {2, "EVAL_RO <script> 2 <key> <key> <text> <int>"},
        {4, "MULTI"},
        {4, "EXEC"},
        {1, "DISCARD"},
        {2, "WATCH <key>+"},
        {1, "UNWATCH"},
    }};

}  // namespace hawser::test::families
