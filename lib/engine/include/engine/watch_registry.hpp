#pragma once

#include <engine/names.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

namespace hawser::engine {

class client;

/// What a database holds under a key.
enum class presence : std::uint8_t { missing, alive, expired };

/// Which clients watch which keys (WATCH), to tell them when one changes.
///
/// A key that was past its deadline when it was watched counts as missing from the beginning: that
/// it is removed later is no change.
class watch_registry {
 public:
  /// Watching a key twice is watching it once.
  void watch(client& who, int db, std::string_view key, presence now);
  void unwatch_all(client& who);

  /// This key has changed: whoever watches it will not EXEC.
  void touch(int db, std::string_view key);
  /// This key is removed because of its deadline.
  void touch_expired(int db, std::string_view key);

  /// The whole content of a database is exchanged: `before(key)` and `after(key)` are the presence
  /// of a key in what the database held and in what it is going to hold.
  template <class Before, class After>
  void replace(int db, Before before, After after) {
    if (static_cast<std::size_t>(db) >= databases_.size()) return;
    for (auto& [key, clients] : databases_[static_cast<std::size_t>(db)])
      replace(clients, db, key, before(std::string_view(key)), after(std::string_view(key)));
  }

  bool empty() const { return watched_ == 0; }

 private:
  using watchers = std::vector<client*>;
  watchers* find(int db, std::string_view key);
  static void replace(watchers& clients, int db, std::string_view key, presence before,
                      presence after);

  std::vector<name_map<watchers>> databases_;
  std::size_t watched_ = 0;  // pairs of client and key
};

}  // namespace hawser::engine
