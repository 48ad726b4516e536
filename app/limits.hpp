#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

namespace hawser::app {

/// The limits on the number of files that a process may have open.
class file_limit {
 public:
  virtual ~file_limit() = default;

  struct bounds {
    std::uint64_t soft = 0;
    std::uint64_t hard = 0;
  };

  /// Nothing, when it cannot be told.
  virtual std::optional<bounds> current() = 0;
  /// Sets both.
  virtual std::error_code set(bounds to) = 0;
};

/// RLIMIT_NOFILE of this process.
class process_file_limit final : public file_limit {
 public:
  std::optional<bounds> current() override;
  std::error_code set(bounds to) override;
};

/// How many clients there is room for.
struct client_room {
  std::int64_t clients = 0;           // as many as asked for, or as the limit lets be
  bool enough = true;                 // false: not a single client would find room
  std::vector<std::string> warnings;  // for the log
  std::string notice;                 // for the log, if not empty
};

/// Raises the limit on open files so that `clients` fit beside `own` files of the server, or as far
/// as the system lets it.
client_room make_room(std::int64_t clients, std::size_t own, file_limit& limit);

/// Files that the server itself needs open, at most: listeners, logs, data files and what each I/O
/// thread waits with.
std::size_t own_files(std::int64_t io_threads);

}  // namespace hawser::app
