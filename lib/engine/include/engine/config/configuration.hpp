#pragma once

#include <engine/config/directives.hpp>
#include <engine/config/environment.hpp>
#include <engine/config/settings.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hawser::engine {

/// Makes the world outside of the settings follow them: sockets, log level, limits of the process.
class settings_port {
 public:
  virtual ~settings_port() = default;

  /// Called for each changed directive with the attribute `effect`, once all of a CONFIG SET are
  /// set. `now` holds all new values. A returned reason undoes the whole CONFIG SET; then the port
  /// is called again, with the old values, for what it had applied.
  virtual std::optional<std::string> apply(std::string_view directive, const settings& now) = 0;
};

/// Who asks for a CONFIG SET, and when.
struct change_request {
  /// The client is on this machine: loopback or Unix socket.
  bool local_client = false;
  /// The data set is being loaded.
  bool loading = false;
};

/// The live configuration: what CONFIG GET, SET and REWRITE work on.
class configuration {
 public:
  /// `config_file` is the absolute path CONFIG REWRITE writes to, empty for none. The environment
  /// and the port must outlive the configuration.
  configuration(settings initial, std::string config_file, config_environment& environment,
                settings_port& port);

  const settings& current() const { return current_; }
  const std::string& config_file() const { return config_file_; }
  /// Where its files are.
  config_environment& environment() { return environment_; }

  /// Names and values of the directives that match any of the patterns. A name without wildcards is
  /// answered as it was written and finds hidden directives too; none is answered twice.
  std::vector<std::pair<std::string, std::string>> get(
      std::span<const std::string_view> patterns) const;

  /// Sets all of the named values or none. Returns the error reply, without the leading '-'.
  std::optional<std::string> set(
      std::span<const std::pair<std::string_view, std::string_view>> values,
      const change_request& request);

  /// Writes the configuration back to its file. `users` are the descriptions of all users, each
  /// "name rules..."; without them the file's user lines stay. `all`: also what is neither in the
  /// file nor changed. Returns the error reply, without '-'.
  std::optional<std::string> rewrite(
      const std::optional<std::vector<std::string>>& users = std::nullopt, bool all = false);

  /// For the server's own changes, such as REPLICAOF, which take effect by themselves.
  template <typename Change>
  void change(Change&& how) {
    std::forward<Change>(how)(current_);
  }

 private:
  struct named_row;

  std::optional<std::string> check(std::span<const named_row> rows,
                                   const change_request& request) const;
  std::optional<std::string> assign_all(std::span<const named_row> rows);
  std::optional<std::string> apply_all(std::span<const named_row> rows, const settings& before);
  void restore(const settings& before);

  settings current_;
  std::string config_file_;
  config_environment& environment_;
  settings_port& port_;
};

/// The text of a configuration file that holds `from`, changing as little of `old_text` as
/// possible.
std::string rewritten(std::string_view old_text, const settings& from,
                      const std::optional<std::vector<std::string>>& users = std::nullopt,
                      bool all = false);

/// The directives that crash reports show, one line each.
std::string crash_report_lines(const settings& from);

}  // namespace hawser::engine
