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
/// is busy: the first one asks for a shutdown, a SIGINT while that goes on exits at once with 1.
class shutdown_signals {
 public:
  /// `shut_down(signal)` and `loading()`, whether the data set is not there yet, are called on the
  /// waiting thread, the former once.
  shutdown_signals(log_file& log, std::function<void(int)> shut_down,
                   std::function<bool()> loading);
  ~shutdown_signals();
  shutdown_signals(const shutdown_signals&) = delete;
  shutdown_signals& operator=(const shutdown_signals&) = delete;

  /// The shutdown failed: the next signal asks for another one. From any thread.
  void wait_for_another() { asked_ = false; }

 private:
  void wait();
  void log_arrival(int signal);

  log_file& log_;
  std::function<void(int)> shut_down_;
  std::function<bool()> loading_;
  std::atomic<bool> asked_ = false;
  std::atomic<bool> over_ = false;
  std::thread waiting_;
};

}  // namespace hawser::app
