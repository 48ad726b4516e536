#include "families.hpp"

namespace hawser::test::families {

const command_family bitmaps{
    "bitmaps",
    1,
    {
        {10, "SETBIT <key> <offset> (0|1)"},
        {2, "SETBIT <key> <bit> (0|1)"},
        {4, "GETBIT <key> <offset>"},
        {2, "GETBIT <key> <bit>"},
        {4, "BITCOUNT <key> [<index> <index> [BYTE|BIT]]"},
        {4, "BITCOUNT <key> (<offset>|<bit>) (<offset>|<bit>|<index>) [BYTE|BIT]"},
        {5, "BITPOS <key> (0|1) [<index> [<index> [BYTE|BIT]]]"},
        {4, "BITPOS <key> (0|1) (<offset>|<bit>) [(<offset>|<bit>) [BIT]]"},
        {6, "BITOP (AND|OR|XOR) <key> <key>+"},
        {3, "BITOP NOT <key> <key>"},
        {6,
         "BITFIELD <key> [OVERFLOW (WRAP|SAT|FAIL)] (SET|INCRBY) <type> <offset> (<int>|<big>) "
         "[GET <type> <offset>]"},
        {6,
         "BITFIELD <key> INCRBY <type> <offset> <int> OVERFLOW (WRAP|SAT|FAIL) "
         "INCRBY <type> <offset> (<int>|<big>) SET <type> <offset> (<int>|<big>) GET <type> "
         "<bit>"},
        {3, "BITFIELD <key> OVERFLOW FAIL (SET|INCRBY) <type> <bit> (<int>|<big>)"},
        {3, "BITFIELD <key> GET <type> <bit>"},
        {3, "BITFIELD_RO <key> GET <type> <offset> GET <type> <bit>"},
        {4, "SET <key> (<text>|<int>|<big>)"},
        {2, "SETRANGE <key> <bit> <text>"},
        {2, "APPEND <key> <text>"},
        {4, "GET <key>"},
        {2, "OBJECT ENCODING <key>"},
        {2, "EXPIRE <key> <seconds>"},
        {1, "TTL <key>", compare_mode::bytes, seconds_apart},
        {3, "DEL <key>+"},
        {1, "LPUSH <key> <text>"},
    }};

}  // namespace hawser::test::families
