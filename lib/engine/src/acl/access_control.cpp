#include "acl/rule_text.hpp"
#include <engine/acl/access_control.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace hawser::engine::acl {

namespace {

constexpr std::string_view default_name = "default";

std::string_view trimmed(std::string_view line) {
  constexpr std::string_view blank = " \t\r\n";
  const auto first = line.find_first_not_of(blank);
  if (first == line.npos) return {};
  return line.substr(first, line.find_last_not_of(blank) - first + 1);
}

}  // namespace

bool valid_name(std::string_view name) { return !has_blank(name); }

access_control::access_control(const command_table& commands, const settings& options)
    : commands_(&commands),
      options_(&options),
      default_(&put(all_powerful(default_name))),
      itself_(all_powerful("(superuser)")) {
  set_default_password(options.requirepass);
  for (const auto& each : options.users)
    declare(std::vector<std::string_view>(each.begin(), each.end()));
}

user access_control::fresh(std::string_view name) const {
  return {name, *commands_, options_->acl_pubsub_default == pubsub_default::allchannels};
}

user access_control::all_powerful(std::string_view name) const {
  auto made = fresh(name);
  for (const auto rule : {"+@all", "~*", "&*", "on", "nopass"}) made.apply(rule);
  return made;
}

user* access_control::find(std::string_view name) {
  const auto found = users_.find(name);
  return found == users_.end() ? nullptr : found->second.get();
}

user* access_control::authenticate(std::string_view name, std::string_view password) {
  user* found = find(name);
  return found != nullptr && found->enabled() && found->has_password(password) ? found : nullptr;
}

void access_control::set_default_password(std::string_view password) {
  default_->apply("resetpass");
  default_->apply(password.empty() ? "nopass" : '>' + std::string(password));
}

user access_control::draft(std::string_view name) {
  const user* found = find(name);
  return found != nullptr ? *found : fresh(name);
}

std::optional<access_control::refused_rule> access_control::apply(
    user& to, std::span<const std::string> rules) {
  for (const auto& each : rules)
    if (const auto why = to.apply(each)) return refused_rule{each, why};
  return std::nullopt;
}

user& access_control::put(user made) {
  auto& place = users_[made.name()];
  if (place == nullptr)
    place = std::make_unique<user>(std::move(made));
  else
    *place = std::move(made);
  return *place;
}

void access_control::remove(std::string_view name) {
  const auto found = users_.find(name);
  if (found != users_.end() && found->second.get() != default_) users_.erase(found);
}

std::optional<std::string> access_control::declare(words_t words) {
  const auto name = words.front();
  const auto failed = [](std::string_view word, std::string_view why) {
    return fmt::format("Error in user declaration '{}': {}", word, why);
  };
  if (name != default_name && find(name) != nullptr)
    return failed(name, "Duplicate user found. A user can only be defined once in config files");
  auto made = fresh(name);
  const auto joined = join_selectors(words.subspan(1));
  if (const auto refused = apply(made, joined.rules)) return failed("user", refused->why);
  put(std::move(made));
  return std::nullopt;
}

std::optional<std::string> access_control::load(std::string_view text, std::string_view path,
                                                const visitor& removed) {
  users_t loaded;
  std::string errors;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty())
      errors += load_line(words_between_blanks(line), fmt::format("{}:{}", path, number), loaded);
  }
  if (!errors.empty())
    return errors +
           "WARNING: ACL errors detected, no change to the previously active ACL rules was "
           "performed\n";
  if (!loaded.contains(default_name))
    loaded.emplace(default_name, std::make_unique<user>(all_powerful(default_name)));
  for (const auto& [name, old] : users_)
    if (old.get() != default_) removed(*old);
  std::erase_if(users_, [&](const auto& each) { return !loaded.contains(each.first); });
  for (auto& [name, made] : loaded) put(std::move(*made));
  return std::nullopt;
}

/// Returns what is wrong with it; a line may be wrong in several ways.
std::string access_control::load_line(words_t words, const std::string& place,
                                      users_t& into) const {
  if (words.size() < 2 || words[0] != "user")
    return place + " should start with user keyword followed by the username. ";
  const auto number = place.substr(place.rfind(':') + 1);
  if (into.contains(words[1]))
    return fmt::format("WARNING: Duplicate user '{}' found on line {}. ", words[1], number);
  auto made = fresh(words[1]);
  const auto joined = join_selectors(words.subspan(2));
  if (joined.unclosed) return place + ": Unmatched parenthesis in selector definition.";
  std::string errors;
  for (const auto& each : joined.rules) {
    const auto why = made.apply(each);
    if (why == nullptr) continue;
    const std::string_view what = why;
    errors += what == "Syntax error"
                  ? fmt::format("{}: {}. ", place, what)
                  : fmt::format("{}: Error in applying operation '{}': {}. ", place, each, what);
  }
  if (errors.empty()) into.emplace(words[1], std::make_unique<user>(std::move(made)));
  return errors;
}

std::vector<std::string> access_control::describe() const {
  std::vector<std::string> lines;
  for (const auto& [name, each] : users_) lines.push_back("user " + each->describe());
  return lines;
}

}  // namespace hawser::engine::acl
