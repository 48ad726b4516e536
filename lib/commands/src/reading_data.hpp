#pragma once

#include <engine/node.hpp>

#include <cstdint>
#include <persistence/byte_source.hpp>
#include <string>

namespace hawser::commands {

/// How reading an RDB file ended behind which something else may stand.
struct base_reading {
  std::string failure;     // empty: none
  std::uint64_t size = 0;  // of the RDB file
  std::string ahead;       // what has been read behind it
};

/// Reads a data set that commands were executed upon afterwards: no key of it is left out, even if
/// its deadline has passed since.
base_reading read_base(engine::node& server, persistence::byte_source& from);

}  // namespace hawser::commands
