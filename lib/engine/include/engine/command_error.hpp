#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace hawser::engine {

/// Ends a command: what it has replied so far is taken back and `text` is its reply. `text` begins
/// with the error's code, as in "ERR syntax error".
class command_error {
 public:
  explicit command_error(std::string text) : text_(std::move(text)) {}
  explicit command_error(const char* text) : text_(text) {}
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

/// The texts that many commands share.
namespace errors {
inline constexpr const char* syntax = "ERR syntax error";
inline constexpr const char* wrong_type =
    "WRONGTYPE Operation against a key holding the wrong kind of value";
inline constexpr const char* loading = "LOADING Redis is loading the dataset in memory";
inline constexpr const char* not_integer = "ERR value is not an integer or out of range";
inline constexpr const char* not_float = "ERR value is not a valid float";
inline constexpr const char* no_such_key = "ERR no such key";
inline constexpr const char* out_of_range = "ERR index out of range";
inline constexpr const char* overflow = "ERR increment or decrement would overflow";
inline constexpr const char* too_long =
    "ERR string exceeds maximum allowed size (proto-max-bulk-len)";
}  // namespace errors

}  // namespace hawser::engine
