#pragma once

#include <engine/context.hpp>

#include <initializer_list>
#include <string_view>

namespace hawser::commands {

/// The reply of a container's HELP: one line of syntax or explanation each.
void reply_help(engine::context& cx, std::initializer_list<std::string_view> lines);

/// The error of a subcommand that looks at its number of words itself.
[[noreturn]] void wrong_subcommand(const engine::context& cx);

}  // namespace hawser::commands
