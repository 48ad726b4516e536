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

/// Variables that are empty when there is nothing particular to tell.
bool may_be_empty(std::string_view name) { return name == "title" || name == "server-mode"; }

/// Whether every {variable} of the template is complete and known, and something is sure to be
/// shown.
bool makes_a_title(std::string_view value) {
  bool shows = false;
  while (!value.empty()) {
    const auto literal = value.substr(0, value.find('{'));
    shows = shows || literal.find_first_not_of(" \t\r\n\v\f") != literal.npos;
    value.remove_prefix(literal.size());
    if (value.empty()) break;
    const bool escaped = value.substr(0, 2) == "{{";
    const auto end = escaped ? 1 : value.find('}');
    if (end == value.npos) return false;
    const auto name = value.substr(1, end - 1);
    if (!escaped && !known_variable(name)) return false;
    shows = shows || escaped || !may_be_empty(name);
    value.remove_prefix(end + 1);
  }
  return shows;
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
  return makes_a_title(value) ? "" : "template format is invalid or contains unknown variables";
}

std::string_view shutdown_flags(int value) {
  constexpr int both = shutdown_flag::save | shutdown_flag::nosave;
  return (value & both) == both ? "shutdown options SAVE and NOSAVE can't be used simultaneously"
                                : "";
}

}  // namespace hawser::engine::checks
