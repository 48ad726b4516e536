#pragma once

#include <engine/acl/selector.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hawser::engine::acl {

/// Who clients may be: passwords, and what the user may do.
class user {
 public:
  using words_t = std::span<const std::string_view>;
  enum class payload : std::uint8_t { unsaid, sanitized, trusted };

  /// Is off, has no password and may do nothing; `all_channels`: but use every channel, and so it
  /// is after `reset`.
  user(std::string_view name, const command_table& commands, bool all_channels);

  const std::string& name() const { return name_; }
  bool enabled() const { return enabled_; }
  /// Any password will do.
  bool needs_no_password() const { return nopass_; }
  /// As 64 hex digits of SHA-256.
  const std::vector<std::string>& passwords() const { return passwords_; }
  payload how_restored() const { return payload_; }
  const selector& root() const { return selectors_.front(); }
  /// Those in parentheses.
  std::span<const selector> others() const { return std::span(selectors_).subspan(1); }

  /// Applies a rule of ACL SETUSER: what a selector takes, and `on`, `>password`, `(selector)` and
  /// the like. After an error nothing has changed.
  rule_error apply(std::string_view rule);

  /// Takes as long whatever the password is.
  bool has_password(std::string_view password) const;

  /// Nothing it could ask for is denied.
  bool unlimited() const { return unlimited_; }
  /// Nothing: allowed, by one of the selectors. The denial is the one that came nearest.
  std::optional<denial> check(const command& what, words_t words) const;
  bool allows_channel(std::string_view channel, bool is_pattern) const;
  /// Every key may be read, whatever its name.
  bool reads_all_keys() const;

  /// The user as a line of an ACL file, without the word "user".
  std::string describe() const;

 private:
  rule_error apply_to_user(std::string_view rule);
  rule_error add_password(std::string_view hash);
  rule_error remove_password(std::string_view hash);
  rule_error add_selector(std::string_view rules);
  void reset();

  std::string name_;
  const command_table* commands_;
  bool all_channels_;
  bool enabled_ = false;
  bool nopass_ = false;
  bool unlimited_ = false;
  payload payload_ = payload::unsaid;
  std::vector<std::string> passwords_;
  std::vector<selector> selectors_;  // the first one has no parentheses
};

/// The rules in the words of a command or a line: those in parentheses are one each, however many
/// words they are. The text of the first that is not closed, if there is one.
struct split_rules {
  std::vector<std::string> rules;
  std::optional<std::string> unclosed;
};
split_rules join_selectors(std::span<const std::string_view> words);

}  // namespace hawser::engine::acl
