#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hawser::engine {

struct settings;

/// What a command may cost too much of.
enum class logged_cost : std::uint8_t { time, request, reply };

/// The newest commands that cost too much of something.
class command_log {
 public:
  struct record {
    std::uint64_t id;
    std::int64_t when;  // seconds since the epoch
    std::int64_t cost;  // microseconds or bytes
    std::vector<std::string> words;
    std::string address;
    std::string name;
  };

  /// Keeps a command, at most 32 words of it and 128 bytes of each, and no more than `most`
  /// records. The id and the words of `added` are filled in.
  void add(record added, std::span<const std::string_view> words, std::size_t most);
  void trim(std::size_t most);
  void clear() { records_.clear(); }

  /// Newest first.
  const std::deque<record>& records() const { return records_; }

 private:
  std::deque<record> records_;
  std::uint64_t next_id_ = 0;
};

/// A log for each cost. SLOWLOG shows that of the time, COMMANDLOG all of them.
class command_logs {
 public:
  command_log& operator[](logged_cost what) { return logs_[static_cast<std::size_t>(what)]; }

  /// Drops what the directives leave no room for; logs that are off keep what they have.
  void trim(const settings& options);

 private:
  std::array<command_log, 3> logs_;
};

/// The directives of a log: from which cost on a command is kept (never, when negative), and how
/// many records are.
struct command_log_limits {
  std::int64_t threshold;
  std::size_t most;
};
command_log_limits limits_of(logged_cost what, const settings& options);

}  // namespace hawser::engine
