#include "families.hpp"

namespace hawser::test::families {

// The keys x1 and x2 hold members of one score, as ranges by member require: their rules are not
// spoilt, since what a range of unequal scores is depends on the random levels of a skip list.
const command_family sorted_sets{
    "sorted_sets",
    1,
    {
        {14, "ZADD <key> <score,ranked>+"},
        {8, "ZADD <key> [NX|XX] [GT|LT] [CH] <score,ranked>+"},
        {5, "ZADD <key> [NX|XX] [GT|LT] [CH] INCR <score> <ranked>"},
        {5, "ZINCRBY <key> <score> <ranked>"},
        {8, "ZADD (x1|x2) 0 <ranked> 0 <ranked> 0 <ranked>", compare_mode::bytes, 0, false},
        {3, "ZSCORE <key> <ranked>"},
        {3, "ZMSCORE <key> <ranked>+"},
        {2, "ZCARD <key>"},
        {4, "(ZRANK|ZREVRANK) <key> <ranked>", compare_mode::bytes, 0,
         false},  // takes more than 7.0
        {4, "ZCOUNT <key> <score-bound> <score-bound>"},
        {4, "ZLEXCOUNT (x1|x2) <member-bound> <member-bound>", compare_mode::bytes, 0, false},
        {5, "ZRANGE <key> <index> <index> [REV] [WITHSCORES]"},
        {4,
         "ZRANGE <key> <score-bound> <score-bound> BYSCORE [REV] [LIMIT <index> <index>] "
         "[WITHSCORES]"},
        {4, "ZRANGE (x1|x2) <member-bound> <member-bound> BYLEX [REV] [LIMIT <index> <index>]",
         compare_mode::bytes, 0, false},
        {3, "ZREVRANGE <key> <index> <index> [WITHSCORES]"},
        {4,
         "(ZRANGEBYSCORE|ZREVRANGEBYSCORE) <key> <score-bound> <score-bound> [WITHSCORES] "
         "[LIMIT <index> <index>]"},
        {4,
         "(ZRANGEBYLEX|ZREVRANGEBYLEX) (x1|x2) <member-bound> <member-bound> "
         "[LIMIT <index> <index>]",
         compare_mode::bytes, 0, false},
        {3, "ZRANGESTORE <key> <key> <index> <index> [REV]"},
        {3,
         "ZRANGESTORE <key> <key> <score-bound> <score-bound> BYSCORE [REV] "
         "[LIMIT <index> <index>]"},
        {2, "ZRANGESTORE <key> (x1|x2) <member-bound> <member-bound> BYLEX", compare_mode::bytes, 0,
         false},
        {5, "ZREM <key> <ranked>+"},
        {2, "ZREMRANGEBYRANK <key> <index> <index>"},
        {2, "ZREMRANGEBYSCORE <key> <score-bound> <score-bound>"},
        {2, "ZREMRANGEBYLEX (x1|x2) <member-bound> <member-bound>", compare_mode::bytes, 0, false},
        {3, "(ZPOPMIN|ZPOPMAX) <key> [<offset>]"},
        {3, "ZMPOP 2 <key> <key> (MIN|MAX) [COUNT <offset>]"},
        {3, "ZRANDMEMBER <key> 1000 [WITHSCORES]", compare_mode::bytes, 0, false},
        {2, "ZRANDMEMBER <key> [3|-5]", compare_mode::shape},
        {2, "ZSCAN <key> 0 COUNT 1000 [MATCH (m*|*1|[1-3]*)]", compare_mode::unordered, 0, false},
        {3,
         "(ZUNION|ZINTER) 2 <key> <key> [WEIGHTS <score> <score>] [AGGREGATE (SUM|MIN|MAX)] "
         "[WITHSCORES]"},
        {3, "(ZUNION|ZINTER) 3 <key> <key> <key> [AGGREGATE (SUM|MIN|MAX)] [WITHSCORES]"},
        {4,
         "(ZUNIONSTORE|ZINTERSTORE) <key> 2 <key> <key> [WEIGHTS <score> <score>] "
         "[AGGREGATE (SUM|MIN|MAX)]"},
        {2, "ZDIFF 3 <key> <key> <key> [WITHSCORES]"},
        {2, "ZDIFFSTORE <key> 2 <key> <key>"},
        {3, "SADD (s1|s2) <ranked>+"},
        {1, "DEL (s1|s2)"},
        {1, "SREM (s1|s2) <ranked>+"},
        {3,
         "(ZUNION|ZINTER) 3 <key> (s1|s2) (s1|<key>) [WEIGHTS <score> <score> <score>] "
         "[AGGREGATE (SUM|MIN|MAX)] [WITHSCORES]"},
        {3, "(ZUNIONSTORE|ZINTERSTORE) (s1|<key>|<key>) 2 (s1|s2) (s2|<key>)"},
        {2, "ZDIFF 2 (s1|<key>) (s2|<key>) [WITHSCORES]"},
        {2, "ZINTERCARD 2 (s1|s2) (s1|<key>) [LIMIT <offset>]"},
        {1, "(BZPOPMIN|BZPOPMAX) <key> <key> <key> <key> 0.001", compare_mode::bytes, 0, false},
        {1, "BZMPOP 0.001 4 <key> <key> <key> <key> (MIN|MAX) [COUNT <offset>]",
         compare_mode::bytes, 0, false},
        {2, "ZINTERCARD 2 <key> <key> [LIMIT <offset>]"},
        {3, "OBJECT ENCODING <key>"},
        {2, "DEL <key>"},
        {1, "COPY <key> <key> [REPLACE]"},
        {1, "RENAME <key> <key>"},
        {1, "SET <key> <text>"},
        {1, "DEBUG DIGEST-VALUE <key>+"},
        {1, "CONFIG SET zset-max-listpack-entries (4|16|128|0)", compare_mode::bytes, 0, false},
        {1, "CONFIG SET zset-max-listpack-value (64|2)", compare_mode::bytes, 0, false},
    }};

}  // namespace hawser::test::families
