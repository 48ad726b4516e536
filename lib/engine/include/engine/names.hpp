#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace hawser::engine {

/// Hashes strings and views alike, so that look-ups need no copy.
struct name_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view name) const {
    return std::hash<std::string_view>{}(name);
  }
};

using name_set = std::unordered_set<std::string, name_hash, std::equal_to<>>;

template <class Value>
using name_map = std::unordered_map<std::string, Value, name_hash, std::equal_to<>>;

}  // namespace hawser::engine
