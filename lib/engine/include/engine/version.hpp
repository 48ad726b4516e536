#pragma once

#include <string_view>

namespace hawser::engine {

inline constexpr std::string_view hawser_version = "0.1.0";

/// The version of Redis whose interface this is, by which client libraries choose what to use.
inline constexpr std::string_view redis_version = "7.4.0";

}  // namespace hawser::engine
