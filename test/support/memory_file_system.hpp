#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <persistence/file_system.hpp>
#include <string>

namespace hawser::test {

/// Files in memory that fail when they are told to, and that know what a loss of power would leave:
/// bytes that were synced, under names that were synced.
class memory_file_system final : public persistence::file_system {
 public:
  using path = std::filesystem::path;
  enum class operation : std::uint8_t {
    create,
    append,
    open,
    write,
    sync,
    truncate,
    rename,
    remove,
    make_directory,
    sync_directory
  };

  std::unique_ptr<persistence::output_file> create(const path& file,
                                                   std::error_code& failure) override;
  std::unique_ptr<persistence::output_file> append(const path& file,
                                                   std::error_code& failure) override;
  std::unique_ptr<persistence::byte_source> open(const path& file,
                                                 std::error_code& failure) override;
  std::error_code rename(const path& from, const path& to) override;
  std::error_code remove(const path& file) override;
  std::uint64_t size(const path& file, std::error_code& failure) override;
  std::error_code make_directory(const path& directory) override;
  std::error_code sync_directory(const path& directory) override;

  /// Lets the operation fail that comes after `successes` more of its kind.
  void fail(operation what, std::errc why, int successes = 0) { plan_ = {what, why, successes}; }
  void fail_no_more() { plan_.reset(); }
  /// Bytes that can still be written: what goes beyond is written in part and fails with ENOSPC.
  void space(std::size_t bytes) { space_ = bytes; }

  /// What was not synced is lost, but for the first `torn` bytes of each file's unsynced part.
  void lose_power(std::size_t torn = 0);

  /// The same files, as they are now; nothing fails there.
  memory_file_system copy() const;

  bool exists(const path& file) const { return names_.contains(file); }
  std::string content(const path& file) const { return names_.at(file)->bytes; }
  void put(const path& file, std::string bytes);
  /// Operations so far.
  int operations() const { return operations_; }

 private:
  struct content_of_file {
    std::string bytes;
    std::string synced;
  };
  using names = std::map<path, std::shared_ptr<content_of_file>>;
  struct planned_failure {
    operation what;
    std::errc why;
    int successes;
  };
  class writer;
  class reader;

  std::error_code outcome(operation what);

  names names_;
  names synced_names_;
  std::optional<planned_failure> plan_;
  std::size_t space_ = std::numeric_limits<std::size_t>::max();
  int operations_ = 0;
};

}  // namespace hawser::test
