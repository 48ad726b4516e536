#include "config_rewrite.hpp"
#include "family.hpp"
#include <commands/subcommand_help.hpp>
#include <engine/config/directives.hpp>

namespace hawser::commands {

namespace {

using namespace engine::flags;

/// CONFIG GET parameter [parameter ...] -- names or patterns.
void get(context& cx) {
  const auto found = cx.server.config.get(cx.args.rest());
  cx.reply.map(found.size());
  for (const auto& [name, value] : found) cx.reply.bulk(name).bulk(value);
}

/// CONFIG SET parameter value [parameter value ...] -- all or none.
void set(context& cx) {
  if (cx.args.left() % 2 != 0) throw command_error(errors::syntax);
  std::vector<std::pair<std::string_view, std::string_view>> values;
  while (!cx.args.empty()) {
    const auto name = cx.args.next();
    const auto* row = engine::find_directive(name);
    if (row != nullptr && row->is(engine::attribute::sensitive))
      cx.redact(cx.args.words().size() - cx.args.left());
    values.emplace_back(name, cx.args.next());
  }
  const engine::change_request request{.local_client = cx.who.is_local(),
                                       .loading = cx.server.loading || cx.server.loading_aside};
  if (const auto refused = cx.server.config.set(values, request)) throw command_error(*refused);
  cx.server.command_logs.trim(cx.server.options);
  cx.reply.ok();
}

/// CONFIG REWRITE
void rewrite(context& cx) {
  if (const auto failed = rewrite_configuration(cx.server, false)) {
    cx.server.log(engine::log_level::warning, "CONFIG REWRITE failed: " + *failed);
    throw command_error(*failed);
  }
  cx.server.log(engine::log_level::warning, "CONFIG REWRITE executed with success.");
  cx.reply.ok();
}

/// CONFIG RESETSTAT
void resetstat(context& cx) {
  cx.server.stats.reset();
  cx.server.commands.for_each([](engine::command& each) { each.statistics.reset(); });
  cx.reply.ok();
}

constexpr auto for_admins = admin | noscript | loading | stale;

constexpr command_spec subcommands[] = {
    {"get", arity::at_least(3), for_admins, key_range::none(), get},
    {"help", arity::exactly(2), loading | stale, key_range::none(), help},
    {"resetstat", arity::exactly(2), for_admins, key_range::none(), resetstat},
    {"rewrite", arity::exactly(2), for_admins, key_range::none(), rewrite},
    {"set", arity::at_least(4), for_admins, key_range::none(), set},
};
static_assert(well_formed(subcommands));

constexpr command_spec table[] = {
    {"config", arity::at_least(2), {}, key_range::none(), nullptr, subcommands},
};
static_assert(well_formed(table));

}  // namespace

std::optional<std::string> rewrite_configuration(engine::node& server, bool all) {
  // Users of an ACL file are ACL SAVE's.
  std::optional<std::vector<std::string>> users;
  if (server.options.aclfile.empty())
    for (const auto& [name, each] : server.access.users())
      (users ? *users : users.emplace()).push_back(each->describe());
  return server.config.rewrite(users, all);
}

engine::command_table::rows config_commands() { return table; }

}  // namespace hawser::commands
