#include "acl/rule_text.hpp"
#include <base/bytes.hpp>
#include <base/digest.hpp>
#include <engine/acl/user.hpp>

#include <algorithm>
#include <utility>

namespace hawser::engine::acl {

namespace {

constexpr rule_error taken = nullptr;
constexpr rule_error bad_hash =
    "The password hash must be exactly 64 characters and contain only lowercase hexadecimal "
    "characters";
constexpr rule_error no_such_password =
    "The password you are trying to remove from the user does not exist";

bool is_hash(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == text.npos;
}

/// Looks at every digit, so that the time tells nothing of them. Both are hashes.
bool same_hash(std::string_view a, std::string_view b) {
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned char>(a[i] ^ b[i]);
  return difference == 0;
}

}  // namespace

user::user(std::string_view name, const command_table& commands, bool all_channels)
    : name_(name), commands_(&commands), all_channels_(all_channels) {
  selectors_.emplace_back(commands);
  if (all_channels) selectors_[0].apply("allchannels");
}

rule_error user::apply(std::string_view rule) {
  const auto failed = apply_to_user(rule);
  unlimited_ = std::ranges::any_of(selectors_, &selector::unlimited);
  return failed;
}

rule_error user::apply_to_user(std::string_view rule) {
  using base::iequals;
  if (rule.empty()) return taken;
  if (iequals(rule, "on") || iequals(rule, "off")) {
    enabled_ = iequals(rule, "on");
  } else if (iequals(rule, "nopass") || iequals(rule, "resetpass")) {
    nopass_ = iequals(rule, "nopass");
    passwords_.clear();
  } else if (iequals(rule, "skip-sanitize-payload")) {
    payload_ = payload::trusted;
  } else if (iequals(rule, "sanitize-payload")) {
    payload_ = payload::sanitized;
  } else if (rule[0] == '>') {
    return add_password(base::sha256_hex(rule.substr(1)));
  } else if (rule[0] == '#') {
    return add_password(rule.substr(1));
  } else if (rule[0] == '<') {
    return remove_password(base::sha256_hex(rule.substr(1)));
  } else if (rule[0] == '!') {
    return remove_password(rule.substr(1));
  } else if (rule[0] == '(' && rule.back() == ')' && rule.size() > 1) {
    return add_selector(rule.substr(1, rule.size() - 2));
  } else if (iequals(rule, "clearselectors")) {
    selectors_.erase(selectors_.begin() + 1, selectors_.end());
  } else if (iequals(rule, "reset")) {
    reset();
  } else {
    return selectors_[0].apply(rule);
  }
  return taken;
}

rule_error user::add_password(std::string_view hash) {
  if (!is_hash(hash)) return bad_hash;
  if (std::ranges::find(passwords_, hash) == passwords_.end()) passwords_.emplace_back(hash);
  nopass_ = false;
  return taken;
}

rule_error user::remove_password(std::string_view hash) {
  if (!is_hash(hash)) return bad_hash;
  return std::erase(passwords_, hash) > 0 ? taken : no_such_password;
}

rule_error user::add_selector(std::string_view rules) {
  selector made(*commands_);
  if (all_channels_) made.apply("allchannels");
  for (const auto rule : words_between_blanks(rules))
    if (!rule.empty())
      if (const auto failed = made.apply(rule)) return failed;
  selectors_.push_back(std::move(made));
  return taken;
}

void user::reset() {
  user fresh(name_, *commands_, all_channels_);
  fresh.payload_ = payload::sanitized;
  *this = std::move(fresh);
}

bool user::has_password(std::string_view password) const {
  if (nopass_) return true;
  const auto hash = base::sha256_hex(password);
  bool found = false;
  for (const auto& each : passwords_) found |= same_hash(each, hash);
  return found;
}

std::optional<denial> user::check(const command& what, words_t words) const {
  std::optional<denial> nearest;
  for (const auto& each : selectors_) {
    const auto found = each.check(what, words);
    if (!found) return std::nullopt;
    if (!nearest || std::pair(found->why, found->word) > std::pair(nearest->why, nearest->word))
      nearest = found;
  }
  return nearest;
}

bool user::allows_channel(std::string_view channel, bool is_pattern) const {
  return std::ranges::any_of(
      selectors_, [&](const auto& each) { return each.allows_channel(channel, is_pattern); });
}

bool user::reads_all_keys() const {
  return std::ranges::any_of(selectors_, &selector::reads_all_keys);
}

std::string user::describe() const {
  std::string text = name_ + (enabled_ ? " on" : " off");
  if (nopass_) text += " nopass";
  if (payload_ == payload::trusted) text += " skip-sanitize-payload";
  if (payload_ == payload::sanitized) text += " sanitize-payload";
  for (const auto& each : passwords_) text += " #" + each;
  text += ' ' + root().rules();
  for (const auto& each : others()) text += " (" + each.rules() + ')';
  return text;
}

split_rules join_selectors(std::span<const std::string_view> words) {
  split_rules made;
  bool open = false;
  for (const auto word : words) {
    if (open)
      (made.rules.back() += ' ') += word;
    else
      made.rules.emplace_back(word);
    const auto& rule = made.rules.back();
    open = rule.starts_with('(') && !rule.ends_with(')');
  }
  if (open) {
    // Named by its first word.
    auto rest = made.rules.back();
    made.unclosed = rest.substr(0, rest.find(' '));
  }
  return made;
}

}  // namespace hawser::engine::acl
