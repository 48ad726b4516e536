#pragma once

#include <cstdint>

namespace hawser::test {

/// A TCP port of the loopback address that nobody used a moment ago; somebody may take it before
/// the server does, so its user tries again with another one when it is gone.
std::uint16_t free_port();

}  // namespace hawser::test
