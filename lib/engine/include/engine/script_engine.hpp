#pragma once

#include <engine/command_spec.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hawser::engine {

class client;
struct command;

/// A script, or a function of a library, that runs.
struct running_script {
  bool function = false;
  bool read_only = false;                   // its commands may not write
  bool allow_oom = false;                   // its commands may write when there is no memory left
  bool has_written = false;                 // it can no longer be ended without a trace
  bool busy = false;                        // it has run for longer than busy-reply-threshold
  bool killed = false;                      // it ends as soon as it can
  client* caller = nullptr;                 // for whom it runs,
  const command* what = nullptr;            // with this command,
  std::span<const std::string_view> words;  // of which these are the words

  /// What other clients are told while it is busy.
  const char* busy_error() const;
};

/// What INFO and MEMORY tell of scripts and functions, in bytes and numbers.
struct script_facts {
  std::size_t scripts = 0;
  std::size_t scripts_memory = 0;
  std::size_t scripts_vm_memory = 0;
  std::size_t libraries = 0;
  std::size_t functions = 0;
  std::size_t functions_memory = 0;
  std::size_t functions_vm_memory = 0;
};

/// What the rest of the server asks of scripts and functions. Implemented by lib/scripting.
class script_engine {
 public:
  virtual ~script_engine() = default;

  virtual script_facts facts() const = 0;

  /// The flags of a command that runs a script, if the script says which; `words` are the
  /// command's.
  virtual std::optional<command_flags> flags_of(std::span<const std::string_view> words) = 0;

  /// Adds a library, in the place of one with its name. The reason when it cannot be loaded.
  virtual std::optional<std::string> load_library(std::string_view code) = 0;

  /// Shows the code of each library.
  virtual void for_each_library(const std::function<void(std::string_view)>& show) const = 0;

  /// Forgets all libraries.
  virtual void remove_libraries() = 0;
};

}  // namespace hawser::engine
