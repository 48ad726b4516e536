#pragma once

#include <engine/config/loader.hpp>
#include <engine/config/settings.hpp>

#include <string>
#include <variant>
#include <vector>

namespace hawser::engine {

/// What the command line asks for.
struct start_up {
  enum class action { run, show_version, show_help };

  action what = action::run;
  settings configured;
  /// Absolute path of the configuration file; empty if there is none.
  std::string config_file;
  /// The program's name and its arguments as they were given.
  std::vector<std::string> arguments;
  /// What to log as warnings once there is a log.
  std::vector<std::string> warnings;
};

/// The server cannot start as asked: say so and exit with 1.
using start_up_failure = load_failure;

/// Reads `[/path/redis.conf | -] [--directive value ...]` and the files it names.
///
/// A value follows its directive even if it begins with dashes; more values follow up to the next
/// `--`; `--save` may be left without one. A `-` as first or last argument reads standard input.
/// What the command line says comes after the file and standard input, so it wins.
std::variant<start_up, start_up_failure> parse_command_line(int argc, const char* const* argv,
                                                            config_environment& environment,
                                                            const load_options& options);

/// How the server is started and every directive it knows.
std::string help_text(const std::string& program);

}  // namespace hawser::engine
