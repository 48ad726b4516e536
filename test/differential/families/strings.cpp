#include "families.hpp"

namespace hawser::test::families {

const command_family strings{
    "strings",
    1,
    {
        {10, "SET <key> <text>"},
        {10, "SET <key> <text> [NX|XX] [GET] [EX <seconds>|PX <milliseconds>|KEEPTTL]"},
        {6, "SET <key> <text> [EXAT <unix>|PXAT <unix-ms>|EXAT <past>] [GET] [XX|NX]"},
        {3, "SET <key> <int>"},
        {3, "SET <key> <big>"},
        {8, "GET <key>"},
        {3, "GETDEL <key>"},
        {6, "GETEX <key> [EX <seconds>|PX <milliseconds>|EXAT <unix>|PXAT <unix-ms>|PERSIST]"},
        {4, "GETSET <key> <text>"},
        {6, "GETRANGE <key> <index> <index>"},
        {2, "SUBSTR <key> <index> <index>"},
        {5, "SETRANGE <key> <offset> <text>"},
        {3, "SETEX <key> <seconds> <text>"},
        {3, "PSETEX <key> <milliseconds> <text>"},
        {3, "SETNX <key> <text>"},
        {4, "MSET <key,text>+"},
        {3, "MSETNX <key,text>+"},
        {4, "MGET <key>+"},
        {6, "APPEND <key> <text>"},
        {4, "STRLEN <key>"},
        {5, "INCR <key>"},
        {4, "DECR <key>"},
        {5, "INCRBY <key> (<int>|<big>|<int>)"},
        {4, "DECRBY <key> (<int>|<big>|<int>)"},
        {6, "INCRBYFLOAT <key> (<float>|<int>|<text>)"},
        {5, "LCS <key> <key> [LEN|IDX [MINMATCHLEN <index>] [WITHMATCHLEN]]"},
        {3, "OBJECT ENCODING <key>"},
        {2, "TTL <key>", compare_mode::bytes, seconds_apart},
        {3, "DEL <key>+"},
        {1, "LPUSH <key> <text>"},
        {1, "TYPE <key>"},
    }};

}  // namespace hawser::test::families
