#pragma once

// What the files of geo commands share.

#include "family.hpp"
#include "geohash.hpp"

#include <string_view>

namespace hawser::commands {

/// A longitude and a latitude within the limits.
coordinates read_place(engine::arg_reader& args);

/// A unit of length, in metres: m, km, ft or mi.
double read_unit(engine::arg_reader& args);

/// Metres in a unit, or that unit's number, with four decimals.
void reply_distance(context& cx, double distance);

void reply_place(context& cx, coordinates place);

}  // namespace hawser::commands
