#pragma once

#include <base/clock.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

namespace hawser::engine::acl {

/// Something that was denied.
struct access_log_entry {
  enum class reason : std::uint8_t { command, key, channel, auth };
  enum class where : std::uint8_t { toplevel, multi, lua };

  reason why;
  where context;
  std::string object;  // the command, the key, the channel
  std::string user;
  std::string client;  // as CLIENT LIST shows it
  base::milliseconds_t time;
  std::uint64_t count = 1;
};

/// What was denied last, the latest first. What is denied again within a minute is counted where it
/// stands, and moves to the front.
class access_log {
 public:
  /// Keeps `most` entries. O(entries).
  void add(access_log_entry entry, std::size_t most);
  void clear() { entries_.clear(); }
  const std::deque<access_log_entry>& entries() const { return entries_; }

 private:
  std::deque<access_log_entry> entries_;
};

}  // namespace hawser::engine::acl
