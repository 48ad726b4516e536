#include <commands/subcommand_help.hpp>

#include <commands/command_grammar.hpp>
#include <commands/command_metadata.hpp>

#include <fmt/format.h>

namespace hawser::commands {

namespace {

std::string upper(std::string_view text) {
  std::string all(text);
  for (char& c : all)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return all;
}

}  // namespace

void reply_subcommands(engine::context& cx) {
  const auto& container = *cx.what.parent;
  cx.reply.array(1 + 2 * container.subcommands.size());
  cx.reply.simple(
      fmt::format("{} <subcommand> [arguments]; the subcommands:", upper(container.spec->name)));
  for (const auto& each : container.subcommands) {
    const auto* known = find_metadata(each->full_name);
    auto line = upper(each->spec->name);
    if (known != nullptr && !known->arguments.empty())
      line += ' ' + syntax_of(parse_grammar(known->arguments));
    cx.reply.simple(line);
    cx.reply.simple(fmt::format("    {}.", known == nullptr ? "" : known->summary));
  }
}

}  // namespace hawser::commands
