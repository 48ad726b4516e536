#pragma once

#include <engine/acl/access_log.hpp>
#include <engine/acl/user.hpp>
#include <engine/command_table.hpp>
#include <engine/config/settings.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hawser::engine::acl {

/// Names cannot contain blanks or zero bytes.
bool valid_name(std::string_view name);

/// All users. One, "default", is there from the start, may do everything without a password, and
/// stays; it is who clients are that have not said who they are.
///
/// A user's address stays the same until it is removed.
class access_control {
 public:
  using words_t = std::span<const std::string_view>;
  using users_t = std::map<std::string, std::unique_ptr<user>, std::less<>>;

  /// With the users and the password of the settings, which have been found good. Both outlive it.
  access_control(const command_table& commands, const settings& options);

  access_log log;

  user& default_user() { return *default_; }
  const user& default_user() const { return *default_; }
  /// Who the server itself is when it executes what it trusts: its append-only file and what its
  /// primary sends. Not one of the users: nobody can change it, or come as it.
  user& server_itself() { return itself_; }
  const users_t& users() const { return users_; }
  /// Null: there is no such user.
  user* find(std::string_view name);

  /// Null: no such user, it is off, or the password is wrong.
  user* authenticate(std::string_view name, std::string_view password);

  /// Whether clients have to say who they are.
  bool requires_authentication() const {
    return !default_->enabled() || !default_->needs_no_password();
  }

  /// What `requirepass` says; empty: no password is needed.
  void set_default_password(std::string_view password);

  struct refused_rule {
    std::string rule;
    rule_error why;
  };
  /// A user as it was, or a new one, with rules applied to it; nothing is changed before it is put.
  user draft(std::string_view name);
  static std::optional<refused_rule> apply(user& to, std::span<const std::string> rules);
  /// Takes the place of the user of that name, if there is one.
  user& put(user made);
  /// Not the default user.
  void remove(std::string_view name);

  /// The user that a line of the configuration, without the word "user", declares. The error as
  /// redis-server words it.
  std::optional<std::string> declare(words_t words);

  /// Replaces all users by those of an ACL file, all or none; `path` is what errors call it. Who is
  /// not in the file is gone, but for the default user, which is then as it was at the start.
  /// Everybody but the default user is another one afterwards, whatever the file says:
  /// `removed(old)` is called before. Returns the errors.
  using visitor = std::function<void(const user& old)>;
  std::optional<std::string> load(std::string_view text, std::string_view path,
                                  const visitor& removed);

  /// All users, one line each, as an ACL file has them.
  std::vector<std::string> describe() const;

 private:
  user fresh(std::string_view name) const;
  user all_powerful(std::string_view name) const;
  std::string load_line(words_t words, const std::string& place, users_t& into) const;

  const command_table* commands_;
  const settings* options_;
  users_t users_;
  user* default_;
  user itself_;
};

}  // namespace hawser::engine::acl
