#include "families.hpp"

namespace hawser::test::families {

// Most streams are k0 to k2, groups g1 and g2, consumers c1 to c3. Idle times are 0 or so long that
// both servers agree. Spoilt, XADD might leave its ID to the clocks, which differ.
const command_family streams{
    "streams",
    1,
    {
        {20, "XADD (k0|k1|k2) <new-id> <member> <text>", compare_mode::bytes, 0, false},
        {6, "XADD (k0|k1|k2) <new-id> (f|g) <member> (f|h) <int>", compare_mode::bytes, 0, false},
        {4,
         "XADD (k0|k1|k2) [NOMKSTREAM] [(MAXLEN|MINID) [=|~] <offset> [LIMIT 2]] <new-id> f "
         "<text>",
         compare_mode::bytes, 0, false},
        {3, "XADD (k0|k1|k2) <id> f <text>", compare_mode::bytes, 0, false},
        {2, "XADD (k0|k1|k2) (abc|-|+|1-x|-1|<id>) [<text>] [MAXLEN] [<text>]", compare_mode::bytes,
         0, false},
        {5, "XRANGE (k0|k1|k2) <id-bound> <id-bound> [COUNT <index>]"},
        {5, "XREVRANGE (k0|k1|k2) <id-bound> <id-bound> [COUNT <index>]"},
        {2, "XRANGE <key> - + [COUNT 1000]"},
        {2, "XLEN <key>"},
        {6, "XDEL (k0|k1|k2) <id>+"},
        {3, "XTRIM <key> MAXLEN [=] <offset>"},
        {3, "XTRIM <key> MINID [=] <id>"},
        {2, "XTRIM <key> (MAXLEN|MINID) ~ <offset> [LIMIT (0|1|100)]"},
        {2, "XSETID (k0|k1|k2) <id> [ENTRIESADDED <offset>] [MAXDELETEDID <id>]",
         compare_mode::bytes, 0, false},  // takes more than 7.0
        {5, "XREAD [COUNT <index>] STREAMS (k0|k1|k2) (<id>|$|0)", compare_mode::bytes, 0, false},
        {3, "XREAD [COUNT 2] STREAMS (k0|k1|k2) <key> <id> <id>", compare_mode::bytes, 0, false},
        {6, "XGROUP CREATE (k0|k1|k2) (g1|g2) (0|0|$|<id>) [MKSTREAM] [ENTRIESREAD <offset>]"},
        {2, "XGROUP SETID (k0|k1|k2) (g1|g2) (0|$|<id>) [ENTRIESREAD <offset>]"},
        {1, "XGROUP DESTROY <key> (g1|g2)"},
        {2, "XGROUP CREATECONSUMER (k0|k1|k2) (g1|g2) (c1|c2|c3)"},
        {1, "XGROUP DELCONSUMER (k0|k1|k2) (g1|g2) (c1|c2|c3)"},
        {12,
         "XREADGROUP GROUP (g1|g2) (c1|c2|c3) [COUNT (1|2|5)] [NOACK] STREAMS (k0|k1|k2) "
         "(>|>|>|0|<id>)"},
        {3, "XREADGROUP GROUP (g1|g2) (c1|c2|c3) [COUNT 3] STREAMS (k0|k1|k2) (k0|k1|k2) > (>|0)"},
        {6, "XACK (k0|k1|k2) (g1|g2) <id>+"},
        {4, "XPENDING (k0|k1|k2) (g1|g2)"},
        {4, "XPENDING (k0|k1|k2) (g1|g2) [IDLE (0|10000000)] <id-bound> <id-bound> 10 [c1|c2]",
         compare_mode::bytes, milliseconds_apart},
        {5,
         "XCLAIM (k0|k1|k2) (g1|g2) (c1|c2|c3) (0|10000000) <id>+ [IDLE 5000] [RETRYCOUNT "
         "<offset>] "
         "[FORCE] [JUSTID] [LASTID <id>]"},
        {5,
         "XAUTOCLAIM (k0|k1|k2) (g1|g2) (c1|c2|c3) (0|10000000) <id-bound> [COUNT (1|2|5)] "
         "[JUSTID]"},
        {3, "XINFO GROUPS (k0|k1|k2)"},
        {3, "XINFO CONSUMERS (k0|k1|k2) (g1|g2)", compare_mode::bytes, milliseconds_apart},
        {2, "DEBUG DIGEST-VALUE <key>"},
        {1, "DEL <key>"},
        {1, "COPY <key> <key> [REPLACE]"},
        {1, "RENAME <key> <key>"},
        {1, "SET (k6|k7) <text>"},
        {1, "CONFIG SET stream-node-max-entries (1|4|100|0)", compare_mode::bytes, 0, false},
        {1, "CONFIG SET stream-node-max-bytes (64|200|4096|0)", compare_mode::bytes, 0, false},
    }};

}  // namespace hawser::test::families
