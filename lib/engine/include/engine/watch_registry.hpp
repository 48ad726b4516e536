#pragma once

#include <engine/names.hpp>

#include <string_view>
#include <vector>

namespace hawser::engine {

class client;

/// Which clients watch which keys (WATCH), to tell them when one changes.
class watch_registry {
 public:
  /// Watching a key twice is watching it once.
  void watch(client& who, int db, std::string_view key);
  void unwatch_all(client& who);

  /// This key has changed: whoever watches it will not EXEC.
  void touch(int db, std::string_view key);

  /// Every watched key of a database for which `changed(key)` is true has changed.
  template <class Changed>
  void touch_if(int db, Changed changed) {
    if (static_cast<std::size_t>(db) >= databases_.size()) return;
    for (auto& [key, clients] : databases_[static_cast<std::size_t>(db)])
      if (changed(std::string_view(key))) outdate(clients);
  }

  bool empty() const { return watched_ == 0; }

 private:
  using watchers = std::vector<client*>;
  static void outdate(watchers& clients);

  std::vector<name_map<watchers>> databases_;
  std::size_t watched_ = 0;  // pairs of client and key
};

}  // namespace hawser::engine
