#pragma once

#include <cstdint>
#include <string>

namespace hawser::commands {

/// LOLWUT's picture, a rope of three strands, and the line that names the version.
std::string draw_hawser(std::int64_t columns);

}  // namespace hawser::commands
