#pragma once

#include <engine/command_table.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hawser::engine::acl {

/// Why a rule is not taken, in the words users see; null: it was taken.
using rule_error = const char*;

/// What a command may not be executed for. Each kind is nearer to being allowed than the one
/// before.
struct denial {
  enum class reason : std::uint8_t { command, key, channel };
  reason why;
  std::size_t word = 0;  // the key or the channel, counted from the command's name
};

/// Commands, keys and channels that may be used together. A user has one selector or more, and may
/// do what any of them allows.
///
/// Rules are applied one after the other, each to what the ones before have led to: see `apply`.
class selector {
 public:
  using words_t = std::span<const std::string_view>;

  /// Allows nothing. The table outlives it.
  explicit selector(const command_table& commands);

  /// Applies `+command`, `-@category`, `~pattern`, `%R~pattern`, `&channel`, `allkeys` and the
  /// like.
  rule_error apply(std::string_view rule);

  /// Everything is allowed, whatever it is.
  bool unlimited() const { return all_commands_ && all_keys_ && all_channels_; }
  /// Every key may be read, whatever its name.
  bool reads_all_keys() const;

  /// Nothing: allowed. O(keys of the command * patterns).
  std::optional<denial> check(const command& what, words_t words) const;

  /// Whether a channel may be used; a pattern to be subscribed to must be named literally.
  bool allows_channel(std::string_view channel, bool is_pattern) const;

  /// Rules that lead to the same, as ACL GETUSER shows them.
  std::string commands() const;
  std::string keys() const;
  std::string channels() const;
  /// All of them, as ACL LIST shows them.
  std::string rules() const;

 private:
  struct key_pattern {
    std::string text;
    bool read;
    bool write;
  };

  rule_error apply_to_command(std::string_view name, bool allow);
  rule_error allow_first_word(std::string_view name, std::size_t bar);
  rule_error add_key_pattern(std::string_view rule);
  rule_error add_channel(std::string_view pattern);
  void set_all(bool allow);
  void set(const command& what, bool allow);
  void set_category(acl_categories which, bool allow);
  bool allows_command(const command& what, words_t words) const;
  bool allows_key(std::string_view key, key_use what) const;

  bool allowed(const command& what) const { return allowed_[what.id]; }
  std::string apply_best_categories(selector& shown) const;
  void add_differences(const command& what, selector& shown, std::string& to) const;

  const command_table* table_;
  std::vector<bool> allowed_;                                            // by command::id
  std::map<std::size_t, std::vector<std::string>> allowed_first_words_;  // of others, by the same
  bool future_commands_ = false;  // those that are unknown, too
  bool all_commands_ = false;
  bool all_keys_ = false;
  bool all_channels_ = false;
  std::vector<key_pattern> keys_;
  std::vector<std::string> channels_;
};

}  // namespace hawser::engine::acl
