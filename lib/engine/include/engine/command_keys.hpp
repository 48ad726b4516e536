#pragma once

#include <engine/key_specs.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace hawser::engine {

/// A key among the words of a command, and what the command does with it.
struct found_key {
  std::size_t word;
  key_use what;
};

/// True when words of the command are keys; channels that are hashed like keys are none.
bool has_keys(const key_specs& of);

/// The keys of a command, as its key specs describe them; nothing when the words do not fit, such
/// as a count of keys that is not a number or goes beyond the end.
std::optional<std::vector<found_key>> find_keys(const key_specs& of,
                                                std::span<const std::string_view> words);

}  // namespace hawser::engine
