#include "families.hpp"

namespace hawser::test::families {

// Nothing that a mistake turns into the end of a server, or into a long sleep.
const command_family server{
    "server",
    2,
    {
        {10, "SET <key> <text>"},
        {3, "DEL <key>+"},
        {4, "SELECT <db>"},
        {5, "DBSIZE"},
        {2, "FLUSHDB [ASYNC|SYNC|<text>]"},
        {1, "FLUSHALL [ASYNC|SYNC|<text>]"},
        {3, "SWAPDB (<db>|<index>) (<db>|<index>)"},
        {1, "TIME", compare_mode::shape},
        {2, "LASTSAVE", compare_mode::shape},
        {2, "ROLE"},
        {2, "LOLWUT [VERSION (5|6|7|<index>)] [<index>]", compare_mode::nothing},
        {3, "SLOWLOG (GET|LEN|RESET) [<index>]", compare_mode::nothing},
        {3, "LATENCY (HISTORY|GRAPH) (command|event|<text>)", compare_mode::nothing},
        {2, "LATENCY RESET nosuch <text>"},
        {1, "LATENCY HISTOGRAM nosuch"},
        {2, "MEMORY USAGE nosuch [SAMPLES (<int>|<text>)]"},
        {1, "MEMORY USAGE <key> [SAMPLES <int>]", compare_mode::shape},
        {1, "MEMORY PURGE"},
        {8, "COMMAND INFO <command>+", compare_mode::unordered},
        {4, "COMMAND GETKEYS <command> <key,text>+"},
        {4, "COMMAND GETKEYSANDFLAGS <command> <key,text>+", compare_mode::unordered},
        {3, "COMMAND LIST FILTERBY (ACLCAT <text>|PATTERN (gete*|get|config|<text>))",
         compare_mode::unordered},
        {4, "DEBUG (DIGEST|DIGEST-VALUE) <key>"},
        {2, "DEBUG DIGEST"},
        {2, "DEBUG SET-ACTIVE-EXPIRE (0|1)"},
        {4,
         "DEBUG PROTOCOL "
         "(string|integer|double|null|array|set|map|attrib|push|verbatim|true|false|"
         "bignum|<text>)"},
        {2, "DEBUG (NOSUCH|LOG|ERROR) <text>", compare_mode::bytes},
        {2, "CONFIG RESETSTAT"},
        {8, "CONFIG GET <directive>+", compare_mode::pairs},
        {4, "CONFIG GET (maxmemory-*|lazyfree-*|hz|*-entries|<text>)", compare_mode::nothing},
        {8, "CONFIG SET <directive> <value>"},
        {5, "CONFIG SET (<directive> <value>|hz <int>) <directive> <value>"},
        {3,
         "CONFIG SET maxmemory-policy "
         "(allkeys-lru|volatile-lru|allkeys-lfu|volatile-lfu|allkeys-random|volatile-random|"
         "volatile-ttl|noeviction|<text>)"},
        {3, "CONFIG SET client-output-buffer-limit (<limits>|<text>)"},
        {2, "CONFIG SET latency-tracking-info-percentiles (<percentiles>|<text>)"},
        {3, "CONFIG GET (client-output-buffer-limit|latency-tracking-info-percentiles)",
         compare_mode::pairs},
        {2, "CONFIG SET save (<save>|<text>)"},
        {2, "CONFIG SET (nosuch|databases|io-threads|daemonize) nosuch"},
        {2, "OBJECT (ENCODING|REFCOUNT) <key>"},
        {1, "(CLUSTER|MODULE|LATENCY|SLOWLOG) (NOSUCH|HELP1) <text>"},
        {1, "CLUSTER (INFO|NODES|SLOTS|SHARDS|KEYSLOT <text>|MYID)"},
        {1, "MODULE (LIST|UNLOAD <text>)"},
    },
    true};

}  // namespace hawser::test::families
