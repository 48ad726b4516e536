#include "family.hpp"
#include <commands/subcommand_help.hpp>

namespace hawser::commands {

namespace {

using namespace engine::flags;

/// MODULE LIST -- there are no modules.
void list(context& cx) { cx.reply.array(0); }

/// MODULE LOAD path [arg ...], MODULE LOADEX path [CONFIG name value ...] [ARGS arg ...]
void load(context& cx) {
  cx.server.log(engine::log_level::warning, "Modules are not supported");
  throw command_error("ERR Error loading the extension. Please check the server logs.");
}

/// MODULE UNLOAD name
void unload(context&) {
  throw command_error("ERR Error unloading module: no such module with that name");
}

constexpr auto loads = admin | noscript | no_async_loading | permitted;

constexpr command_spec subcommands[] = {
    {"help", arity::exactly(2), loading | stale, key_range::none(), help},
    {"list", arity::exactly(2), admin | noscript, key_range::none(), list},
    {"load", arity::at_least(3), loads, key_range::none(), load},
    {"loadex", arity::at_least(3), loads, key_range::none(), load},
    {"unload", arity::exactly(3), loads, key_range::none(), unload},
};
static_assert(well_formed(subcommands));

constexpr command_spec table[] = {
    {"module", arity::at_least(2), {}, key_range::none(), nullptr, subcommands},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows module_commands() { return table; }

}  // namespace hawser::commands
