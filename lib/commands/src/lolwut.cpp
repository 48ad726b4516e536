#include "lolwut.hpp"

#include <engine/version.hpp>

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <numbers>

namespace hawser::commands {

namespace {

constexpr int strands = 3;
constexpr int height = 7;

/// How far a strand is from the axis at a column, from -1 to 1, and whether it is in front.
struct position {
  double offset;
  bool front;
};

position strand_at(int strand, std::int64_t column) {
  const double turn = static_cast<double>(column) / 5 + strand * 2 * std::numbers::pi / strands;
  return {std::sin(turn), std::cos(turn) > 0};
}

}  // namespace

std::string draw_hawser(std::int64_t columns) {
  std::array<std::string, height> rows;
  rows.fill(std::string(static_cast<std::size_t>(columns), ' '));
  for (std::int64_t column = 0; column < columns; ++column)
    for (const bool front : {false, true})
      for (int strand = 0; strand < strands; ++strand) {
        const auto at = strand_at(strand, column);
        if (at.front != front) continue;
        const auto row = static_cast<std::size_t>(std::lround((at.offset + 1) / 2 * (height - 1)));
        rows[row][static_cast<std::size_t>(column)] = front ? "#%="[strand] : '.';
      }
  std::string picture;
  for (const auto& row : rows) picture += row.substr(0, row.find_last_not_of(' ') + 1) + '\n';
  return picture + fmt::format("Hawser ver. {}\n", engine::hawser_version);
}

}  // namespace hawser::commands
