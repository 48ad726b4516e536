#pragma once

#include <engine/config/settings.hpp>

#include <atomic>
#include <chrono>
#include <string>
#include <string_view>

namespace hawser::app {

/// Who writes a line: `starting` until the server is up, then what it is.
enum class log_role : char { starting = 'C', primary = 'M', replica = 'S' };

/// A line of the log as redis-server writes it, local time: "12:M 21 Nov 2026 07:05:01.123 * text".
std::string log_line(int process_id, log_role role, std::chrono::system_clock::time_point at,
                     engine::log_level level, std::string_view text);

/// The log: a file, or standard output when the settings name none, and syslog if they ask for it.
///
/// The file is opened for each line, so that it can be moved away at any time. Every thread may
/// write; a line is one write(2).
class log_file {
 public:
  /// To standard output, from `notice` on.
  log_file() = default;
  explicit log_file(const engine::settings& options);
  ~log_file();
  log_file(const log_file&) = delete;
  log_file& operator=(const log_file&) = delete;

  /// Writes a line if `level` is not below the least important level to log. A file that cannot be
  /// written loses the line: there is no one to tell.
  void write(engine::log_level level, std::string_view text);

  void notice(std::string_view text) { write(engine::log_level::notice, text); }
  void warning(std::string_view text) { write(engine::log_level::warning, text); }

  void least(engine::log_level level) { least_ = level; }
  void role(log_role now) { role_ = now; }

 private:
  void append(std::string_view line) const;

  std::string path_;
  std::string ident_;
  bool syslog_ = false;
  std::atomic<engine::log_level> least_ = engine::log_level::notice;
  std::atomic<log_role> role_ = log_role::starting;
};

}  // namespace hawser::app
