#include "geohash.hpp"

#include "catch.hpp"
#include "geo_area.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <set>
#include <string>
#include <utility>

using namespace hawser::commands;

namespace {

std::string text_of(coordinates place) {
  const auto text = geohash_text(place);
  return {text.data(), text.size()};
}

class random_places {
 public:
  coordinates next() { return {longitudes_(random_), latitudes_(random_)}; }
  double below(double limit) { return std::uniform_real_distribution<>(0, limit)(random_); }

 private:
  std::mt19937_64 random_{7};
  std::uniform_real_distribution<> longitudes_{-longitude_limit, longitude_limit};
  std::uniform_real_distribution<> latitudes_{-latitude_limit, latitude_limit};
};

}  // namespace

TEST_CASE("A geohash stands for a place to less than a metre", "[geo]") {
  random_places places;
  for (int i = 0; i < 10'000; ++i) {
    const auto place = places.next();
    const auto score = geohash_of(place);
    REQUIRE(score >= 0);
    REQUIRE(score < 0x1p52);
    REQUIRE(geo_distance(place, place_of(score)) < 1);
    REQUIRE(geohash_of(place_of(score)) == score);
  }
}

TEST_CASE("Geohashes and their texts are those of the documentation of Redis", "[geo]") {
  const coordinates palermo{13.361389, 38.115556}, catania{15.087269, 37.502669};
  CHECK(geohash_of(palermo) == 3479099956230698);
  CHECK(geohash_of(catania) == 3479447370796909);
  CHECK(text_of(place_of(3479099956230698)) == "sqc8b49rny0");
  CHECK(text_of(place_of(3479447370796909)) == "sqdtr74hyu0");
  CHECK(geo_distance(palermo, catania) == Approx(166'274).margin(1));
}

TEST_CASE("Any score is a place within the limits", "[geo]") {
  const auto infinite = std::numeric_limits<double>::infinity();
  for (const double score : {0.0, -0.0, -1.0, 0.5, -1e300, 1e300, 0x1p52, 0x1p63, 0x1p64, -0x1p63,
                             infinite, -infinite, 5e-324})
    CHECK(within_limits(place_of(score)));
}

TEST_CASE("A cell holds the geohashes of its places and no others", "[geo]") {
  random_places places;
  for (int i = 0; i < 10'000; ++i) {
    const auto step = 1 + static_cast<unsigned>(places.below(geohash_steps));
    const auto cell = cell_of(places.next(), step);
    const auto area = area_of(cell);
    const auto range = geohashes_in(cell);
    const auto place = places.next();
    const bool inside = place.longitude >= area.west && place.longitude < area.east &&
                        place.latitude >= area.south && place.latitude < area.north;
    const auto score = geohash_of(place);
    REQUIRE(inside == (score >= range.first && score < range.end));
    const coordinates middle{(area.west + area.east) / 2, (area.south + area.north) / 2};
    REQUIRE(cell_of(middle, step) == cell);
  }
}

TEST_CASE("Neighbours of a cell touch it, around the world", "[geo]") {
  random_places places;
  for (int i = 0; i < 1'000; ++i) {
    const auto cell = cell_of(places.next(), 2 + static_cast<unsigned>(places.below(24)));
    CHECK(neighbour(neighbour(cell, 1, -1), -1, 1) == cell);
    const auto area = area_of(cell), east = area_of(neighbour(cell, 1, 0));
    CHECK((east.west == area.east || (area.east == 180 && east.west == -180)));
  }
}

TEST_CASE("The cells of an area hold all of its places, each once", "[geo]") {
  random_places places;
  for (int i = 0; i < 2'000; ++i) {
    const auto centre = places.next();
    // Cells do not reach across the poles.
    if (std::fabs(centre.latitude) > 60) continue;
    geo_shape shape;
    const double size = std::pow(10, places.below(6));
    if (i % 2 == 0) {
      shape.what = geo_shape::kind::circle;
      shape.radius = size;
    } else {
      shape.what = geo_shape::kind::box;
      shape.width = size;
      shape.height = places.below(2 * size);
    }
    const geo_neighbourhood area(centre, shape);
    const auto cells = area.cells();
    REQUIRE(cells.size() <= 9);
    for (int j = 0; j < 50; ++j) {
      const double reach = size / 50'000;  // degrees, more than the area has
      const coordinates place{centre.longitude + places.below(2 * reach) - reach,
                              centre.latitude + places.below(2 * reach) - reach};
      if (!within_limits(place)) continue;
      const double distance = area.distance_to(place);
      const double expected = geo_distance(centre, place);
      if (shape.what == geo_shape::kind::circle)
        REQUIRE((distance == geo_neighbourhood::outside) == (expected > size));
      if (distance == geo_neighbourhood::outside) continue;
      REQUIRE(distance == expected);
      const auto score = geohash_of(place);
      const auto holds = [&](const geo_cell& cell) {
        const auto range = geohashes_in(cell);
        return score >= range.first && score < range.end;
      };
      REQUIRE(std::ranges::count_if(cells, holds) == 1);
    }
  }
}

TEST_CASE("The whole world is searched without looking at a cell twice", "[geo]") {
  for (const double longitude : {-180.0, -90.0, 0.0, 13.0, 179.9}) {
    geo_shape shape;
    shape.what = geo_shape::kind::circle;
    shape.radius = 2e7;
    const geo_neighbourhood area({longitude, 20}, shape);
    std::set<std::pair<double, double>> seen;
    for (const auto& cell : area.cells()) {
      const auto range = geohashes_in(cell);
      CHECK(seen.emplace(range.first, range.end).second);
    }
    CHECK(seen.size() == 4);
  }
}
