#pragma once

#include <engine/config/command_line.hpp>

#include <string>

namespace hawser::app {

class log_file;

/// What -v prints. Tools look for "Redis server v=" and for the first number with dots.
std::string version_text();

/// What crash reports say of the server and its settings.
std::string describe_server(const engine::settings& options);

/// The first lines of a log.
void log_start(const engine::start_up& asked, log_file& log);

/// Once the server listens: on what, in which mode, as which process, and what of the system is in
/// the way.
void log_listening(const engine::settings& options, log_file& log);

/// The lines that tools wait for before they connect.
void log_ready(const engine::settings& options, log_file& log);

}  // namespace hawser::app
