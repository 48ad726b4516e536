#include "families.hpp"

namespace hawser::test::families {

const command_family lists{
    "lists",
    1,
    {
        {14, "(LPUSH|RPUSH) <key> (<int>|<text>|a|b)+"},
        {8, "(LPUSH|RPUSH) <key> <text>+"},
        {3, "(LPUSHX|RPUSHX) <key> <text>+"},
        {6, "(LPOP|RPOP) <key>"},
        {3, "(LPOP|RPOP) <key> <offset>"},
        {3, "LLEN <key>"},
        {8, "LRANGE <key> <index> <index>"},
        {2, "LRANGE <key> 0 -1"},
        {5, "LINDEX <key> (<index>|<offset>)"},
        {5, "LSET <key> (<index>|<offset>) (<text>|<int>|a)"},
        {6, "LINSERT <key> (BEFORE|AFTER) (a|b|<int>) (<text>|<int>)"},
        {5, "LREM <key> (<index>|0|1|-1) (a|b|<int>|<text>)"},
        {2, "LTRIM <key> <index> <index>"},
        {2, "LTRIM <key> <offset> -1"},
        {6, "LPOS <key> (a|b|<int>) [RANK <index>] [COUNT <offset>] [MAXLEN <offset>]"},
        {6, "LMOVE <key> <key> (LEFT|RIGHT) (LEFT|RIGHT)"},
        {3, "RPOPLPUSH <key> <key>"},
        {3, "LMPOP 2 <key> <key> (LEFT|RIGHT) [COUNT <offset>]"},
        {2, "(BLPOP|BRPOP) <key> <key> 0.001"},
        {1, "BLMOVE <key> <key> (LEFT|RIGHT) (LEFT|RIGHT) 0.001"},
        {1, "BLMPOP 0.001 2 <key> <key> (LEFT|RIGHT) [COUNT <offset>]"},
        {2, "COPY <key> <key> REPLACE"},
        {1, "RENAME <key> <key>"},
        {2, "OBJECT ENCODING <key>"},
        {1, "DEBUG DIGEST-VALUE <key>"},
        {1, "SET <key> (<text>|<int>)"},
        {1, "DEL <key>"},
        {1, "EXPIRE <key> <seconds>"},
        {1, "CONFIG SET list-max-listpack-size (-2|-1|-5|3|1|20)"},
        {1, "CONFIG SET list-compress-depth (0|1|2)"},
    }};

}  // namespace hawser::test::families
