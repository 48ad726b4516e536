#include "families.hpp"

namespace hawser::test::families {

constexpr const char* when_and_who = "[0-9]{10} [0-9]+ |127.0.0.1:[0-9]+";
constexpr const char* of_expiry = ",(avg_ttl|subexpiry)=[0-9]*";
constexpr const char* newer_policies = ", (volatile|allkeys)-lrm";
constexpr const char* time_spent = "usec(_per_call)?=[0-9.]*,";

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
        {3, "CONFIG SET slowlog-log-slower-than (0|-1|100000000|abc)", compare_mode::bytes, 0,
         false},
        {4, "SLOWLOG (LEN|RESET|LEN) [<index>]", compare_mode::bytes, 0, false},
        {3, "SLOWLOG GET [<index>]", compare_mode::bytes, 0, false, when_and_who},
        {2, "CONFIG SET latency-monitor-threshold (0|100000000|abc|-1)", compare_mode::bytes, 0,
         false},
        {3, "LATENCY (HISTORY|GRAPH|RESET) [command|event|<text>]"},
        {2, "LATENCY (LATEST|RESET nosuch <text>)"},
        {1, "LATENCY HISTOGRAM nosuch"},
        {3, "INFO commandstats", compare_mode::lines, 0, false, time_spent},
        {3, "INFO errorstats", compare_mode::lines, 0, false},
        {3, "INFO (keyspace|modules|cluster|nosuch|<text>)", compare_mode::bytes, 0, false,
         of_expiry},
        {2, "MEMORY USAGE nosuch [SAMPLES (<int>|<text>)]"},
        {1, "MEMORY USAGE <key> [SAMPLES <int>]", compare_mode::shape},
        {1, "MEMORY (PURGE|USAGE)"},
        {1, "MEMORY (STATS|MALLOC-STATS|NOSUCH) <text>", compare_mode::bytes, 0, false},
        {8, "COMMAND INFO <command>+", compare_mode::unordered},
        {8,
         "COMMAND GETKEYS (<keyed>|<command>) (<key,text>+|[<text>] (1|2|<index>) <key>+ "
         "[<text>])"},
        {8,
         "COMMAND GETKEYSANDFLAGS (<keyed>|<command>) (<key,text>+|[<text>] (1|2|<index>) <key>+ "
         "[<text>])",
         compare_mode::unordered},
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
        // Spoilt, it may be a CONFIG GET.
        {20, "CONFIG SET <directive> <value>", compare_mode::pairs},
        {5, "CONFIG SET (<directive> <value>|hz <int>) <directive> <value>", compare_mode::pairs},
        {3,
         "CONFIG SET maxmemory-policy "
         "(allkeys-lru|volatile-lru|allkeys-lfu|volatile-lfu|allkeys-random|volatile-random|"
         "volatile-ttl|noeviction|<text>)",
         compare_mode::bytes, 0, true, newer_policies},
        {3, "CONFIG SET client-output-buffer-limit (<limits>|<text>)"},
        {2, "CONFIG SET latency-tracking-info-percentiles (<percentiles>|<text>)"},
        {3, "CONFIG GET (client-output-buffer-limit|latency-tracking-info-percentiles)",
         compare_mode::pairs},
        {2, "CONFIG SET save (<save>|<text>)"},
        {2, "CONFIG SET (nosuch|databases|io-threads|daemonize) nosuch"},
        {2, "OBJECT (ENCODING|REFCOUNT|NOSUCH) <key>"},
        {2, "DEBUG OBJECT <key>", compare_mode::shape},
        {1, "DEBUG (HTSTATS|HTSTATS-KEY) (<text>|nosuch)", compare_mode::shape},
        {1, "DEBUG (CHANGE-REPL-ID|SLEEP 0|DIGEST-VALUE <key>+)", compare_mode::bytes, 0, false},
        {1, "DEBUG POPULATE <offset> [k [<offset>]]", compare_mode::bytes, 0, false},
        {1, "(CLUSTER|MODULE|LATENCY|SLOWLOG) (NOSUCH|HELP1) <text>", compare_mode::bytes, 0,
         false},
        {1, "CLUSTER (INFO|NODES|SLOTS|SHARDS|KEYSLOT <text>|MYID)"},
        {1, "MODULE (LIST|UNLOAD <text>)"},
    },
    true};

}  // namespace hawser::test::families
