#include "families.hpp"

namespace hawser::test::families {

// Patterns overlap, and keyspace events are messages too.
const command_family pubsub{
    "pubsub",
    4,
    {
        {8, "SUBSCRIBE <channel>+"},
        {6, "PSUBSCRIBE <channel-pattern>+"},
        {5, "SSUBSCRIBE <channel>+"},
        {6, "UNSUBSCRIBE <channel>+"},
        {5, "PUNSUBSCRIBE <channel-pattern>+"},
        {4, "SUNSUBSCRIBE <channel>+"},
        {1, "UNSUBSCRIBE"},
        {1, "PUNSUBSCRIBE"},
        {1, "SUNSUBSCRIBE"},
        {20, "PUBLISH <channel> <text>"},
        {10, "SPUBLISH <channel> <text>"},
        {3, "PUBSUB (CHANNELS|SHARDCHANNELS) [<channel-pattern>]", compare_mode::unordered},
        {3, "PUBSUB (NUMSUB|SHARDNUMSUB) <channel>+"},
        {2, "PUBSUB NUMPAT"},
        {3, "PING [<text>]"},
        {1, "ECHO <text>"},
        {4, "RESET"},
        {3, "HELLO (2|3)", compare_mode::shape},
        {1, "QUIT"},
        {1, "CLIENT KILL TYPE pubsub [SKIPME (yes|no)]"},
        {2, "SELECT <db>"},
        {2, "CONFIG SET notify-keyspace-events (KEA|K$|Eg|Kgn|A|nothing)"},
        {2, "CONFIG SET notify-keyspace-events <text>"},
        {2, "CONFIG GET notify-keyspace-events"},
        {6, "PSUBSCRIBE __key*"},
        {3, "SUBSCRIBE __keyspace@0__:k1 __keyevent@1__:del"},
        {8, "SET <key> <text> [NX|XX] [GET] [EX <seconds>|KEEPTTL]"},
        {2, "(SETNX|GETSET|APPEND|RENAMENX) <key> <text>"},
        {2, "(MSET|MSETNX) <key,text>+"},
        {1, "(SETEX|PSETEX) <key> <seconds> <text>"},
        {1, "SETRANGE <key> <offset> <text>"},
        {3, "(DEL|UNLINK|MGET|TOUCH|EXISTS) <key>+"},
        {3, "(GETDEL|PERSIST|GET|STRLEN|TYPE) <key>"},
        {2, "GETEX <key> [EX <seconds>|PERSIST]"},
        {2, "(RENAME|COPY|RENAMENX|LCS) <key> <key>"},
        {2, "(INCR|DECR) <key>"},
        {2, "(INCRBY|INCRBYFLOAT) <key> <int>"},
        {2, "(EXPIRE|PEXPIRE) <key> <seconds>"},
        {1, "(EXPIREAT|PEXPIREAT) <key> <past>"},
        {1, "MOVE <key> <db>"},
        {1, "COPY <key> <key> DB <db> [REPLACE]"},
        {1, "FLUSHDB"},
        // What is published here matches one of the patterns: nobody knows the order of two.
        {3,
         "MULTI ; (SUBSCRIBE e|PSUBSCRIBE <channel-pattern>|SSUBSCRIBE <channel>|"
         "SUBSCRIBE e <channel>+) ; PUBLISH e <text> ; [GET <key> ;] EXEC",
         compare_mode::bytes, 0, false},
        {2,
         "MULTI ; PUBLISH e <text> ; (UNSUBSCRIBE e|PUNSUBSCRIBE <channel-pattern>|"
         "SUNSUBSCRIBE <channel>) ; SPUBLISH <channel> <text> ; (EXEC|EXEC|DISCARD|RESET)",
         compare_mode::bytes, 0, false},
        {1, "MULTI ; SUBSCRIBE ; PUBSUB NUMPAT ; EXEC", compare_mode::bytes, 0, false},
    },
    true};

}  // namespace hawser::test::families
