#include "log_file.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <ctime>
#include <fcntl.h>
#include <syslog.h>
#include <unistd.h>

namespace hawser::app {

namespace {

constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::string_view marks = ".-*#";  // by log_level
constexpr std::array<int, 4> priorities{LOG_DEBUG, LOG_INFO, LOG_NOTICE, LOG_WARNING};

int facility(engine::syslog_facility which) {
  using engine::syslog_facility;
  if (which == syslog_facility::user) return LOG_USER;
  constexpr std::array<int, 8> local{LOG_LOCAL0, LOG_LOCAL1, LOG_LOCAL2, LOG_LOCAL3,
                                     LOG_LOCAL4, LOG_LOCAL5, LOG_LOCAL6, LOG_LOCAL7};
  return local[static_cast<std::size_t>(which) - static_cast<std::size_t>(syslog_facility::local0)];
}

}  // namespace

std::string log_line(int process_id, log_role role, std::chrono::system_clock::time_point at,
                     engine::log_level level, std::string_view text) {
  using namespace std::chrono;
  const auto seconds = system_clock::to_time_t(floor<std::chrono::seconds>(at));
  const auto millisecond = duration_cast<milliseconds>(at.time_since_epoch()).count() % 1000;
  std::tm local{};
  ::localtime_r(&seconds, &local);
  return fmt::format("{}:{} {:02} {} {} {:02}:{:02}:{:02}.{:03} {} {}\n", process_id,
                     static_cast<char>(role), local.tm_mday,
                     months[static_cast<std::size_t>(local.tm_mon)], local.tm_year + 1900,
                     local.tm_hour, local.tm_min, local.tm_sec, millisecond,
                     marks[static_cast<std::size_t>(level)], text);
}

log_file::log_file(const engine::settings& options)
    : path_(options.logfile),
      ident_(options.syslog_ident),
      syslog_(options.syslog_enabled),
      least_(options.loglevel) {
  if (syslog_)
    ::openlog(ident_.c_str(), LOG_PID | LOG_NDELAY | LOG_NOWAIT, facility(options.syslog));
}

log_file::~log_file() {
  if (syslog_) ::closelog();
}

void log_file::write(engine::log_level level, std::string_view text) {
  if (level < least_) return;
  append(log_line(::getpid(), role_, std::chrono::system_clock::now(), level, text));
  if (syslog_)
    ::syslog(priorities[static_cast<std::size_t>(level)], "%.*s", static_cast<int>(text.size()),
             text.data());
}

void log_file::append(std::string_view line) const {
  const int file = path_.empty()
                       ? STDOUT_FILENO
                       : ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file < 0) return;
  while (!line.empty()) {
    const auto written = ::write(file, line.data(), line.size());
    if (written <= 0) break;
    line.remove_prefix(static_cast<std::size_t>(written));
  }
  if (file != STDOUT_FILENO) ::close(file);
}

}  // namespace hawser::app
