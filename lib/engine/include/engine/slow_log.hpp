#pragma once

#include <base/clock.hpp>

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hawser::engine {

/// The newest commands that took longer than slowlog-log-slower-than.
class slow_log {
 public:
  struct record {
    std::uint64_t id;
    std::int64_t when;  // seconds since the epoch
    base::microseconds_t took;
    std::vector<std::string> words;
    std::string address;
    std::string name;
  };

  /// Keeps a command, at most 32 words of it and 128 bytes of each, and no more than `most`
  /// records.
  void add(std::int64_t when, base::microseconds_t took, std::span<const std::string_view> words,
           std::string_view address, std::string_view name, std::size_t most);
  void trim(std::size_t most);
  void clear() { records_.clear(); }

  /// Newest first.
  const std::deque<record>& records() const { return records_; }

 private:
  std::deque<record> records_;
  std::uint64_t next_id_ = 0;
};

}  // namespace hawser::engine
