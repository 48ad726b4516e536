#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace hawser::engine {
class node;
}

namespace hawser::commands {

/// The text of INFO: sections of lines "name:value".
class info_text {
 public:
  explicit info_text(engine::node& server) : server(server) {}

  engine::node& server;

  void section(std::string_view title) {
    if (!text_.empty()) text_ += "\r\n";
    fmt::format_to(std::back_inserter(text_), "# {}\r\n", title);
  }
  template <class Value>
  void field(std::string_view name, const Value& value) {
    fmt::format_to(std::back_inserter(text_), "{}:{}\r\n", name, value);
  }
  /// A number of bytes, and the same for people.
  void bytes(std::string_view name, std::size_t value);
  /// A number with so many decimals.
  void decimal(std::string_view name, double value, int digits = 2) {
    fmt::format_to(std::back_inserter(text_), "{}:{:.{}f}\r\n", name, value, digits);
  }
  void percentage(std::string_view name, double value) {
    fmt::format_to(std::back_inserter(text_), "{}:{:.2f}%\r\n", name, value);
  }
  /// The same value under several names.
  template <class Value>
  void fields(std::initializer_list<std::string_view> names, const Value& value) {
    for (const auto name : names) field(name, value);
  }

  const std::string& str() const { return text_; }

 private:
  std::string text_;
};

// The sections. Those of features that this server does not have say what a server says that does
// not use them.
void info_server(info_text& to);
void info_clients(info_text& to);
void info_memory(info_text& to);
void info_persistence(info_text& to);
void info_stats(info_text& to);
void info_replication(info_text& to);
void info_cpu(info_text& to);
void info_modules(info_text& to);
void info_command_stats(info_text& to);
void info_error_stats(info_text& to);
void info_latency_stats(info_text& to);
void info_cluster(info_text& to);
void info_keyspace(info_text& to);

}  // namespace hawser::commands
