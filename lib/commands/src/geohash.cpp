#include "geohash.hpp"

#include <algorithm>

namespace hawser::commands {

namespace {

/// Moves the lowest 32 bits of a number apart, one to each even place.
std::uint64_t spread(std::uint64_t bits) {
  bits = (bits | bits << 16) & 0x0000ffff0000ffff;
  bits = (bits | bits << 8) & 0x00ff00ff00ff00ff;
  bits = (bits | bits << 4) & 0x0f0f0f0f0f0f0f0f;
  bits = (bits | bits << 2) & 0x3333333333333333;
  return (bits | bits << 1) & 0x5555555555555555;
}

/// The bits in even places of a number, moved together.
std::uint32_t gathered(std::uint64_t bits) {
  bits &= 0x5555555555555555;
  bits = (bits | bits >> 1) & 0x3333333333333333;
  bits = (bits | bits >> 2) & 0x0f0f0f0f0f0f0f0f;
  bits = (bits | bits >> 4) & 0x00ff00ff00ff00ff;
  bits = (bits | bits >> 8) & 0x0000ffff0000ffff;
  return static_cast<std::uint32_t>(bits | bits >> 16);
}

std::uint64_t mixed(std::uint32_t column, std::uint32_t row) {
  return spread(row) | spread(column) << 1;
}

/// Which of 2^step parts of [-limit, limit] a number is in.
std::uint32_t part_of(double degrees, double limit, unsigned step) {
  const double share = (degrees + limit) / (2 * limit);
  return static_cast<std::uint32_t>(share * static_cast<double>(1ULL << step));
}

/// Where a part begins.
double begin_of(std::uint64_t part, double limit, unsigned step) {
  return -limit + static_cast<double>(part) / static_cast<double>(1ULL << step) * (2 * limit);
}

std::uint32_t moved(std::uint32_t part, int by, unsigned step) {
  if (by == 0) return part;
  return (part + static_cast<std::uint32_t>(by)) & ((1U << step) - 1);
}

double middle(double from, double to, double limit) {
  return std::clamp((from + to) / 2, -limit, limit);
}

}  // namespace

bool within_limits(coordinates place) {
  return place.longitude >= -longitude_limit && place.longitude <= longitude_limit &&
         place.latitude >= -latitude_limit && place.latitude <= latitude_limit;
}

geo_cell cell_of(coordinates place, unsigned step) {
  return {part_of(place.longitude, longitude_limit, step),
          part_of(place.latitude, latitude_limit, step), step};
}

geo_area area_of(const geo_cell& cell) {
  return {begin_of(cell.column, longitude_limit, cell.step),
          begin_of(cell.column + 1ULL, longitude_limit, cell.step),
          begin_of(cell.row, latitude_limit, cell.step),
          begin_of(cell.row + 1ULL, latitude_limit, cell.step)};
}

geo_cell neighbour(const geo_cell& of, int east, int north) {
  return {moved(of.column, east, of.step), moved(of.row, north, of.step), of.step};
}

geohash_range geohashes_in(const geo_cell& cell) {
  const auto bits = mixed(cell.column, cell.row);
  const auto shift = 2 * (geohash_steps - cell.step);
  return {static_cast<double>(bits << shift), static_cast<double>((bits + 1) << shift)};
}

double geohash_of(coordinates place) {
  const auto cell = cell_of(place, geohash_steps);
  return static_cast<double>(mixed(cell.column, cell.row));
}

std::uint64_t geohash_bits(double geohash) {
  constexpr double half = 0x1p63;
  if (geohash >= -half && geohash < half)
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(geohash));
  if (geohash >= half) return geohash < 2 * half ? static_cast<std::uint64_t>(geohash) : 0;
  return 1ULL << 63;
}

coordinates place_of(double geohash) {
  const auto bits = geohash_bits(geohash);
  const auto area = area_of({gathered(bits >> 1), gathered(bits), geohash_steps});
  return {middle(area.west, area.east, longitude_limit),
          middle(area.south, area.north, latitude_limit)};
}

std::array<char, 11> geohash_text(coordinates place) {
  constexpr double all_latitudes = 90;
  const auto bits = mixed(part_of(place.longitude, longitude_limit, geohash_steps),
                          part_of(place.latitude, all_latitudes, geohash_steps));
  std::array<char, 11> text;
  for (unsigned i = 0; i < 10; ++i)
    text[i] = "0123456789bcdefghjkmnpqrstuvwxyz"[bits >> (47 - 5 * i) & 31];
  text[10] = '0';  // two bits are not enough for one more
  return text;
}

}  // namespace hawser::commands
