#pragma once

// What the files of bitmap commands share.

#include "family.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace hawser::commands {

/// The number of a bit that a command gives; throws when there is none or it lies beyond the
/// longest string.
std::uint64_t bit_offset(const context& cx, std::optional<std::int64_t> given);

/// A bitmap to be changed.
struct bitmap {
  std::span<char> bytes;
  bool grown = false;  // by this command
};

/// The string under a key, found for writing, made as long as bit `last` needs, and made when there
/// is none.
bitmap bitmap_with(context& cx, std::string_view key, store::entry* found, std::uint64_t last);

}  // namespace hawser::commands
