#include <base/bytes.hpp>
#include <commands/command_grammar.hpp>
#include <commands/command_metadata.hpp>
#include <commands/subcommand_help.hpp>

#include <fmt/format.h>

namespace hawser::commands {

void reply_subcommands(engine::context& cx) {
  const auto& container = *cx.what.parent;
  cx.reply.array(1 + 2 * container.subcommands.size());
  cx.reply.simple(fmt::format("{} <subcommand> [arguments]; the subcommands:",
                              base::upper(cx.args.words()[0])));
  for (const auto& each : container.subcommands) {
    const auto* known = find_metadata(each->full_name);
    auto line = base::upper(each->spec->name);
    if (known != nullptr && !known->arguments.empty())
      line += ' ' + syntax_of(parse_grammar(known->arguments));
    cx.reply.simple(line);
    cx.reply.simple(fmt::format("    {}.", known == nullptr ? "" : known->summary));
  }
}

}  // namespace hawser::commands
