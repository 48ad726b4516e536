#include "daemon.hpp"

#include "log_file.hpp"
#include <base/owned_fd.hpp>

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace hawser::app {

namespace {

/// The value of a variable, which is then forgotten, so that it is obeyed once.
std::string take_variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) return {};
  std::string taken(value);
  ::unsetenv(name);
  return taken;
}

}  // namespace

void go_to_background() {
  // Without a child there is nothing to go on in: stay, as redis-server does.
  const auto child = ::fork();
  if (child < 0) return;
  if (child > 0) ::_exit(0);
  ::setsid();
  const base::owned_fd nowhere(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!nowhere) return;
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    ::dup2(nowhere.get(), stream);
}

pid_file::pid_file(std::string path, log_file& log) : path_(std::move(path)), log_(log) {
  if (path_.empty()) return;
  const base::owned_fd file(::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  const auto text = fmt::format("{}\n", ::getpid());
  if (file && ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()))
    return;
  log_.warning(fmt::format("Failed to write PID file: {}", std::strerror(errno)));
  path_.clear();
}

pid_file::~pid_file() {
  if (path_.empty()) return;
  log_.notice("Removing the pid file.");
  ::unlink(path_.c_str());
}

std::string pid_file_path(const engine::settings& options) {
  if (!options.pidfile.empty() || !options.daemonize) return options.pidfile;
  return "/var/run/redis.pid";
}

supervisor::supervisor(engine::supervision asked, log_file& log) {
  using enum engine::supervision;
  if (asked == automatic) {
    if (std::getenv("UPSTART_JOB") != nullptr)
      asked = upstart;
    else if (std::getenv("NOTIFY_SOCKET") != nullptr)
      asked = systemd;
  }
  if (asked == upstart) follow_upstart(log);
  if (asked == systemd) follow_systemd(log);
}

void supervisor::follow_upstart(log_file& log) {
  present_ = !take_variable("UPSTART_JOB").empty();
  if (!present_) return log.warning("upstart supervision requested, but UPSTART_JOB not found!");
  log.notice("supervised by upstart, will stop to signal readiness.");
  ::raise(SIGSTOP);
}

void supervisor::follow_systemd(log_file& log) {
  socket_ = take_variable("NOTIFY_SOCKET");
  present_ = !socket_.empty();
  if (!present_) return log.warning("systemd supervision error: NOTIFY_SOCKET not found!");
  log.notice(
      "Supervised by systemd. Please make sure you set appropriate values for TimeoutStartSec and "
      "TimeoutStopSec in your service unit.");
}

void supervisor::loading() const { tell("STATUS=Hawser is loading...\n"); }

void supervisor::ready(bool replica) const {
  tell(replica ? "STATUS=Ready to accept connections in read-only mode. Waiting for MASTER <-> "
                 "REPLICA sync\nREADY=1\n"
               : "STATUS=Ready to accept connections\nREADY=1\n");
}

void supervisor::stopping() const { tell("STOPPING=1\n"); }

/// A datagram to systemd; see sd_notify(3). What cannot be sent is lost: systemd notices by itself.
void supervisor::tell(std::string_view state) const {
  sockaddr_un to{};
  if (socket_.empty() || socket_.size() >= sizeof to.sun_path) return;
  to.sun_family = AF_UNIX;
  socket_.copy(to.sun_path, socket_.size());
  if (socket_.front() == '@') to.sun_path[0] = '\0';
  const base::owned_fd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket) return;
  const auto length = offsetof(sockaddr_un, sun_path) + socket_.size();
  ::sendto(socket.get(), state.data(), state.size(), MSG_NOSIGNAL,
           reinterpret_cast<const sockaddr*>(&to), static_cast<socklen_t>(length));
}

}  // namespace hawser::app
