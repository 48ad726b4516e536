#include <base/owned_fd.hpp>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <persistence/file_system.hpp>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace hawser::persistence {

namespace {

std::error_code last_error() { return {errno, std::generic_category()}; }

std::error_code result_of(int status) { return status == 0 ? std::error_code() : last_error(); }

class posix_output final : public output_file {
 public:
  explicit posix_output(base::owned_fd file) : file_(std::move(file)) {}

  std::error_code write(std::string_view bytes) override {
    while (!bytes.empty()) {
      const auto written = ::write(file_.get(), bytes.data(), bytes.size());
      if (written < 0 && errno != EINTR) return last_error();
      if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  }
  /// What is needed to read the data is synced too, its size above all; times are not.
  std::error_code sync() override { return result_of(::fdatasync(file_.get())); }
  std::error_code truncate(std::uint64_t size) override {
    const auto end = static_cast<off_t>(size);
    return result_of(
        ::ftruncate(file_.get(), end) == 0 && ::lseek(file_.get(), end, SEEK_SET) == end ? 0 : -1);
  }

 private:
  base::owned_fd file_;
};

class posix_input final : public byte_source {
 public:
  explicit posix_input(base::owned_fd file) : file_(std::move(file)) {}

  std::size_t read(std::span<char> room, std::error_code& failure) override {
    while (true) {
      const auto got = ::read(file_.get(), room.data(), room.size());
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno == EINTR) continue;
      failure = last_error();
      return 0;
    }
  }

 private:
  base::owned_fd file_;
};

base::owned_fd opened(const std::filesystem::path& path, int flags, std::error_code& failure) {
  constexpr mode_t everybody_reads = 0644;
  base::owned_fd file(::open(path.c_str(), flags | O_CLOEXEC, everybody_reads));
  failure = file.get() < 0 ? last_error() : std::error_code();
  return file;
}

}  // namespace

std::unique_ptr<output_file> posix_file_system::create(const std::filesystem::path& path,
                                                       std::error_code& failure) {
  auto file = opened(path, O_WRONLY | O_CREAT | O_TRUNC, failure);
  if (failure) return nullptr;
  return std::make_unique<posix_output>(std::move(file));
}

std::unique_ptr<output_file> posix_file_system::append(const std::filesystem::path& path,
                                                       std::error_code& failure) {
  auto file = opened(path, O_WRONLY | O_CREAT | O_APPEND, failure);
  if (failure) return nullptr;
  return std::make_unique<posix_output>(std::move(file));
}

std::unique_ptr<byte_source> posix_file_system::open(const std::filesystem::path& path,
                                                     std::error_code& failure) {
  auto file = opened(path, O_RDONLY, failure);
  if (failure) return nullptr;
  return std::make_unique<posix_input>(std::move(file));
}

std::error_code posix_file_system::rename(const std::filesystem::path& from,
                                          const std::filesystem::path& to) {
  return result_of(::rename(from.c_str(), to.c_str()));
}

std::error_code posix_file_system::remove(const std::filesystem::path& path) {
  return result_of(::unlink(path.c_str()));
}

std::uint64_t posix_file_system::size(const std::filesystem::path& path, std::error_code& failure) {
  const auto size = std::filesystem::file_size(path, failure);
  return failure ? 0 : size;
}

std::error_code posix_file_system::make_directory(const std::filesystem::path& path) {
  constexpr mode_t everybody_reads = 0755;
  struct stat there {};
  if (::mkdir(path.c_str(), everybody_reads) == 0) return {};
  if (errno != EEXIST) return last_error();
  if (::stat(path.c_str(), &there) != 0) return last_error();
  return S_ISDIR(there.st_mode) ? std::error_code()
                                : std::make_error_code(std::errc::not_a_directory);
}

std::error_code posix_file_system::sync_directory(const std::filesystem::path& path) {
  std::error_code failure;
  const auto directory = opened(path, O_RDONLY | O_DIRECTORY, failure);
  return failure ? failure : result_of(::fsync(directory.get()));
}

}  // namespace hawser::persistence
