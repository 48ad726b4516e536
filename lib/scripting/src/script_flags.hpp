#pragma once

#include <engine/command_spec.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace hawser::scripting {

/// What a script says of itself, one bit each.
using script_flags = std::uint32_t;

namespace flag {
inline constexpr script_flags no_writes = 1U << 0;
inline constexpr script_flags allow_oom = 1U << 1;
inline constexpr script_flags allow_stale = 1U << 2;
inline constexpr script_flags no_cluster = 1U << 3;
inline constexpr script_flags allow_cross_slot_keys = 1U << 4;
/// A script without a first line that names the engine: it says nothing, and its commands decide.
inline constexpr script_flags undeclared = 1U << 5;
}  // namespace flag

inline constexpr std::pair<std::string_view, script_flags> flag_names[] = {
    {"no-writes", flag::no_writes},
    {"allow-oom", flag::allow_oom},
    {"allow-stale", flag::allow_stale},
    {"no-cluster", flag::no_cluster},
    {"allow-cross-slot-keys", flag::allow_cross_slot_keys},
};

inline std::optional<script_flags> find_flag(std::string_view name) {
  for (const auto& [each, bit] : flag_names)
    if (each == name) return bit;
  return std::nullopt;
}

/// What a command that runs such a script does.
inline engine::command_flags as_command_flags(engine::command_flags usual, script_flags of) {
  namespace flags = engine::flags;
  if (of & flag::undeclared) return usual;
  const auto decided = flags::stale | flags::denyoom | flags::write | flags::may_replicate;
  usual.bits &= ~decided.bits;
  if (!(of & (flag::allow_oom | flag::no_writes))) usual = usual | flags::denyoom;
  if (!(of & flag::no_writes)) usual = usual | flags::write;
  if (of & flag::allow_stale) usual = usual | flags::stale;
  return usual;
}

}  // namespace hawser::scripting
