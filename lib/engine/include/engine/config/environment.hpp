#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace hawser::engine {

/// What the configuration needs of the outside world: files, standard input, the working directory.
class config_environment {
 public:
  virtual ~config_environment() = default;

  /// The text of a file, or nothing and the reason in `error`.
  virtual std::optional<std::string> read(const std::string& path, std::error_code& error) = 0;

  /// All of standard input.
  virtual std::string read_standard_input() = 0;

  /// The paths that match a shell pattern, sorted; none is not an error.
  virtual std::vector<std::string> matches(const std::string& pattern) = 0;

  /// Makes `path` the working directory.
  virtual std::error_code enter(const std::string& path) = 0;

  /// The working directory, absolute; empty if it cannot be told.
  virtual std::string directory() = 0;

  /// Whether a log can be appended to `path`; creates the file if there is none.
  virtual std::error_code probe_append(const std::string& path) = 0;

  /// Puts `text` at `path` so that after a crash either the old file is there or the new one.
  virtual std::error_code replace(const std::string& path, std::string_view text) = 0;
};

/// The machine's own files and working directory.
class system_environment final : public config_environment {
 public:
  /// Reads the process's umask, which decides the mode of files that `replace` writes.
  system_environment();

  std::optional<std::string> read(const std::string& path, std::error_code& error) override;
  std::string read_standard_input() override;
  std::vector<std::string> matches(const std::string& pattern) override;
  std::error_code enter(const std::string& path) override;
  std::string directory() override;
  std::error_code probe_append(const std::string& path) override;
  std::error_code replace(const std::string& path, std::string_view text) override;

 private:
  unsigned umask_;
};

/// What the system calls the error, as strerror(3) words it.
std::string describe(const std::error_code& error);

}  // namespace hawser::engine
