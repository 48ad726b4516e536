#pragma once

#include <engine/config/settings.hpp>

namespace hawser::app {

class log_file;

/// How willingly the kernel ends this process when memory runs out: /proc/self/oom_score_adj.
class oom_score {
 public:
  /// Remembers the score the process was started with.
  oom_score();

  /// Sets the score the settings ask for; false, and a line in the log, when that is not allowed.
  bool follow(const engine::settings& options, log_file& log);

 private:
  int initial_ = 0;
  bool changed_ = false;
};

}  // namespace hawser::app
