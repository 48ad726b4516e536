#pragma once

#include <engine/config/settings.hpp>

#include <string>
#include <string_view>

namespace hawser::app {

class log_file;

/// Goes on in the background: a child in a session of its own, standard streams on /dev/null. The
/// parent exits with 0. Only before any thread is started.
void go_to_background();

/// A file that holds the process id for as long as this object lives.
class pid_file {
 public:
  /// No path, no file. A file that cannot be written is told to the log and done without.
  pid_file(std::string path, log_file& log);
  ~pid_file();
  pid_file(const pid_file&) = delete;
  pid_file& operator=(const pid_file&) = delete;

 private:
  std::string path_;
  log_file& log_;
};

/// Where the process id is to be written; empty for nowhere. A daemon has a place by default.
std::string pid_file_path(const engine::settings& options);

/// The service manager that started the server, if it is to be told of readiness.
class supervisor {
 public:
  /// Finds out who it is from the environment; logs when it is not who the settings say. Under
  /// upstart this stops the process, as upstart expects, until it is continued.
  supervisor(engine::supervision asked, log_file& log);

  /// Somebody supervises, so the server must not go to the background.
  bool present() const { return present_; }

  void loading() const;
  void ready(bool replica) const;
  void stopping() const;

 private:
  void follow_upstart(log_file& log);
  void follow_systemd(log_file& log);
  void tell(std::string_view state) const;

  std::string socket_;  // of systemd
  bool present_ = false;
};

}  // namespace hawser::app
