#include "families.hpp"

namespace hawser::test::families {

// The sets g1 and g2 have few members, g3 hundreds. What is stored goes elsewhere: with distances
// as scores it would not be places any more.
const command_family geo{
    "geo",
    1,
    {
        {10, "GEOADD (g1|g2) [NX|XX] [CH] <longitude,latitude,ranked>+"},
        {20, "GEOADD g3 <longitude,latitude,element>+"},
        {10,
         "GEOADD g3 NX <longitude,latitude,element>+ <longitude,latitude,element>+ "
         "<longitude,latitude,element>+ <longitude,latitude,element>+"},
        {2, "ZADD g2 <score> <ranked>"},
        {2, "GEOADD (g1|g2) <longitude> <latitude> <ranked>"},
        {5, "GEODIST (g1|g2|g3|none) <ranked> <ranked> [m|KM|ft|MI]"},
        {3, "GEOPOS (g1|g2|none) <ranked>+"},
        {3, "GEOHASH (g1|g2|none) <ranked>+"},
        {2, "GEOPOS g3 <element>+"},
        {2, "GEOHASH g3 <element>+"},
        {12,
         "GEOSEARCH (g1|g2|g3|g3|none) FROMLONLAT <longitude,latitude> BYRADIUS <length> "
         "(m|km|ft|mi) [ASC|DESC] [WITHDIST] [WITHHASH] [WITHCOORD]"},
        {12,
         "GEOSEARCH (g1|g2|g3|g3|none) FROMLONLAT <longitude,latitude> BYBOX <length,length> "
         "(m|km|ft|mi) [ASC|DESC] [WITHDIST] [WITHHASH] [WITHCOORD]"},
        {6,
         "GEOSEARCH (g1|g2|g3) [ASC|DESC] (BYRADIUS <length>|BYBOX <length,length>) (km|m) "
         "[COUNT <offset> [ANY]] FROMMEMBER <ranked> [WITHDIST]"},
        {6,
         "GEOSEARCH (g1|g2|g3) FROMLONLAT <longitude,latitude> (BYRADIUS <length>|BYBOX "
         "<length,length>) (km|m) COUNT <offset> [ANY] [ASC|DESC] [WITHDIST]"},
        {4,
         "GEOSEARCHSTORE (d1|d2) (g1|g2|g3|none) FROMLONLAT <longitude,latitude> "
         "(BYRADIUS <length>|BYBOX <length,length>) (km|mi) [ASC|DESC] [COUNT <offset>] "
         "[STOREDIST]"},
        {4,
         "(GEORADIUS|GEORADIUS_RO) (g1|g2|g3|none) <longitude,latitude> <length> (m|km) "
         "[WITHDIST] [WITHCOORD] [COUNT <offset> [ANY]] [ASC|DESC]"},
        {4,
         "GEORADIUS (g1|g2|g3|none) <longitude,latitude> <length> (m|km) "
         "(STORE|STOREDIST) (d1|d2)"},
        {4,
         "(GEORADIUSBYMEMBER|GEORADIUSBYMEMBER_RO) (g1|g2|g3|none) <ranked> <length> (m|km) "
         "[WITHDIST] [WITHHASH] [COUNT <offset> [ANY]] [ASC|DESC]"},
        {2, "GEORADIUSBYMEMBER (g1|g2|g3|none) <ranked> <length> (m|km) (STORE|STOREDIST) (d1|d2)"},
        {3, "ZRANGE (d1|d2) 0 -1 WITHSCORES", compare_mode::bytes, 0, false},
        {2, "ZREM (g1|g2|g3) <ranked>+"},
        {1, "DEL (g1|g2|g3|d1)"},
        {1, "SET d2 <text>"},
        {1, "CONFIG SET zset-max-listpack-entries (8|128)", compare_mode::bytes, 0, false},
    }};

}  // namespace hawser::test::families
