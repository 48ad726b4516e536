#include "command_metadata_rows.hpp"

namespace hawser::commands {

namespace {

using namespace use;

constexpr auto radius_cost = "O(N + log(M)), N: members in the cells around, M: members of the set";

constexpr auto table = of(
    group::geo,
    {
        about("geoadd", "3.2.0", "Adds members with their places, or moves them",
              "O(log(N)) a member given, N: members")
            .in(acl::geo)
            .with({at(1, rw | updates)})
            .takes("key:key [condition(NX|XX)@6.2.0] [change!CH@6.2.0] "
                   "longitude_latitude_member{longitude:double latitude:double member}..."),
        about("geodist", "3.2.0", "Replies how far two members are apart", "O(1)")
            .in(acl::geo)
            .with({at(1, ro | accesses)})
            .takes("key:key member1 member2 [unit(M|KM|FT|MI)]"),
        about("geohash", "3.2.0", "Replies the places of members as geohashes of 11 characters",
              "O(1) a member given")
            .in(acl::geo)
            .with({at(1, ro | accesses)})
            .takes("key:key member..."),
        about("geopos", "3.2.0", "Replies the longitudes and latitudes of members",
              "O(1) a member given")
            .in(acl::geo)
            .with({at(1, ro | accesses)})
            .takes("key:key member..."),
        about("georadius", "3.2.0", "Replies or stores the members within a distance from a place",
              radius_cost)
            .in(acl::geo)
            .with({at(1, ro | accesses), at(6, ow | updates).behind("STORE"),
                   at(6, ow | updates).behind("STOREDIST")})
            .takes("key:key longitude:double latitude:double radius:double unit(M|KM|FT|MI) "
                   "[WITHCOORD] [WITHDIST] [WITHHASH] [count{COUNT=count:integer "
                   "[ANY@6.2.0]}] [order(ASC|DESC)] "
                   "[STORE=key:key#1] [STOREDIST=key:key#2]")
            .deprecated("6.2.0", "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` argument"),
        about("georadius_ro", "3.2.10", "Replies the members within a distance from a place",
              radius_cost)
            .in(acl::geo)
            .with({at(1, ro | accesses)})
            .takes("key:key longitude:double latitude:double radius:double unit(M|KM|FT|MI) "
                   "[WITHCOORD] [WITHDIST] [WITHHASH] [count{COUNT=count:integer "
                   "[ANY@6.2.0]}] [order(ASC|DESC)]")
            .deprecated("6.2.0", "`GEOSEARCH` with the `BYRADIUS` argument"),
        about("georadiusbymember", "3.2.0",
              "Replies or stores the members within a distance from one of them", radius_cost)
            .in(acl::geo)
            .with({at(1, ro | accesses), at(5, ow | updates).behind("STORE"),
                   at(5, ow | updates).behind("STOREDIST")})
            .takes("key:key member radius:double unit(M|KM|FT|MI) [WITHCOORD] [WITHDIST] "
                   "[WITHHASH] [count{COUNT=count:integer [ANY]}] [order(ASC|DESC)] "
                   "[STORE=key:key#1] [STOREDIST=key:key#2]")
            .deprecated(
                "6.2.0",
                "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` and `FROMMEMBER` arguments"),
        about("georadiusbymember_ro", "3.2.10",
              "Replies the members within a distance from one of them", radius_cost)
            .in(acl::geo)
            .with({at(1, ro | accesses)})
            .takes("key:key member radius:double unit(M|KM|FT|MI) [WITHCOORD] [WITHDIST] "
                   "[WITHHASH] [count{COUNT=count:integer [ANY]}] [order(ASC|DESC)]")
            .deprecated("6.2.0", "`GEOSEARCH` with the `BYRADIUS` and `FROMMEMBER` arguments"),
        about("geosearch", "6.2.0", "Replies the members in a circle or a box", radius_cost)
            .in(acl::geo)
            .with({at(1, ro | accesses)})
            .takes("key:key from(FROMMEMBER=member|FROMLONLAT=longitude_latitude{longitude:double "
                   "latitude:double}) by(circle{BYRADIUS=radius:double unit(M|KM|FT|MI)}|"
                   "box{BYBOX=width:double height:double unit(M|KM|FT|MI)}) [order(ASC|DESC)] "
                   "[count{COUNT=count:integer [ANY]}] [WITHCOORD] [WITHDIST] [WITHHASH]"),
        about("geosearchstore", "6.2.0", "Stores the members in a circle or a box", radius_cost)
            .in(acl::geo)
            .with({at(1, ow | updates), at(2, ro | accesses)})
            .takes("destination:key source:key#1 "
                   "from(FROMMEMBER=member|FROMLONLAT=longitude_latitude{longitude:double "
                   "latitude:double}) by(circle{BYRADIUS=radius:double unit(M|KM|FT|MI)}|"
                   "box{BYBOX=width:double height:double unit(M|KM|FT|MI)}) [order(ASC|DESC)] "
                   "[count{COUNT=count:integer [ANY]}] [STOREDIST]"),
    });
static_assert(well_formed(table));

}  // namespace

metadata_rows geo_metadata() { return table; }

}  // namespace hawser::commands
