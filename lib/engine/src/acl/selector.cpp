#include "acl/rule_text.hpp"
#include <base/bytes.hpp>
#include <base/glob.hpp>
#include <engine/acl/selector.hpp>
#include <engine/command_keys.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace hawser::engine::acl {

namespace {

constexpr rule_error taken = nullptr;
constexpr rule_error bad_syntax = "Syntax error";
constexpr rule_error unknown_name = "Unknown command or category name in ACL";
constexpr rule_error too_deep = "Allowing first-arg of a subcommand is not supported";
constexpr rule_error vain_key =
    "Adding a pattern after the * pattern (or the 'allkeys' flag) is not valid and does not have "
    "any effect. Try 'resetkeys' to start with an empty list of patterns";
constexpr rule_error vain_channel =
    "Adding a pattern after the * pattern (or the 'allchannels' flag) is not valid and does not "
    "have any effect. Try 'resetchannels' to start with an empty list of channels";

/// The channels among the words of a command, and how they are used. Giving up a subscription is
/// free.
struct channel_words {
  std::size_t first = 0;
  bool all = false;       // from the first to the last word
  bool patterns = false;  // to be subscribed to
};

std::optional<channel_words> channels_of(const command& what) {
  const std::string_view name = what.full_name;
  if (name == "publish" || name == "spublish") return channel_words{1, false, false};
  if (name == "subscribe" || name == "ssubscribe") return channel_words{1, true, false};
  if (name == "psubscribe") return channel_words{1, true, true};
  return std::nullopt;
}

}  // namespace

selector::selector(const command_table& commands)
    : table_(&commands), allowed_(commands.command_count()) {}

rule_error selector::apply(std::string_view rule) {
  using base::iequals;
  if (iequals(rule, "allkeys") || rule == "~*" || iequals(rule, "resetkeys")) {
    all_keys_ = !iequals(rule, "resetkeys");
    keys_.clear();
  } else if (iequals(rule, "allchannels") || rule == "&*" || iequals(rule, "resetchannels")) {
    all_channels_ = !iequals(rule, "resetchannels");
    channels_.clear();
  } else if (iequals(rule, "allcommands") || iequals(rule, "+@all")) {
    set_all(true);
  } else if (iequals(rule, "nocommands") || iequals(rule, "-@all")) {
    set_all(false);
  } else if (rule.starts_with('~') || rule.starts_with('%')) {
    return add_key_pattern(rule);
  } else if (rule.starts_with('&')) {
    return add_channel(rule.substr(1));
  } else if (rule.starts_with("+@") || rule.starts_with("-@")) {
    const auto category = find_acl_category(rule.substr(2));
    if (!category) return unknown_name;
    set_category(*category, rule[0] == '+');
  } else if (rule.starts_with('+') || rule.starts_with('-')) {
    return apply_to_command(rule.substr(1), rule[0] == '+');
  } else {
    return bad_syntax;
  }
  return taken;
}

rule_error selector::apply_to_command(std::string_view name, bool allow) {
  const auto bar = name.rfind('|');
  if (allow && bar != name.npos && table_->find_original(name) == nullptr)
    return allow_first_word(name, bar);
  const command* found = table_->find_original(name);
  if (found == nullptr) return unknown_name;
  set(*found, allow);
  return taken;
}

/// "select|0": of a command without subcommands.
rule_error selector::allow_first_word(std::string_view name, std::size_t bar) {
  const command* found = table_->find_original(name.substr(0, bar));
  const auto word = name.substr(bar + 1);
  if (found == nullptr) return unknown_name;
  if (found->parent != nullptr) return too_deep;
  if (word.empty()) return bad_syntax;
  if (found->is_container()) return unknown_name;
  auto& words = allowed_first_words_[found->id];
  const auto same = [&](const auto& each) { return base::iequals(each, word); };
  if (std::ranges::none_of(words, same)) words.emplace_back(word);
  return taken;
}

/// "~pattern", or "%R~pattern", "%W~pattern", "%RW~pattern" for reading, writing and both.
rule_error selector::add_key_pattern(std::string_view rule) {
  if (all_keys_) return vain_key;
  key_pattern made{{}, true, true};
  std::size_t at = 1;
  if (rule[0] == '%') {
    made.read = made.write = false;
    for (; at < rule.size() && rule[at] != '~'; ++at) {
      if (rule[at] == 'R' || rule[at] == 'r')
        made.read = true;
      else if (rule[at] == 'W' || rule[at] == 'w')
        made.write = true;
      else
        return bad_syntax;
    }
    if (!made.read && !made.write) return bad_syntax;
    at = std::min(at + 1, rule.size());
  }
  made.text = rule.substr(at);
  if (has_blank(made.text)) return bad_syntax;
  const auto same = std::ranges::find(keys_, made.text, &key_pattern::text);
  if (same == keys_.end()) {
    keys_.push_back(std::move(made));
  } else {
    same->read |= made.read;
    same->write |= made.write;
  }
  return taken;
}

rule_error selector::add_channel(std::string_view pattern) {
  if (all_channels_) return vain_channel;
  if (has_blank(pattern)) return bad_syntax;
  if (std::ranges::find(channels_, pattern) == channels_.end()) channels_.emplace_back(pattern);
  return taken;
}

void selector::set_all(bool allow) {
  allowed_.assign(allowed_.size(), allow);
  allowed_first_words_.clear();
  all_commands_ = future_commands_ = allow;
}

