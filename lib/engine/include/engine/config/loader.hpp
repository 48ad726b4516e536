#pragma once

#include <engine/config/directive.hpp>

#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

namespace hawser::engine {

/// What reading a configuration needs to know of the server around it.
struct load_options {
  /// What the first line of an error names: "Redis 7.0.15".
  std::string product;
  /// Whether there is a command of this name (any case), for rename-command; empty takes every
  /// name.
  std::function<bool(std::string_view)> command_exists;
  /// Takes the words of a `user` line, but for the first; returns what is wrong with them. Empty
  /// takes everything.
  std::function<refusal(std::span<const std::string_view>)> declare_user{};
};

/// Why the server cannot start.
struct load_failure {
  enum class where { standard_error, log };
  /// Print `text` as it is, or log it as a warning.
  where to;
  std::string text;
};

/// Reads configuration text into settings, line by line, later lines over earlier ones.
class config_loader {
 public:
  /// Files included by files included by files, this deep, are a mistake.
  static constexpr int max_include_depth = 16;

  config_loader(settings& to, config_environment& environment, load_options options);

  /// Takes the text of a file. On a failure the settings are half changed and of no use.
  std::optional<load_failure> load(std::string_view text);

  /// Takes the file at `path`, or all that match it if it is a pattern, followed by `more`.
  std::optional<load_failure> load_file(const std::string& path, std::string_view more = {});

 private:
  refusal take_line(std::string_view line, std::optional<load_failure>& included);
  refusal take_value(const directive& row, std::span<const std::string> words);
  refusal take_line_only(const line_only& type, std::span<const std::string> words,
                         std::optional<load_failure>& included);
  refusal declare_user(std::span<const std::string> words);
  refusal rename_command(const std::string& from, const std::string& to);
  std::optional<load_failure> include(const std::string& path);
  std::optional<load_failure> check_whole();
  load_failure fatal(std::string_view line, std::size_t number, std::string_view why) const;

  settings& to_;
  load_options options_;
  assignment how_;
  std::set<std::string, std::less<>> removed_commands_;
  std::set<std::string, std::less<>> added_commands_;
  int depth_ = 0;
};

}  // namespace hawser::engine
