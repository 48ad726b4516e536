#pragma once

#include <string_view>

// Checks of values: an empty string is consent, anything else the reason against.
namespace hawser::engine::checks {

std::string_view dbfilename(std::string_view value);
std::string_view appendfilename(std::string_view value);
std::string_view appenddirname(std::string_view value);
std::string_view hostname(std::string_view value);
std::string_view nodename(std::string_view value);
std::string_view proc_title_template(std::string_view value);
std::string_view shutdown_flags(int value);

}  // namespace hawser::engine::checks