/// A container brings its subcommands along.
void selector::set(const command& what, bool allow) {
  allowed_[what.id] = allow;
  if (!allow) all_commands_ = false;
  allowed_first_words_.erase(what.id);
  for (const auto& each : what.subcommands) set(*each, allow);
}

void selector::set_category(acl_categories which, bool allow) {
  table_->for_each([&](const command& each) {
    if (each.categories & which) set(each, allow);
  });
}

std::optional<denial> selector::check(const command& what, words_t words) const {
  if (!allows_command(what, words)) return denial{denial::reason::command};
  if (!all_keys_ && has_keys(*what.keys)) {
    if (const auto found = find_keys(*what.keys, words))
      for (const auto& each : *found)
        if (!allows_key(words[each.word], each.what)) return denial{denial::reason::key, each.word};
  }
  if (const auto found = all_channels_ ? std::nullopt : channels_of(what)) {
    const auto end = found->all ? words.size() : std::min(words.size(), found->first + 1);
    for (auto at = found->first; at < end; ++at)
      if (!allows_channel(words[at], found->patterns)) return denial{denial::reason::channel, at};
  }
  return std::nullopt;
}

bool selector::allows_command(const command& what, words_t words) const {
  if (all_commands_ || what.spec->flags.has(flags::no_auth) || allowed(what)) return true;
  const auto found = allowed_first_words_.find(what.id);
  if (found == allowed_first_words_.end() || words.size() < 2) return false;
  return std::ranges::any_of(found->second,
                             [&](const auto& each) { return base::iequals(each, words[1]); });
}

bool selector::allows_key(std::string_view key, key_use what) const {
  const bool reads = what & use::accesses;
  const bool writes = what & (use::updates | use::inserts | use::deletes);
  return all_keys_ || std::ranges::any_of(keys_, [&](const auto& each) {
           return (each.read || !reads) && (each.write || !writes) &&
                  base::glob_match(each.text, key);
         });
}

bool selector::reads_all_keys() const {
  return all_keys_ ||
         std::ranges::any_of(keys_, [](const auto& each) { return each.read && each.text == "*"; });
}

bool selector::allows_channel(std::string_view channel, bool is_pattern) const {
  return all_channels_ || std::ranges::any_of(channels_, [&](const auto& each) {
           return is_pattern ? each == channel : base::glob_match(each, channel);
         });
}

std::string selector::keys() const {
  if (all_keys_) return "~*";
  std::string text;
  for (const auto& each : keys_) {
    const auto how = each.read && each.write ? "~" : each.read ? "%R~" : "%W~";
    text += fmt::format("{}{}{}", text.empty() ? "" : " ", how, each.text);
  }
  return text;
}

std::string selector::channels() const {
  if (all_channels_) return "&*";
  std::string text;
  for (const auto& each : channels_) text += fmt::format("{}&{}", text.empty() ? "" : " ", each);
  return text;
}

std::string selector::rules() const {
  auto text = keys();
  if (!text.empty()) text += ' ';
  text += all_channels_ ? "&* " : "resetchannels ";
  if (!all_channels_ && !channels_.empty()) text += channels() + ' ';
  return text + commands();
}

/// What rules led here is forgotten. As redis-server 7.0 does, those are shown that come closest:
/// categories as long as they say more right than wrong, then single commands.
std::string selector::commands() const {
  selector shown(*table_);
  shown.set_all(future_commands_);
  std::string text = future_commands_ ? "+@all" : "-@all";
  text += apply_best_categories(shown);
  for (const auto& each : table_->all()) add_differences(*each, shown, text);
  return text;
}

std::string selector::apply_best_categories(selector& shown) const {
  const auto names = acl_category_names();
  const bool adding = !future_commands_;
  selector left = *this;  // what no category has said yet
  std::vector<bool> applied(names.size());
  std::string text;
  for (;;) {
    std::size_t best = names.size(), fewest_wrong = ~std::size_t{0}, most_right = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (applied[i]) continue;
      std::size_t right = 0, wrong = 0;
      table_->for_each([&](const command& each) {
        if ((each.categories & acl_categories{1} << i) != 0)
          ++(left.allowed(each) == adding ? right : wrong);
      });
      if (right > wrong &&
          (wrong < fewest_wrong || (wrong == fewest_wrong && right > most_right))) {
        best = i;
        fewest_wrong = wrong;
        most_right = right;
      }
    }
    if (best == names.size()) return text;
    applied[best] = true;
    text += fmt::format(" {}@{}", adding ? '+' : '-', names[best]);
    shown.set_category(acl_categories{1} << best, adding);
    left.set_category(acl_categories{1} << best, !adding);
  }
}

void selector::add_differences(const command& what, selector& shown, std::string& to) const {
  const bool wanted = allowed(what);
  if (wanted != shown.allowed(what)) {
    to += fmt::format(" {}{}", wanted ? '+' : '-', what.full_name);
    shown.set(what, wanted);
  }
  for (const auto& each : what.subcommands) add_differences(*each, shown, to);
  const auto found = allowed_first_words_.find(what.id);
  if (wanted || found == allowed_first_words_.end()) return;
  for (const auto& each : found->second) to += fmt::format(" +{}|{}", what.full_name, each);
}

}  // namespace hawser::engine::acl
