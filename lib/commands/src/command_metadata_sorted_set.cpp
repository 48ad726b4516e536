#include "command_metadata_rows.hpp"

namespace hawser::commands {

namespace {

using namespace use;

constexpr auto table = of(
    group::sorted_set,
    {
        about("bzmpop", "7.0.0",
              "Takes members out of the first sorted set that has any, or waits for one",
              "O(K) + O(M*log(N)), K: keys, N: members, M: members taken")
            .in(acl::sortedset)
            .with({at(2, rw | accesses | deletes).counted()})
            .takes(
                "timeout:double numkeys:integer key:key... where(MIN|MAX) [COUNT=count:integer]"),
        about("bzpopmax", "5.0.0",
              "Takes the member with the highest score out of a sorted set, or waits for one",
              "O(log(N)), N: members")
            .in(acl::sortedset)
            .with({at(1, rw | accesses | deletes).until(-2, 1)})
            .takes("key:key... timeout:double"),
        about("bzpopmin", "5.0.0",
              "Takes the member with the lowest score out of a sorted set, or waits for one",
              "O(log(N)), N: members")
            .in(acl::sortedset)
            .with({at(1, rw | accesses | deletes).until(-2, 1)})
            .takes("key:key... timeout:double"),
        about("zadd", "1.2.0",
              "Adds members to a sorted set, which is made when it is missing, or changes their "
              "scores",
              "O(log(N)) a member given, N: members")
            .in(acl::sortedset)
            .with({at(1, rw | updates)})
            .takes("key:key [condition(NX|XX)@3.0.2] [comparison(GT|LT)@6.2.0] [change!CH@3.0.2] "
                   "[increment!INCR@3.0.2] score_member{score:double member}..."),
        about("zcard", "1.2.0", "Replies how many members a sorted set has", "O(1)")
            .in(acl::sortedset)
            .with({at(1, ro)})
            .takes("key:key"),
        about("zcount", "2.0.0", "Counts the members within a range of scores",
              "O(log(N)), N: members")
            .in(acl::sortedset)
            .with({at(1, ro | accesses)})
            .takes("key:key min:double max:double"),
        about("zdiff", "6.2.0", "Replies the members of the first sorted set that are in no other",
              "O(L*K + M*log(M)), L: members of the first set, K: sets, M: members replied")
            .in(acl::sortedset)
            .with({at(1, ro | accesses).counted()})
            .takes("numkeys:integer key:key... [WITHSCORES]"),
        about("zdiffstore", "6.2.0",
              "Stores the members of the first sorted set that are in no other",
              "O(L*K + M*log(M)), L: members of the first set, K: sets, M: members stored")
            .in(acl::sortedset)
            .with({at(1, ow | updates), at(2, ro | accesses).counted()})
            .takes("destination:key numkeys:integer key:key#1..."),
        about("zincrby", "1.2.0", "Adds a number to the score of a member", "O(log(N)), N: members")
            .in(acl::sortedset)
            .with({at(1, rw | accesses | updates)})
            .takes("key:key increment:integer member"),
        about("zinter", "6.2.0", "Replies the members that several sorted sets share",
              "O(N*K + M*log(M)), N: members of the smallest set, K: sets, M: members replied")
            .in(acl::sortedset)
            .with({at(1, ro | accesses).counted()})
            .takes("numkeys:integer key:key... [WEIGHTS=weight:integer...] "
                   "[AGGREGATE=aggregate(SUM|MIN|MAX)] [WITHSCORES]"),
        about("zintercard", "7.0.0", "Counts the members that several sorted sets share",
              "O(N*K), N: members of the smallest set, K: sets")
            .in(acl::sortedset)
            .with({at(1, ro | accesses).counted()})
            .takes("numkeys:integer key:key... [LIMIT=limit:integer]"),
        about("zinterstore", "2.0.0", "Stores the members that several sorted sets share",
              "O(N*K + M*log(M)), N: members of the smallest set, K: sets, M: members stored")
            .in(acl::sortedset)
            .with({at(1, ow | updates), at(2, ro | accesses).counted()})
            .takes("destination:key numkeys:integer key:key#1... [WEIGHTS=weight:integer...] "
                   "[AGGREGATE=aggregate(SUM|MIN|MAX)]"),
        about("zlexcount", "2.8.9", "Counts the members within a range of texts",
              "O(log(N)), N: members")
            .in(acl::sortedset)
            .with({at(1, ro | accesses)})
            .takes("key:key min max"),
        about("zmpop", "7.0.0", "Takes members out of the first sorted set that has any",
              "O(K) + O(M*log(N)), K: keys, N: members, M: members taken")
            .in(acl::sortedset)
            .with({at(1, rw | accesses | deletes).counted()})
            .takes("numkeys:integer key:key... where(MIN|MAX) [COUNT=count:integer]"),
        about("zmscore", "6.2.0", "Replies the scores of members", "O(N), N: members given")
            .in(acl::sortedset)
            .with({at(1, ro | accesses)})
            .takes("key:key member..."),
        about("zpopmax", "5.0.0", "Takes the members with the highest scores out of a sorted set",
              "O(M*log(N)), N: members, M: members taken")
            .in(acl::sortedset)
            .with({at(1, rw | accesses | deletes)})
            .takes("key:key [count:integer]"),
        about("zpopmin", "5.0.0", "Takes the members with the lowest scores out of a sorted set",
              "O(M*log(N)), N: members, M: members taken")
            .in(acl::sortedset)
            .with({at(1, rw | accesses | deletes)})
            .takes("key:key [count:integer]"),
        about("zrandmember", "6.2.0", "Replies members chosen at random",
              "O(N), N: members replied")
            .in(acl::sortedset)
            .with({at(1, ro | accesses)})
            .takes("key:key [options{count:integer [WITHSCORES]}]")
            .tip("nondeterministic_output"),
        about("zrange", "1.2.0", "Replies the members of a range, by rank, score or text",
              "O(log(N) + M), N: members, M: members replied")
            .in(acl::sortedset)
            .with({at(1, ro | accesses)})
            .takes("key:key start stop [sortby(BYSCORE|BYLEX)@6.2.0] [REV@6.2.0] "
                   "[LIMIT=offset_count{offset:integer count:integer}@6.2.0] [WITHSCORES]"),
        about("zrangebylex", "2.8.9", "Replies the members within a range of texts",
              "O(log(N) + M), N: members, M: members replied")
            .in(acl::sortedset)
            .with({at(1, ro | accesses)})
            .takes("key:key min max [LIMIT=offset_count{offset:integer count:integer}]")
            .deprecated("6.2.0", "`ZRANGE` with the `BYLEX` argument"),
        about("zrangebyscore", "1.0.5", "Replies the members within a range of scores",
              "O(log(N) + M), N: members, M: members replied")
            .in(acl::sortedset)
            .with({at(1, ro | accesses)})
            .takes("key:key min:double max:double [WITHSCORES@2.0.0] "
                   "[LIMIT=offset_count{offset:integer "
                   "count:integer}]")
            .deprecated("6.2.0", "`ZRANGE` with the `BYSCORE` argument"),
        about("zrangestore", "6.2.0", "Stores the members of a range, by rank, score or text",
              "O(log(N) + M*log(M)), N: members, M: members stored")
            .in(acl::sortedset)
            .with({at(1, ow | updates), at(2, ro | accesses)})
            .takes("dst:key src:key#1 min max [sortby(BYSCORE|BYLEX)] [REV] "
                   "[LIMIT=offset_count{offset:integer count:integer}]"),
        about("zrank", "2.0.0", "Replies how many members come before one", "O(log(N)), N: members")
            .in(acl::sortedset)
            .with({at(1, ro | accesses)})
            .takes("key:key member [WITHSCORE]"),
        about("zrem", "1.2.0", "Removes members from a sorted set",
              "O(M*log(N)), N: members, M: members given")
            .in(acl::sortedset)
            .with({at(1, rw | deletes)})
            .takes("key:key member..."),
        about("zremrangebylex", "2.8.9", "Removes the members within a range of texts",
              "O(log(N) + M), N: members, M: members removed")
            .in(acl::sortedset)
            .with({at(1, rw | deletes)})
            .takes("key:key min max"),
        about("zremrangebyrank", "2.0.0", "Removes the members of a range of ranks",
              "O(log(N) + M), N: members, M: members removed")
            .in(acl::sortedset)
            .with({at(1, rw | deletes)})
            .takes("key:key start:integer stop:integer"),
        about("zremrangebyscore", "1.2.0", "Removes the members within a range of scores",
              "O(log(N) + M), N: members, M: members removed")
            .in(acl::sortedset)
            .with({at(1, rw | deletes)})
            .takes("key:key min:double max:double"),
        about("zrevrange", "1.2.0",
              "Replies the members of a range of ranks, the highest score first",
              "O(log(N) + M), N: members, M: members replied")
            .in(acl::sortedset)
            .with({at(1, ro | accesses)})
            .takes("key:key start:integer stop:integer [WITHSCORES]")
            .deprecated("6.2.0", "`ZRANGE` with the `REV` argument"),
        about("zrevrangebylex", "2.8.9",
              "Replies the members within a range of texts, the last one first",
              "O(log(N) + M), N: members, M: members replied")
            .in(acl::sortedset)
            .with({at(1, ro | accesses)})
            .takes("key:key max min [LIMIT=offset_count{offset:integer count:integer}]")
            .deprecated("6.2.0", "`ZRANGE` with the `REV` and `BYLEX` arguments"),
        about("zrevrangebyscore", "2.2.0",
              "Replies the members within a range of scores, the highest first",
              "O(log(N) + M), N: members, M: members replied")
            .in(acl::sortedset)
            .with({at(1, ro | accesses)})
            .takes("key:key max:double min:double [WITHSCORES] [LIMIT=offset_count{offset:integer "
                   "count:integer}]")
            .deprecated("6.2.0", "`ZRANGE` with the `REV` and `BYSCORE` arguments"),
        about("zrevrank", "2.0.0", "Replies how many members come after one",
              "O(log(N)), N: members")
            .in(acl::sortedset)
            .with({at(1, ro | accesses)})
            .takes("key:key member [WITHSCORE]"),
        about("zscan", "2.8.0", "Walks through the members and scores of a sorted set step by step",
              "O(1) a step, O(N) for all, N: members")
            .in(acl::sortedset)
            .with({at(1, ro | accesses)})
            .takes("key:key cursor:integer [MATCH=pattern:pattern] [COUNT=count:integer]")
            .tip("nondeterministic_output"),
        about("zscore", "1.2.0", "Replies the score of a member", "O(1)")
            .in(acl::sortedset)
            .with({at(1, ro | accesses)})
            .takes("key:key member"),
        about("zunion", "6.2.0",
              "Replies the members of several sorted sets, with their scores combined",
              "O(N + M*log(M)), N: members of all sets, M: members replied")
            .in(acl::sortedset)
            .with({at(1, ro | accesses).counted()})
            .takes("numkeys:integer key:key... [WEIGHTS=weight:integer...] "
                   "[AGGREGATE=aggregate(SUM|MIN|MAX)] [WITHSCORES]"),
        about("zunionstore", "2.0.0",
              "Stores the members of several sorted sets, with their scores combined",
              "O(N + M*log(M)), N: members of all sets, M: members stored")
            .in(acl::sortedset)
            .with({at(1, ow | updates), at(2, ro | accesses).counted()})
            .takes("destination:key numkeys:integer key:key#1... [WEIGHTS=weight:integer...] "
                   "[AGGREGATE=aggregate(SUM|MIN|MAX)]"),
    });
static_assert(well_formed(table));

}  // namespace

metadata_rows sorted_set_metadata() { return table; }

}  // namespace hawser::commands
