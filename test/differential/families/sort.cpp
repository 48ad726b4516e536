#include "families.hpp"

namespace hawser::test::families {

// Sorted are the lists k0 to k2, the sets k3 and k4, the sorted sets k5 and k6, which have a member
// too long for a listpack: Redis 7.0 turns what it sorts into a skip list. A set that is not
// sorted has no certain order, nor has what has equal weights in one.
const command_family sort{
    "sort",
    1,
    {
        {8, "RPUSH (k0|k1) <index>+"},
        {2, "RPUSH k2 (<text>|<member>|<float>)+"},
        {2, "LPOP (k0|k1|k2) 3"},
        {4, "SADD k3 <index>+"},
        {2, "SADD k4 <member>+"},
        {1, "SPOP (k3|k4) 1000", compare_mode::unordered, 0, false},
        {4,
         "ZADD (k5|k6) 0 "
         "00000000000000000000000000000000000000000000000000000000000000000000000007 "
         "<score,index>+"},
        {8, "SET <weight> (<index>|<float>|<text>)"},
        {8, "HSET <record> (a|b) (<index>|<float>|<text>)"},
        {3, "DEL <weight> <record>"},
        {10, "SORT (k0|k1|k2) [LIMIT <index> <index>] [ASC|DESC] [ALPHA] [GET #]"},
        {10,
         "SORT (k0|k1|k2) [BY (w_*|h_*->a|nosort|#|*)] [LIMIT <index> <index>] [ASC|DESC] "
         "[GET (w_*|h_*->b|#)] [GET (h_*->a|none)]"},
        {6,
         "SORT (k0|k1|k2) BY (w_*|h_*->a) ALPHA [LIMIT <index> <index>] [DESC] [GET (w_*|h_*->a)] "
         "[GET #]"},
        {6,
         "(SORT|SORT_RO) (k3|k4) [BY (w_*|h_*->a)] [LIMIT <index> <index>] [ASC|DESC] "
         "[GET (w_*|h_*->b|#)]",
         compare_mode::bytes, 0, false},
        {2, "SORT (k3|k4) BY nosort [GET #]", compare_mode::unordered, 0, false},
        {3, "SORT (k3|k4) BY nosort [DESC] [LIMIT <index> <index>] STORE k7", compare_mode::bytes,
         0, false},
        {6,
         "SORT (k5|k6) [BY (w_*|h_*->a|nosort)] [LIMIT <index> <index>] [ASC|DESC] "
         "[GET (w_*|h_*->b|#)]",
         compare_mode::bytes, 0, false},
        {6,
         "SORT (k0|k1|k2|k3|k7) [BY (w_*|h_*->a)] [LIMIT <index> <index>] [ASC|DESC] [GET (w_*|#)] "
         "[GET h_*->a] STORE (k0|k7)",
         compare_mode::bytes, 0, false},
        {2, "SORT (k0|k1|k2|k7) [DESC] ALPHA [LIMIT <index> <index>] STORE (k2|k7)"},
        {2, "LRANGE (k0|k7) 0 -1"},
        {1, "SORT <key>", compare_mode::bytes, 0, false},
        {1, "COMMAND GETKEYS SORT <key> [BY w_*] [GET #] [STORE <key>]"},
    }};

}  // namespace hawser::test::families
