#include "families.hpp"

namespace hawser::test::families {

const command_family hyperloglog{
    "hyperloglog",
    1,
    {
        {10, "PFADD <key> <element>+"},
        {6, "PFADD <key> <element>+ <element>+ <element>+ <element>+ <element>+ <element>+"},
        {1, "PFADD <key>"},
        {6, "PFCOUNT <key>"},
        {4, "PFCOUNT <key>+"},
        {6, "PFMERGE <key> <key>+"},
        {1, "PFMERGE <key>"},
        {10, "GET <key>"},
        {2, "PFDEBUG (ENCODING|DECODE) <key>"},
        {1, "PFDEBUG (TODENSE|GETREG) <key>"},
        {3, "SET <key> <hll>"},
        {1, "SET <key> (<text>|<int>)"},
        {2, "OBJECT ENCODING <key>"},
        {2, "STRLEN <key>"},
        {1, "EXPIRE <key> <seconds>"},
        {1, "TTL <key>", compare_mode::bytes, seconds_apart},
        {2, "DEL <key>"},
        {1, "COPY <key> <key> REPLACE"},
        {1, "CONFIG SET hll-sparse-max-bytes (0|18|100|1000|3000|3000|100000)"},
    }};

}  // namespace hawser::test::families
