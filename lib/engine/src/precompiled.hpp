#pragma once

// What most sources of the engine and of the libraries above it include, compiled once for them all
// (docs/decisions/0019-precompiled-headers.md). Sources include what they use all the same.

#include <engine/context.hpp>
#include <engine/dispatcher.hpp>
#include <engine/node.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
