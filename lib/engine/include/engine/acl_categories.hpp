#pragma once

#include <engine/command_spec.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace hawser::engine {

/// A set of ACL categories, one bit each, in the order in which COMMAND INFO lists them.
using acl_categories = std::uint32_t;

namespace acl {
inline constexpr acl_categories none = 0;
inline constexpr acl_categories keyspace = 1U << 0;
inline constexpr acl_categories read = 1U << 1;
inline constexpr acl_categories write = 1U << 2;
inline constexpr acl_categories set = 1U << 3;
inline constexpr acl_categories sortedset = 1U << 4;
inline constexpr acl_categories list = 1U << 5;
inline constexpr acl_categories hash = 1U << 6;
inline constexpr acl_categories string = 1U << 7;
inline constexpr acl_categories bitmap = 1U << 8;
inline constexpr acl_categories hyperloglog = 1U << 9;
inline constexpr acl_categories geo = 1U << 10;
inline constexpr acl_categories stream = 1U << 11;
inline constexpr acl_categories pubsub = 1U << 12;
inline constexpr acl_categories admin = 1U << 13;
inline constexpr acl_categories fast = 1U << 14;
inline constexpr acl_categories slow = 1U << 15;
inline constexpr acl_categories blocking = 1U << 16;
inline constexpr acl_categories dangerous = 1U << 17;
inline constexpr acl_categories connection = 1U << 18;
inline constexpr acl_categories transaction = 1U << 19;
inline constexpr acl_categories scripting = 1U << 20;
}  // namespace acl

/// The names of the categories, without "@", by bit.
std::span<const std::string_view> acl_category_names();

/// The category with this name, in any case and without "@"; nothing if there is none.
std::optional<acl_categories> find_acl_category(std::string_view name);

/// The categories that a command is in because of its flags and what is said of it besides.
acl_categories all_categories(command_flags flags, acl_categories besides);

}  // namespace hawser::engine
