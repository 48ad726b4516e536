#include "family.hpp"
#include "help.hpp"
#include <base/random.hpp>
#include <commands/subcommand_help.hpp>
#include <commands/users.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using engine::acl::access_control;
using engine::acl::access_log_entry;
using engine::acl::selector;
using engine::acl::user;

/// ACL WHOAMI
void whoami(context& cx) { cx.reply.bulk(cx.who.user->name()); }

/// ACL USERS
void users(context& cx) {
  const auto& all = cx.server.access.users();
  cx.reply.array(all.size());
  for (const auto& [name, each] : all) cx.reply.bulk(name);
}

/// ACL LIST
void list(context& cx) {
  const auto lines = cx.server.access.describe();
  cx.reply.array(lines.size());
  for (const auto& each : lines) cx.reply.bulk(each);
}

void reply_selector(context& cx, const selector& which) {
  cx.reply.bulk("commands").bulk(which.commands());
  cx.reply.bulk("keys").bulk(which.keys());
  cx.reply.bulk("channels").bulk(which.channels());
}

void reply_flags(context& cx, const user& of) {
  std::vector<std::string_view> flags{of.enabled() ? "on" : "off"};
  if (of.needs_no_password()) flags.emplace_back("nopass");
  if (of.how_restored() == user::payload::trusted) flags.emplace_back("skip-sanitize-payload");
  if (of.how_restored() == user::payload::sanitized) flags.emplace_back("sanitize-payload");
  cx.reply.bulk("flags").set(flags.size());
  for (const auto each : flags) cx.reply.bulk(each);
}

/// ACL GETUSER username
void getuser(context& cx) {
  const user* found = cx.server.access.find(cx.args.next());
  if (found == nullptr) return void(cx.reply.null());
  cx.reply.map(6);
  reply_flags(cx, *found);
  cx.reply.bulk("passwords").array(found->passwords().size());
  for (const auto& each : found->passwords()) cx.reply.bulk(each);
  reply_selector(cx, found->root());
  cx.reply.bulk("selectors").array(found->others().size());
  for (const auto& each : found->others()) {
    cx.reply.map(3);
    reply_selector(cx, each);
  }
}

/// ACL SETUSER username [rule ...] -- all rules are applied or none.
void setuser(context& cx) {
  for (std::size_t word = 3; word < cx.args.words().size(); ++word) cx.redact(word);
  auto& access = cx.server.access;
  const auto name = cx.args.next();
  if (!engine::acl::valid_name(name))
    throw command_error("ERR Usernames can't contain spaces or null characters");
  const auto joined = engine::acl::join_selectors(cx.args.rest());
  if (joined.unclosed)
    throw command_error(fmt::format("ERR Unmatched parenthesis in acl selector starting at '{}'.",
                                    *joined.unclosed));
  auto changed = access.draft(name);
  if (const auto refused = access_control::apply(changed, joined.rules))
    throw command_error(fmt::format("ERR Error in ACL SETUSER modifier '{}': {}",
                                    refused->rule.c_str(), refused->why));
  if (const user* before = access.find(name))
    cx.server.end_forbidden_subscriptions(*before, changed);
  access.put(std::move(changed));
  cx.reply.ok();
}

/// ACL DELUSER username [username ...]
void deluser(context& cx) {
  auto& access = cx.server.access;
  const auto names = cx.args.rest();
  if (std::ranges::find(names, "default") != names.end())
    throw command_error("ERR The 'default' user cannot be removed");
  const auto* self = cx.who.user;
  std::int64_t removed = 0;
  for (const auto name : names) {
    const user* found = access.find(name);
    if (found == nullptr) continue;
    cx.server.part_from(*found, &cx.who);
    access.remove(name);
    ++removed;
  }
  cx.reply.integer(removed);
  if (cx.who.user != self) cx.server.close(cx.who, true);
}

/// ACL CAT [category]
void cat(context& cx) {
  if (cx.args.left() > 1) wrong_subcommand(cx);
  if (cx.args.empty()) {
    const auto names = engine::acl_category_names();
    cx.reply.array(names.size());
    for (const auto each : names) cx.reply.bulk(each);
    return;
  }
  const auto name = cx.args.next();
  const auto category = engine::find_acl_category(name);
  if (!category) throw command_error(fmt::format("ERR Unknown category '{}'", name));
  std::vector<std::string_view> found;
  cx.server.commands.for_each([&](const engine::command& each) {
    if (each.categories & *category) found.emplace_back(each.full_name);
  });
  cx.reply.array(found.size());
  for (const auto each : found) cx.reply.bulk(each);
}

/// Hex digits from the system: the server's own random numbers could be foretold.
std::string secret(std::size_t digits) {
  std::string made;
  while (made.size() < digits) made += fmt::format("{:016x}", base::random::from_system().next());
  made.resize(digits);
  return made;
}

/// ACL GENPASS [bits] -- as many hex digits as hold the bits.
void genpass(context& cx) {
  constexpr std::int64_t usual = 256, most = 4096, bits_of_digit = 4;
  if (cx.args.left() > 1) wrong_subcommand(cx);
  const auto bits = cx.args.empty() ? usual : cx.args.integer();
  if (bits <= 0 || bits > most)
    throw command_error(
        "ERR ACL GENPASS argument must be the number of bits for the output password, a positive "
        "number up to 4096");
  const auto digits = static_cast<std::size_t>((bits + bits_of_digit - 1) / bits_of_digit);
  cx.reply.bulk(secret(digits));
}

