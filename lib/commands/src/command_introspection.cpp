#include "command_info.hpp"
#include "family.hpp"
#include <base/glob.hpp>
#include <commands/subcommand_help.hpp>
#include <engine/command_keys.hpp>

#include <bit>
#include <functional>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using engine::command;

/// All commands that clients have a name for.
std::vector<const command*> known_commands(const context& cx) {
  std::vector<const command*> known;
  for (const auto& each : cx.server.commands.all())
    if (!each->name.empty()) known.push_back(each.get());
  return known;
}

/// COMMAND -- describes every command.
void all(context& cx) {
  const auto commands = known_commands(cx);
  cx.reply.array(commands.size());
  for (const auto* each : commands) reply_command_info(cx.reply, *each);
}

/// COMMAND INFO [command-name ...]
void info(context& cx) {
  if (cx.args.empty()) return all(cx);
  cx.reply.array(cx.args.left());
  for (const auto name : cx.args.rest()) {
    if (const auto* found = cx.server.commands.find_full_name(name))
      reply_command_info(cx.reply, *found);
    else
      cx.reply.null();
  }
}

/// COMMAND DOCS [command-name ...] -- unknown names are left out.
void docs(context& cx) {
  std::vector<const command*> asked;
  if (cx.args.empty()) asked = known_commands(cx);
  for (const auto name : cx.args.rest())
    if (const auto* found = cx.server.commands.find_full_name(name)) asked.push_back(found);
  cx.reply.map(asked.size());
  for (const auto* each : asked) reply_command_docs(cx.reply, *each);
}

/// COMMAND COUNT
void count(context& cx) { cx.reply.integer(static_cast<std::int64_t>(known_commands(cx).size())); }

using filter = std::function<bool(const command&)>;

filter read_filter(context& cx) {
  if (cx.args.empty()) return [](const command&) { return true; };
  if (!cx.args.accept("filterby") || cx.args.left() != 2) throw command_error(errors::syntax);
  const auto by = cx.args.next();
  const auto value = cx.args.next();
  if (base::iequals(by, "module")) return [](const command&) { return false; };
  if (base::iequals(by, "aclcat"))
    return [wanted = engine::find_acl_category(value).value_or(acl::none)](const command& of) {
      return (of.categories & wanted) != 0;
    };
  if (base::iequals(by, "pattern"))
    return [value](const command& of) { return base::glob_match(value, of.full_name, true); };
  throw command_error(errors::syntax);
}

/// COMMAND LIST [FILTERBY MODULE module-name | ACLCAT category | PATTERN pattern]
void list(context& cx) {
  const auto wanted = read_filter(cx);
  std::vector<std::string_view> names;
  cx.server.commands.for_each([&](const command& each) {
    const auto& top = each.parent == nullptr ? each : *each.parent;
    if (!top.name.empty() && wanted(each)) names.push_back(each.full_name);
  });
  cx.reply.array(names.size());
  for (const auto name : names) cx.reply.bulk(name);
}

/// The keys of the command that the arguments are.
std::vector<engine::found_key> keys_of(context& cx, std::span<const std::string_view> words) {
  const command* of = engine::called_by(words, cx.server.commands.find(words[0]));
  if (of == nullptr) throw command_error("ERR Invalid command specified");
  if (!engine::has_keys(*of->keys)) throw command_error("ERR The command has no key arguments");
  if (!of->spec->words.accepts(words.size()))
    throw command_error("ERR Invalid number of arguments specified for command");
  auto found = engine::find_keys(*of->keys, words);
  if (found && !found->empty()) return std::move(*found);
  if (of->spec->flags.has(no_mandatory_keys)) return {};
  throw command_error("ERR Invalid arguments specified for command");
}

/// COMMAND GETKEYS command [arg ...]
void getkeys(context& cx) {
  const auto words = cx.args.rest();
  const auto found = keys_of(cx, words);
  cx.reply.array(found.size());
  for (const auto& each : found) cx.reply.bulk(words[each.word]);
}

/// COMMAND GETKEYSANDFLAGS command [arg ...]
void getkeysandflags(context& cx) {
  const auto words = cx.args.rest();
  const auto found = keys_of(cx, words);
  cx.reply.array(found.size());
  for (const auto& each : found) {
    cx.reply.array(2).bulk(words[each.word]);
    reply_key_uses(cx.reply, each.what);
  }
}

constexpr command_spec subcommands[] = {
    {"count", arity::exactly(2), loading | stale, key_range::none(), count},
    {"docs", arity::at_least(2), loading | stale, key_range::none(), docs},
    {"getkeys", arity::at_least(4), loading | stale, key_range::none(), getkeys},
    {"getkeysandflags", arity::at_least(4), loading | stale, key_range::none(), getkeysandflags},
    {"help", arity::exactly(2), loading | stale, key_range::none(), help},
    {"info", arity::at_least(2), loading | stale, key_range::none(), info},
    {"list", arity::at_least(2), loading | stale, key_range::none(), list},
};
static_assert(well_formed(subcommands));

constexpr command_spec table[] = {
    {"command", arity::at_least(1), loading | stale, key_range::none(), all, subcommands},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows command_commands() { return table; }

}  // namespace hawser::commands
