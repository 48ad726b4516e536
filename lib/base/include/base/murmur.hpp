#pragma once

#include <cstdint>
#include <string_view>

namespace hawser::base {

/// MurmurHash64A (A. Appleby), reading words lowest byte first: stored HyperLogLogs depend on it.
std::uint64_t murmur64a(std::string_view bytes, std::uint64_t seed);

}  // namespace hawser::base
