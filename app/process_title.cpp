#include "process_title.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <unistd.h>

namespace hawser::app {

namespace {

std::string listen_address(const engine::settings& options) {
  const auto first = options.binds.empty() ? std::string("*") : options.binds.front();
  if (options.main_port() != 0) return fmt::format("{}:{}", first, options.main_port());
  return "unixsocket:" + options.unixsocket;
}

std::string variable(std::string_view name, const engine::settings& options,
                     std::string_view program, std::string_view config_file) {
  if (name == "title") return std::string(program);
  if (name == "listen-addr") return listen_address(options);
  if (name == "server-mode") return options.cluster_enabled ? "[cluster]" : "";
  if (name == "port") return std::to_string(options.port);
  if (name == "tls-port") return std::to_string(options.tls_port);
  if (name == "unixsocket") return options.unixsocket;
  if (name == "config-file") return std::string(config_file.empty() ? "-" : config_file);
  return {};
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

}  // namespace

std::string title_text(const engine::settings& options, std::string_view program,
                       std::string_view config_file) {
  std::string title;
  for (auto rest = std::string_view(options.proc_title_template); !rest.empty();) {
    const auto literal = rest.substr(0, rest.find('{'));
    title += literal;
    rest.remove_prefix(literal.size());
    if (rest.empty()) break;
    if (rest.starts_with("{{")) {
      title += '{';
      rest.remove_prefix(2);
      continue;
    }
    const auto end = rest.find('}');
    if (end == rest.npos) break;
    title += variable(rest.substr(1, end - 1), options, program, config_file);
    rest.remove_prefix(end + 1);
  }
  return trimmed(title);
}

process_title::process_title(int argc, char** argv) {
  if (argc == 0) return;
  char* end = argv[0];
  const auto take = [&end](char* text) {
    if (text == end) end += std::strlen(text) + 1;
  };
  for (int i = 0; i < argc; ++i) take(argv[i]);
  std::size_t count = 0;
  while (environ[count] != nullptr) take(environ[count++]);
  // Never freed: code that runs at exit may still ask for a variable.
  char** moved = new char*[count + 1];
  for (std::size_t i = 0; i < count; ++i) moved[i] = ::strdup(environ[i]);
  moved[count] = nullptr;
  environ = moved;
  room_ = argv[0];
  size_ = static_cast<std::size_t>(end - room_);
}

void process_title::show(std::string_view title) {
  if (size_ == 0) return;
  const auto length = std::min(title.size(), size_ - 1);
  std::memcpy(room_, title.data(), length);
  std::memset(room_ + length, 0, size_ - length);
}

}  // namespace hawser::app
