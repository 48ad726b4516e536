#include "restart.hpp"

#include <cerrno>
#include <filesystem>
#include <linux/close_range.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace hawser::app {

restart::restart(std::vector<std::string> arguments) : arguments_(std::move(arguments)) {
  std::error_code unknown;
  program_ = std::filesystem::read_symlink("/proc/self/exe", unknown).string();
  directory_ = std::filesystem::current_path(unknown).string();
}

std::string restart::begin() const {
  constexpr unsigned first_of_own = 3;
  std::vector<char*> words;
  // execv does not write to them.
  for (const auto& each : arguments_) words.push_back(const_cast<char*>(each.c_str()));
  words.push_back(nullptr);
  if (::access(program_.c_str(), X_OK) == 0 && ::chdir(directory_.c_str()) == 0 &&
      ::close_range(first_of_own, ~0U, CLOSE_RANGE_CLOEXEC) == 0)
    ::execv(program_.c_str(), words.data());
  return std::generic_category().message(errno);
}

}  // namespace hawser::app
