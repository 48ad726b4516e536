#pragma once

#include <base/clock.hpp>
#include <base/hash.hpp>
#include <engine/heavy_keys.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace hawser::engine {

struct command;
class node;

/// What HOTKEYS tells: the keys that commands have spent most time and bytes on, in a session that
/// is begun and ended by hand or by the clock. In bounded memory; while there is no session a
/// command pays for one look at a pointer.
///
/// What a command costs is shared out evenly among its keys. The commands of a transaction count on
/// their own, those of a script not: its own keys stand for them.
class hot_keys {
 public:
  explicit hot_keys(node& server);
  ~hot_keys();

  struct terms {
    bool time = false;
    bool bytes = false;
    std::size_t most = 10;              // keys to be told
    base::milliseconds_t duration = 0;  // 0: until it is stopped
    std::int64_t ratio = 1;             // one command in so many is looked at
  };

  bool tracking() const { return tracking_; }

  /// Begins a session; what the one before has found is forgotten. There is none under way.
  void start(const terms& how);
  /// Ends the session; what it has found is kept. False: there has been none.
  bool stop();
  /// Forgets what was found.
  void reset();
  /// Ends a session whose time is over.
  void end_when_over();

  /// A command has been executed, while a session is under way.
  void note(const command& what, std::span<const std::string_view> words, std::uint64_t took_ns,
            std::uint64_t bytes);

  struct report {
    terms how;
    bool active;
    base::milliseconds_t begun;
    base::milliseconds_t lasted;
    std::uint64_t all_ns;     // of all commands
    std::uint64_t all_bytes;  // of all requests and replies
    std::int64_t user_ms;     // processor time of this process
    std::int64_t system_ms;
    std::vector<heavy_keys::spent> by_ns;  // estimates, if one command in several is looked at
    std::vector<heavy_keys::spent> by_bytes;
  };
  /// Of the session under way, or the last one; none: there has been none. Views in it hold until
  /// the next command.
  std::optional<report> look() const;

 private:
  struct session;

  void end(base::milliseconds_t at);

  node& server_;
  bool tracking_ = false;
  std::unique_ptr<session> session_;
};

}  // namespace hawser::engine
