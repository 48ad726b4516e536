#pragma once

// Places as numbers. The width of the world is halved again and again, each half is a bit, and so
// is its height; the bits of both, mixed, are a geohash. Places whose first bits are the same lie
// in the same cell of a grid, and a cell is a range of geohashes:
//
//      01 | 11        a cell of step 1 has one bit of each coordinate, the latitude's last;
//      ---+---        each further step divides every cell into four
//      00 | 10
//
// Geo commands keep geohashes of 26 steps, 52 bits, as scores of sorted sets: a double holds them
// exactly. Sources: the geohash of G. Niemeyer (public domain), and the documentation of GEOADD for
// the range of latitudes, that of the Web Mercator projection (EPSG:3857).

#include <array>
#include <cstdint>
#include <string>

namespace hawser::commands {

/// Degrees east and north.
struct coordinates {
  double longitude;
  double latitude;
};

inline constexpr double longitude_limit = 180;
inline constexpr double latitude_limit = 85.05112878;

/// False for places that have no geohash here.
bool within_limits(coordinates place);

/// Bits that a score has of each coordinate.
inline constexpr unsigned geohash_steps = 26;

/// A rectangle of the grid of a step.
struct geo_cell {
  std::uint32_t column;  // from the west
  std::uint32_t row;     // from the south
  unsigned step;         // 1 to geohash_steps

  friend bool operator==(const geo_cell&, const geo_cell&) = default;
};

/// Where a cell ends, in degrees.
struct geo_area {
  double west, east, south, north;
};

/// The cell that a place within the limits is in. On the last meridian and parallel it is one
/// beyond the grid.
geo_cell cell_of(coordinates place, unsigned step);

geo_area area_of(const geo_cell& cell);

/// The cell so many (-1, 0, 1) to the east and the north; the grid has neither edge nor pole, its
/// last column and row are followed by the first.
geo_cell neighbour(const geo_cell& of, int east, int north);

/// The geohashes of a cell, as scores: from the first to the one behind the last.
struct geohash_range {
  double first;
  double end;
};
geohash_range geohashes_in(const geo_cell& cell);

/// The score of a place within the limits.
double geohash_of(coordinates place);

/// The middle of the cell that a score stands for. Any number is a place: fractions, negative
/// numbers and such that are too large stand for the cells, and past the limits the edges, that
/// they do in Redis on x86-64.
coordinates place_of(double geohash);

/// A score's 64 bits, which are 52 in a geohash.
std::uint64_t geohash_bits(double geohash);

/// Eleven characters in the usual notation, for which latitudes go up to 90 degrees.
std::array<char, 11> geohash_text(coordinates place);

}  // namespace hawser::commands
