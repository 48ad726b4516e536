#include "catch.hpp"
#include "engine_fixture.hpp"

using hawser::test::engine_fixture;

namespace {

void add_sicily(engine_fixture& db) {
  CHECK(db("GEOADD sicily 13.361389 38.115556 Palermo 15.087269 37.502669 Catania") == "2");
}

}  // namespace

TEST_CASE("GEODIST measures in metres or another unit", "[geo]") {
  engine_fixture db;
  add_sicily(db);
  CHECK(db("GEODIST sicily Palermo Catania") == "166274.1516");
  CHECK(db("GEODIST sicily Palermo Catania mi") == "103.3182");
  CHECK(db("GEODIST sicily Palermo none") == "nil");
  CHECK(db("GEODIST none a b yd") == "!ERR unsupported unit provided. please use M, KM, FT, MI");
}

TEST_CASE("GEOSEARCH finds members in circles and boxes", "[geo]") {
  engine_fixture db;
  add_sicily(db);
  CHECK(db("GEOSEARCH sicily FROMLONLAT 15 37 BYRADIUS 200 km ASC") == "[Catania Palermo]");
  CHECK(db("GEOSEARCH sicily FROMMEMBER Catania BYBOX 100 100 km") == "[Catania]");
  CHECK(db("GEOSEARCH sicily FROMLONLAT 15 37 BYRADIUS 200 km COUNT 1 WITHDIST") ==
        "[[Catania 56.4413]]");
  CHECK(db("GEOSEARCH none FROMMEMBER none BYBOX 100 100 km") == "[]");
  CHECK(db("GEOSEARCH sicily FROMMEMBER none BYBOX 100 100 km") ==
        "!ERR could not decode requested zset member");
}

TEST_CASE("GEOSEARCHSTORE stores places or distances", "[geo]") {
  engine_fixture db;
  add_sicily(db);
  CHECK(db("GEOSEARCHSTORE d sicily FROMLONLAT 15 37 BYRADIUS 100 km") == "1");
  CHECK(db("ZRANGE d 0 -1 WITHSCORES") == "[Catania 3479447370796909]");
  CHECK(db("GEOSEARCHSTORE d sicily FROMLONLAT 15 37 BYRADIUS 100 km STOREDIST") == "1");
  CHECK(db("ZRANGE d 0 -1 WITHSCORES") == "[Catania 56.441257870158204]");
  CHECK(db("GEOSEARCHSTORE d none FROMLONLAT 15 37 BYRADIUS 100 km STOREDIST") == "0");
  CHECK(db("EXISTS d") == "0");
}

TEST_CASE("A search of a large set that may end early does so", "[geo]") {
  engine_fixture db;
  for (int i = 0; i < 300; ++i)
    db("GEOADD g " + std::to_string(10 + i * 1e-4) + " 10 m" + std::to_string(i));
  CHECK(db("OBJECT ENCODING g") == "skiplist");
  CHECK(db("GEOSEARCH g FROMLONLAT 10 10 BYRADIUS 20 m COUNT 2") == "[m0 m1]");
  CHECK(db("GEOSEARCH g FROMLONLAT 10.01 10 BYRADIUS 5 m COUNT 1 ANY") == "[m100]");
  CHECK(db("GEOSEARCH g FROMLONLAT 10.01 10 BYRADIUS 15 m COUNT 5 DESC WITHDIST") ==
        "[[m99 11.0158] [m101 10.7264] [m100 0.1814]]");
}
