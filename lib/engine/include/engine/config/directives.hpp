#pragma once

#include <engine/config/directive.hpp>

#include <span>
#include <string_view>

namespace hawser::engine {

/// The table: every directive, grouped by topic. Its order is the order of CONFIG GET and of the
/// lines that CONFIG REWRITE appends.
std::span<const directive> directives();

/// Directives that belong together, under a heading.
struct topic {
  std::string_view title;
  std::span<const directive> rows;
};

/// The table by topics, in its order.
std::span<const topic> topics();

/// The directive with this name or alias, in any case; null if there is none.
const directive* find_directive(std::string_view name);

/// Whether `name`, in any case, is the old name of `row`.
bool is_alias(const directive& row, std::string_view name);

/// Directives that are accepted, kept and shown, but which nothing in the server reads yet.
std::span<const std::string_view> inert_directives();

bool is_inert(const directive& row);

}  // namespace hawser::engine
