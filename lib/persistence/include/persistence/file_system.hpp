#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <persistence/byte_sink.hpp>
#include <persistence/byte_source.hpp>
#include <system_error>

namespace hawser::persistence {

/// A file that is being written; destroying it closes it.
class output_file : public byte_sink {
 public:
  /// Returns when all that has been written is on the medium. After a failure nothing is known of
  /// what was written, and trying again proves nothing: the file is to be given up.
  virtual std::error_code sync() = 0;
  /// Cuts the file to this size; what is written goes to its end, wherever that is.
  virtual std::error_code truncate(std::uint64_t size) = 0;
};

/// What persistence asks of a file system. Failures are error codes; nothing here throws.
class file_system {
 public:
  virtual ~file_system() = default;

  /// Opens a new or emptied file for writing; null after a failure.
  virtual std::unique_ptr<output_file> create(const std::filesystem::path& path,
                                              std::error_code& failure) = 0;
  /// Opens a file, new if there is none, for writing at its end; null after a failure.
  virtual std::unique_ptr<output_file> append(const std::filesystem::path& path,
                                              std::error_code& failure) = 0;
  /// Opens a file for reading from its start; null after a failure.
  virtual std::unique_ptr<byte_source> open(const std::filesystem::path& path,
                                            std::error_code& failure) = 0;
  /// Gives a file another name, in the place of a file of that name. Not lasting before
  /// sync_directory.
  virtual std::error_code rename(const std::filesystem::path& from,
                                 const std::filesystem::path& to) = 0;
  virtual std::error_code remove(const std::filesystem::path& path) = 0;
  /// Bytes of a file.
  virtual std::uint64_t size(const std::filesystem::path& path, std::error_code& failure) = 0;
  /// Makes a directory unless it is there.
  virtual std::error_code make_directory(const std::filesystem::path& path) = 0;
  /// Makes the names in a directory last.
  virtual std::error_code sync_directory(const std::filesystem::path& path) = 0;
};

/// The operating system's files.
class posix_file_system final : public file_system {
 public:
  std::unique_ptr<output_file> create(const std::filesystem::path& path,
                                      std::error_code& failure) override;
  std::unique_ptr<output_file> append(const std::filesystem::path& path,
                                      std::error_code& failure) override;
  std::unique_ptr<byte_source> open(const std::filesystem::path& path,
                                    std::error_code& failure) override;
  std::error_code rename(const std::filesystem::path& from,
                         const std::filesystem::path& to) override;
  std::error_code remove(const std::filesystem::path& path) override;
  std::uint64_t size(const std::filesystem::path& path, std::error_code& failure) override;
  std::error_code make_directory(const std::filesystem::path& path) override;
  std::error_code sync_directory(const std::filesystem::path& path) override;
};

}  // namespace hawser::persistence
