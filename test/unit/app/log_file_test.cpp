#include "log_file.hpp"

#include "catch.hpp"
#include "file_text.hpp"
#include "temp_directory.hpp"

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <unistd.h>

using namespace hawser;
using namespace hawser::app;
using namespace std::chrono_literals;
using engine::log_level;

namespace {

engine::settings logging_to(const std::filesystem::path& path) {
  engine::settings options;
  options.logfile = path;
  return options;
}

}  // namespace

TEST_CASE("A line of the log has the process, its role, the local time, a mark and the text",
          "[log_file]") {
  ::setenv("TZ", "UTC", 1);
  ::tzset();
  const std::chrono::system_clock::time_point at{1795244701s + 7ms};
  CHECK(log_line(123, log_role::primary, at, log_level::notice, "Ready") ==
        "123:M 21 Nov 2026 07:05:01.007 * Ready\n");
  CHECK(log_line(1, log_role::starting, at, log_level::warning, "") ==
        "1:C 21 Nov 2026 07:05:01.007 # \n");
  CHECK(log_line(1, log_role::replica, at, log_level::debug, "x").ends_with(" . x\n"));
  CHECK(log_line(1, log_role::replica, at, log_level::verbose, "x").ends_with(" - x\n"));
  ::setenv("TZ", "XYZ-5:30", 1);
  ::tzset();
  CHECK(log_line(1, log_role::primary, at, log_level::notice, "x") ==
        "1:M 21 Nov 2026 12:35:01.007 * x\n");
  ::unsetenv("TZ");
  ::tzset();
}

TEST_CASE("A log file leaves out what is less important than its level", "[log_file]") {
  const test::temp_directory directory;
  const auto path = directory.path() / "log";
  log_file log(logging_to(path));
  log.write(log_level::verbose, "hidden");
  log.notice("first");
  log.least(log_level::warning);
  log.notice("hidden");
  log.warning("second");
  const auto text = test::file_text(path);
  CHECK(text.find("hidden") == std::string::npos);
  CHECK(text.find(" * first\n") != std::string::npos);
  CHECK(text.find(" # second\n") != std::string::npos);
  CHECK(text.starts_with(std::to_string(::getpid()) + ":C "));
}

TEST_CASE("A log file that was moved away is begun anew", "[log_file]") {
  const test::temp_directory directory;
  const auto path = directory.path() / "log";
  log_file log(logging_to(path));
  log.notice("old");
  std::filesystem::rename(path, directory.path() / "log.1");
  log.role(log_role::primary);
  log.notice("new");
  CHECK(test::file_text(directory.path() / "log.1").ends_with(" * old\n"));
  CHECK(test::file_text(path).starts_with(std::to_string(::getpid()) + ":M "));
  CHECK(test::file_text(path).ends_with(" * new\n"));
}
