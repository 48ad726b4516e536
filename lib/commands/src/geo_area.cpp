#include "geo_area.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace hawser::commands {

namespace {

constexpr double earth_radius = 6372797.560856;    // metres, as Redis has it
constexpr double half_equator = 20037726.37;       // metres of the Mercator projection
constexpr double radian = std::numbers::pi / 180;  // one degree

double radians(double degrees) { return degrees * radian; }
double degrees(double radians) { return radians / radian; }

double meridian_distance(double latitude, double other) {
  return earth_radius * std::fabs(radians(other) - radians(latitude));
}

/// Metres, from the halves of the differences in radians and the cosines of both latitudes.
double haversine_distance(double half_latitudes, double half_longitudes, double cosines) {
  const double u = std::sin(half_latitudes);
  const double v = std::sin(half_longitudes);
  // On one meridian, as Redis does: the last digits differ from those of the formula.
  if (v == 0) return earth_radius * std::fabs(2 * half_latitudes);
  // Rounding may make a little more than 1 of places that are opposite each other.
  return 2 * earth_radius * std::asin(std::min(std::sqrt(u * u + cosines * v * v), 1.0));
}

/// The grid in which a distance is less than the side of a cell, or two steps coarser where
/// parallels are short.
unsigned step_for(double distance, double latitude) {
  if (distance == 0) return geohash_steps;
  int step = -1;
  for (; distance < half_equator; distance *= 2) ++step;
  if (std::fabs(latitude) > 66) --step;
  if (std::fabs(latitude) > 80) --step;
  return static_cast<unsigned>(std::clamp(step, 1, static_cast<int>(geohash_steps)));
}

/// Whether the cells around one reach as far as some bounds.
bool enclose(const geo_cell& cell, const geo_area& bounds) {
  return area_of(neighbour(cell, 0, 1)).north >= bounds.north &&
         area_of(neighbour(cell, 0, -1)).south <= bounds.south &&
         area_of(neighbour(cell, 1, 0)).east >= bounds.east &&
         area_of(neighbour(cell, -1, 0)).west <= bounds.west;
}

}  // namespace

double geo_distance(coordinates a, coordinates b) {
  return haversine_distance((radians(b.latitude) - radians(a.latitude)) / 2,
                            (radians(b.longitude) - radians(a.longitude)) / 2,
                            std::cos(radians(a.latitude)) * std::cos(radians(b.latitude)));
}

geo_neighbourhood::geo_neighbourhood(coordinates centre, const geo_shape& shape)
    : centre_(centre),
      cos_latitude_(std::cos(radians(centre.latitude))),
      is_circle_(shape.what == geo_shape::kind::circle),
      radius_(shape.radius * shape.unit),
      half_width_(shape.width * shape.unit / 2),
      half_height_(shape.height * shape.unit / 2) {
  reach_ =
      is_circle_
          ? radius_
          : std::sqrt(shape.width / 2 * (shape.width / 2) + shape.height / 2 * (shape.height / 2)) *
                shape.unit;
  const double north = degrees((is_circle_ ? radius_ : half_height_) / earth_radius);
  // Degrees of longitude are smallest at the end that is nearer to a pole.
  const double polar = centre.latitude < 0 ? centre.latitude - north : centre.latitude + north;
  const double east =
      degrees((is_circle_ ? radius_ : half_width_) / earth_radius / std::cos(radians(polar)));
  bounds_ = {centre.longitude - east, centre.longitude + east, centre.latitude - north,
             centre.latitude + north};
  // A little more, for rounding. A circle around a pole has places of every longitude, and where a
  // box ends depends on the latitude.
  constexpr double slack = 1e-7;
  far_latitude_ = north + slack;
  far_longitude_ =
      is_circle_ && std::fabs(polar) < 89 ? east + slack : std::numeric_limits<double>::infinity();
}

bool geo_neighbourhood::surely_outside(coordinates place) const {
  if (std::fabs(place.latitude - centre_.latitude) > far_latitude_) return true;
  const double around = std::fabs(place.longitude - centre_.longitude);
  return std::min(around, 360 - around) > far_longitude_;
}

double geo_neighbourhood::haversine(coordinates place) const {
  return haversine_distance((radians(place.latitude) - radians(centre_.latitude)) / 2,
                            (radians(place.longitude) - radians(centre_.longitude)) / 2,
                            cos_latitude_ * std::cos(radians(place.latitude)));
}

double geo_neighbourhood::distance_to(coordinates place) const {
  if (surely_outside(place)) return outside;
  if (is_circle_) {
    const double distance = haversine(place);
    return distance > radius_ ? outside : distance;
  }
  if (meridian_distance(place.latitude, centre_.latitude) > half_height_) return outside;
  const coordinates same_parallel{centre_.longitude, place.latitude};
  if (geo_distance(place, same_parallel) > half_width_) return outside;
  return haversine(place);
}

unsigned geo_neighbourhood::step() const {
  const auto step = step_for(reach_, centre_.latitude);
  return step > 1 && !enclose(cell_of(centre_, step), bounds_) ? step - 1 : step;
}

std::vector<geo_cell> geo_neighbourhood::cells() const {
  const auto centre = cell_of(centre_, step());
  const auto area = area_of(centre);
  // A side of the centre's cell that bounds_ do not reach has nothing to find behind it. In the
  // coarsest grid cells are neighbours by both of their sides.
  const bool all = centre.step < 2;
  const bool to_north = all || !(area.north > bounds_.north);
  const bool to_south = all || !(area.south < bounds_.south);
  const bool to_east = all || !(area.east > bounds_.east);
  const bool to_west = all || !(area.west < bounds_.west);
  std::vector<geo_cell> found;
  found.reserve(9);
  const auto add = [&](int east, int north) {
    if ((east > 0 && !to_east) || (east < 0 && !to_west)) return;
    if ((north > 0 && !to_north) || (north < 0 && !to_south)) return;
    const auto cell = neighbour(centre, east, north);
    if (found.empty() || !(found.back() == cell)) found.push_back(cell);
  };
  add(0, 0);
  add(0, 1), add(0, -1), add(1, 0), add(-1, 0);
  add(1, 1), add(-1, 1), add(1, -1), add(-1, -1);
  return found;
}

}  // namespace hawser::commands
