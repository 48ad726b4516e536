#include <base/owned_fd.hpp>
#include <engine/config/environment.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hawser::engine {

namespace {

std::error_code last_error() { return {errno, std::generic_category()}; }

/// Everything up to the end of the file; the error is left in errno.
std::optional<std::string> read_all(int fd) {
  std::string text;
  std::array<char, 16384> chunk;
  for (;;) {
    const auto n = ::read(fd, chunk.data(), chunk.size());
    if (n == 0) return text;
    if (n < 0 && errno != EINTR) return std::nullopt;
    if (n > 0) text.append(chunk.data(), static_cast<std::size_t>(n));
  }
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno != EINTR) return false;
    if (n > 0) text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

/// A rename lasts only once the directory that holds the name is on disk.
void sync_directory_of(const std::string& path) {
  const auto parent = std::filesystem::path(path).parent_path();
  const base::owned_fd dir(
      ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (dir) ::fsync(dir.get());
}

unsigned current_umask() {
  const auto mask = ::umask(0777);
  ::umask(mask);
  return mask;
}

}  // namespace

system_environment::system_environment() : umask_(current_umask()) {}

std::optional<std::string> system_environment::read(const std::string& path,
                                                    std::error_code& error) {
  const base::owned_fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  auto text = file ? read_all(file.get()) : std::nullopt;
  if (!text) error = last_error();
  return text;
}

std::string system_environment::read_standard_input() {
  return read_all(STDIN_FILENO).value_or(std::string());
}

std::vector<std::string> system_environment::matches(const std::string& pattern) {
  std::vector<std::string> paths;
  glob_t found{};
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0)
    paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  return paths;
}

std::error_code system_environment::enter(const std::string& path) {
  return ::chdir(path.c_str()) == 0 ? std::error_code() : last_error();
}

std::string system_environment::directory() {
  std::error_code error;
  const auto here = std::filesystem::current_path(error);
  return error ? std::string() : here.string();
}

std::error_code system_environment::probe_append(const std::string& path) {
  const base::owned_fd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
  return file ? std::error_code() : last_error();
}

std::error_code system_environment::replace(const std::string& path, std::string_view text) {
  std::string name = path + ".XXXXXX";
  const base::owned_fd file(::mkostemp(name.data(), O_CLOEXEC));
  if (!file) return last_error();
  if (!write_all(file.get(), text) || ::fsync(file.get()) != 0 ||
      ::fchmod(file.get(), 0644U & ~umask_) != 0 || ::rename(name.c_str(), path.c_str()) != 0) {
    const auto error = last_error();
    ::unlink(name.c_str());
    return error;
  }
  sync_directory_of(path);
  return {};
}

std::string describe(const std::error_code& error) { return error.message(); }

}  // namespace hawser::engine
