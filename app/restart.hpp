#pragma once

#include <string>
#include <vector>

namespace hawser::app {

/// What it takes to begin the program anew in the place of its process: file, arguments and
/// directory as they are when this is made, which is at the start.
class restart {
 public:
  explicit restart(std::vector<std::string> arguments);

  /// Ends all threads, closes all files but standard input, output and error, and begins. Returns
  /// only if that cannot be: the reason.
  std::string begin() const;

 private:
  std::vector<std::string> arguments_;
  std::string program_;
  std::string directory_;
};

}  // namespace hawser::app
