#include "shutdown_signals.hpp"

#include "log_file.hpp"

#include <csignal>
#include <pthread.h>
#include <unistd.h>

namespace hawser::app {

namespace {

sigset_t awaited() {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGTERM);
  ::sigaddset(&set, SIGINT);
  return set;
}

}  // namespace

void prepare_signals() {
  const auto set = awaited();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGHUP, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
}

shutdown_signals::shutdown_signals(log_file& log, std::function<void(int)> shut_down,
                                   std::function<bool()> loading)
    : log_(log),
      shut_down_(std::move(shut_down)),
      loading_(std::move(loading)),
      waiting_([this] { wait(); }) {}

shutdown_signals::~shutdown_signals() {
  over_ = true;
  ::pthread_kill(waiting_.native_handle(), SIGTERM);
  waiting_.join();
}

void shutdown_signals::log_arrival(int signal) {
  if (loading_())
    return log_.warning("Received shutdown signal during loading, scheduling shutdown.");
  log_.warning(signal == SIGINT ? "Received SIGINT scheduling shutdown..."
                                : "Received SIGTERM scheduling shutdown...");
}

void shutdown_signals::wait() {
  const auto set = awaited();
  while (true) {
    int signal = 0;
    ::sigwait(&set, &signal);
    if (over_) return;
    if (asked_ && signal == SIGINT) {
      log_.warning("You insist... exiting now.");
      ::_exit(1);
    }
    log_arrival(signal);
    if (!asked_.exchange(true)) shut_down_(signal);
  }
}

}  // namespace hawser::app
