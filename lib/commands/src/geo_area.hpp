#pragma once

#include "geohash.hpp"

#include <vector>

namespace hawser::commands {

/// Metres between two places along the surface of a sphere of the Earth's mean size (haversine
/// formula).
double geo_distance(coordinates a, coordinates b);

/// A circle or a box around a place that is yet to be named.
struct geo_shape {
  enum class kind { none, circle, box };

  kind what = kind::none;
  double radius = 0;  // this and the sides are in the user's unit
  double width = 0;
  double height = 0;
  double unit = 1;  // metres
};

/// The places that are not farther from a centre than a shape says: in a circle by their distance,
/// in a box by their distance along their own parallel and along the meridian.
class geo_neighbourhood {
 public:
  geo_neighbourhood(coordinates centre, const geo_shape& shape);

  /// What distance_to says of a place that is not in it.
  static constexpr double outside = -1;
  /// Metres from the centre.
  double distance_to(coordinates place) const;

  /// Up to nine cells that cover it, each once, in the order in which Redis searches them: the one
  /// of the centre, those that share an edge with it, those at its corners.
  std::vector<geo_cell> cells() const;

 private:
  unsigned step() const;
  bool surely_outside(coordinates place) const;
  double haversine(coordinates place) const;

  coordinates centre_;
  double cos_latitude_;
  bool is_circle_;
  double radius_ = 0;       // metres
  double half_width_ = 0;   // metres
  double half_height_ = 0;  // metres
  double reach_;            // the distance of the farthest places in it, as Redis estimates it
  geo_area bounds_;
  double far_latitude_;  // degrees that no place in it is away from the centre
  double far_longitude_;
};

}  // namespace hawser::commands