std::string_view name_of(access_log_entry::reason why) {
  constexpr std::string_view names[] = {"command", "key", "channel", "auth"};
  return names[static_cast<std::size_t>(why)];
}

std::string_view name_of(access_log_entry::where where) {
  constexpr std::string_view names[] = {"toplevel", "multi", "lua"};
  return names[static_cast<std::size_t>(where)];
}

/// ACL LOG [count | RESET]
void log(context& cx) {
  constexpr std::int64_t usual = 10;
  if (cx.args.left() > 1) wrong_subcommand(cx);
  auto& log = cx.server.access.log;
  if (cx.args.accept("RESET")) {
    log.clear();
    return void(cx.reply.ok());
  }
  const auto asked = cx.args.empty() ? usual : cx.args.integer();
  const auto& entries = log.entries();
  const auto count =
      std::min(entries.size(), static_cast<std::size_t>(std::max<std::int64_t>(asked, 0)));
  cx.reply.array(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto& each = entries[i];
    cx.reply.map(7).bulk("count").integer(static_cast<std::int64_t>(each.count));
    cx.reply.bulk("reason").bulk(name_of(each.why)).bulk("context").bulk(name_of(each.context));
    cx.reply.bulk("object").bulk(each.object).bulk("username").bulk(each.user);
    cx.reply.bulk("age-seconds").number(static_cast<double>(cx.now - each.time) / 1000);
    cx.reply.bulk("client-info").bulk(each.client);
  }
}

const std::string& acl_file(const context& cx) {
  const auto& path = cx.server.options.aclfile;
  if (path.empty())
    throw command_error(
        "ERR This Redis instance is not configured to use an ACL file. You may want to specify "
        "users via the ACL SETUSER command and then issue a CONFIG REWRITE (assuming you have a "
        "Redis configuration file set) in order to store users in the Redis configuration.");
  return path;
}

/// ACL LOAD -- all users of the file or none.
void load(context& cx) {
  acl_file(cx);
  const auto* self = cx.who.user;
  if (const auto errors = load_users(cx.server, &cx.who)) throw command_error("ERR " + *errors);
  cx.reply.ok();
  if (cx.who.user != self) cx.server.close(cx.who, true);
}

/// ACL SAVE
void save(context& cx) {
  const auto& path = acl_file(cx);
  std::string text;
  for (const auto& each : cx.server.access.describe()) text += each + '\n';
  if (const auto failed = cx.server.config.environment().replace(path, text)) {
    cx.server.log(engine::log_level::warning,
                  fmt::format("Saving the users to {} failed: {}", path, failed.message()));
    throw command_error(
        "ERR There was an error trying to save the ACLs. Please check the server logs for more "
        "information");
  }
  cx.reply.ok();
}

/// ACL DRYRUN username command [arg ...] -- whether a user may execute a command.
void dryrun(context& cx) {
  const auto name = cx.args.next();
  const user* who = cx.server.access.find(name);
  if (who == nullptr) throw command_error(fmt::format("ERR User '{}' not found", name));
  const auto words = cx.args.rest();
  const auto* what = engine::called_by(words, cx.server.commands.find(words[0]));
  if (what == nullptr) throw command_error(fmt::format("ERR Command '{}' not found", words[0]));
  if (!what->spec->words.accepts(words.size()))
    throw command_error(
        fmt::format("ERR wrong number of arguments for '{}' command", what->full_name));
  const auto denied = who->check(*what, words);
  if (!denied) return void(cx.reply.ok());
  using enum engine::acl::denial::reason;
  if (denied->why == command)
    cx.reply.bulk(
        fmt::format("This user has no permissions to run the '{}' command", what->full_name));
  else
    cx.reply.bulk(fmt::format("This user has no permissions to access the '{}' {}",
                              words[denied->word], denied->why == key ? "key" : "channel"));
}

constexpr auto open = noscript | loading | stale;
constexpr auto for_admins = admin | open;

constexpr command_spec subcommands[] = {
    {"cat", arity::at_least(2), open, key_range::none(), cat},
    {"deluser", arity::at_least(3), for_admins, key_range::none(), deluser},
    {"dryrun", arity::at_least(4), for_admins, key_range::none(), dryrun},
    {"genpass", arity::at_least(2), open, key_range::none(), genpass},
    {"getuser", arity::exactly(3), for_admins, key_range::none(), getuser},
    {"help", arity::exactly(2), loading | stale, key_range::none(), help},
    {"list", arity::exactly(2), for_admins, key_range::none(), list},
    {"load", arity::exactly(2), for_admins, key_range::none(), load},
    {"log", arity::at_least(2), for_admins, key_range::none(), log},
    {"save", arity::exactly(2), for_admins, key_range::none(), save},
    {"setuser", arity::at_least(3), for_admins, key_range::none(), setuser},
    {"users", arity::exactly(2), for_admins, key_range::none(), users},
    {"whoami", arity::exactly(2), open, key_range::none(), whoami},
};
static_assert(well_formed(subcommands));

constexpr command_spec table[] = {
    {"acl", arity::at_least(2), {}, key_range::none(), nullptr, subcommands},
};
static_assert(well_formed(table));

}  // namespace

std::optional<std::string> load_users(engine::node& server, engine::client* asking) {
  const auto& path = server.options.aclfile;
  std::error_code error;
  const auto text = server.config.environment().read(path, error);
  if (!text) return fmt::format("Error loading ACLs, opening file '{}': {}", path, error.message());
  return server.access.load(*text, path, [&](const user& old) { server.part_from(old, asking); });
}

engine::command_table::rows acl_commands() { return table; }

}  // namespace hawser::commands
