#pragma once

#include <atomic>
#include <functional>
#include <thread>

namespace hawser::app {

class log_file;

/// SIGTERM and SIGINT are held back from now on, for this thread and those it starts, until
/// somebody waits for them; SIGHUP and SIGPIPE are ignored.
void prepare_signals();

/// Waits for SIGTERM and SIGINT on a thread of its own, so that they are heard even when the server
/// is busy: the first one asks for a shutdown, a SIGINT after that exits at once with 1.
class shutdown_signals {
 public:
  /// `shut_down` is called on the waiting thread, once.
  shutdown_signals(log_file& log, std::function<void()> shut_down);
  ~shutdown_signals();
  shutdown_signals(const shutdown_signals&) = delete;
  shutdown_signals& operator=(const shutdown_signals&) = delete;

 private:
  void wait();

  log_file& log_;
  std::function<void()> shut_down_;
  std::atomic<bool> over_ = false;
  std::thread waiting_;
};

}  // namespace hawser::app
