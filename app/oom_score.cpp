#include "oom_score.hpp"

#include "log_file.hpp"
#include <base/owned_fd.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <unistd.h>

namespace hawser::app {

namespace {
constexpr const char* score_file = "/proc/self/oom_score_adj";
}  // namespace

oom_score::oom_score() { std::ifstream(score_file) >> initial_; }

bool oom_score::follow(const engine::settings& options, log_file& log) {
  using engine::oom_adjustment;
  if (options.oom_score_adj == oom_adjustment::no && !changed_) return true;
  int score = initial_;
  if (options.oom_score_adj != oom_adjustment::no) {
    const auto own = options.oom_score_adj_values[options.replicaof.host.empty() ? 0 : 1];
    const bool absolute = options.oom_score_adj == oom_adjustment::absolute;
    score =
        static_cast<int>(std::clamp<std::int64_t>(absolute ? own : initial_ + own, -1000, 1000));
  }
  const auto text = std::to_string(score);
  const base::owned_fd file(::open(score_file, O_WRONLY | O_CLOEXEC));
  if (!file || ::write(file.get(), text.data(), text.size()) < 0) {
    log.warning(fmt::format("Unable to write oom_score_adj: {}", std::strerror(errno)));
    return false;
  }
  changed_ = true;
  return true;
}

}  // namespace hawser::app
