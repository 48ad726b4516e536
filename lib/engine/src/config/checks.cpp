#include "config/checks.hpp"

#include <engine/config/choices.hpp>

#include <algorithm>
#include <array>

namespace hawser::engine::checks {

namespace {

constexpr std::size_t max_hostname = 255;

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_path(std::string_view value) { return value.find_first_of("/\\") != value.npos; }

bool known_variable(std::string_view name) {
  constexpr std::array<std::string_view, 7> known{"title",    "listen-addr", "server-mode", "port",
                                                  "tls-port", "unixsocket",  "config-file"};
  return std::find(known.begin(), known.end(), name) != known.end();
}

/// Whether every {variable} of the template is complete and known.
bool expands(std::string_view value) {
  for (auto open = value.find('{'); open != value.npos; open = value.find('{', open)) {
    if (value.substr(open, 2) == "{{") {  // an escaped brace
      open += 2;
      continue;
    }
    const auto close = value.find('}', open);
    if (close == value.npos || !known_variable(value.substr(open + 1, close - open - 1)))
      return false;
    open = close;
  }
  return true;
}

}  // namespace

std::string_view dbfilename(std::string_view value) {
  return is_path(value) ? "dbfilename can't be a path, just a filename" : "";
}

std::string_view appendfilename(std::string_view value) {
  if (value.empty()) return "appendfilename can't be empty";
  return is_path(value) ? "appendfilename can't be a path, just a filename" : "";
}

std::string_view appenddirname(std::string_view value) {
  if (value.empty()) return "appenddirname can't be empty";
  return is_path(value) ? "appenddirname can't be a path, just a dirname" : "";
}

std::string_view hostname(std::string_view value) {
  if (value.size() > max_hostname) return "Hostnames must be less than 256 characters";
  const bool plain = std::all_of(value.begin(), value.end(),
                                 [](char c) { return is_alphanumeric(c) || c == '-' || c == '.'; });
  return plain ? "" : "Hostnames may only contain alphanumeric characters, hyphens or dots";
}

std::string_view nodename(std::string_view value) {
  const bool plain = value.find_first_of("!#$%&()*+:;<>?@[]^{|}~") == value.npos;
  return plain ? "" : "Announced human node name contained invalid character";
}

std::string_view proc_title_template(std::string_view value) {
  const bool blank = value.find_first_not_of(" \t\r\n\v\f") == value.npos;
  return blank || !expands(value) ? "template format is invalid or contains unknown variables" : "";
}

std::string_view shutdown_flags(int value) {
  constexpr int both = shutdown_flag::save | shutdown_flag::nosave;
  return (value & both) == both ? "shutdown options SAVE and NOSAVE can't be used simultaneously"
                                : "";
}

}  // namespace hawser::engine::checks
