#include "families.hpp"

namespace hawser::test::families {

const command_family hashes{
    "hashes",
    1,
    {
        {14, "HSET <key> <key,text>+"},
        {4, "HSET <key> <int> <int>"},
        {2, "HSET <key> <text> <text>"},
        {3, "HMSET <key> <key,text>+"},
        {3, "HSETNX <key> <key> <text>"},
        {4, "HGET <key> <key>"},
        {4, "HMGET <key> <key>+"},
        {4, "HGETALL <key>", compare_mode::pairs},
        {2, "HKEYS <key>", compare_mode::unordered},
        {2, "HVALS <key>", compare_mode::unordered},
        {6, "HDEL <key> <key>+"},
        {2, "HDEL <key> (<int>|<text>)+"},
        {3, "HLEN <key>"},
        {2, "HSTRLEN <key> <key>"},
        {2, "HEXISTS <key> <key>"},
        {5, "HINCRBY <key> <key> (<int>|<big>|<int>)"},
        {5, "HINCRBYFLOAT <key> <key> (<float>|<int>|<text>)"},
        {2, "HRANDFIELD <key>", compare_mode::shape},
        {2, "HRANDFIELD <key> (1|2|-3|-10) [WITHVALUES]", compare_mode::shape},
        {2, "HRANDFIELD <key> 1000 [WITHVALUES]", compare_mode::shape},
        {3, "HSCAN <key> 0 COUNT 1000 [MATCH <pattern>]", compare_mode::unordered},
        {2, "CONFIG SET hash-max-listpack-entries (2|4|8|512)"},
        {2, "CONFIG SET hash-max-listpack-value (1|8|64)"},
        {3, "OBJECT ENCODING <key>"},
        {3, "DEL <key>+"},
        {1, "COPY <key> <key> [REPLACE]"},
        {1, "RENAME <key> <key>"},
        {1, "SET <key> <text>"},
        {1, "DEBUG DIGEST-VALUE <key>"},
    }};

}  // namespace hawser::test::families
