#include <engine/client.hpp>
#include <engine/watch_registry.hpp>

#include <algorithm>

namespace hawser::engine {

namespace {

auto find_watched(client& who, int db, std::string_view key) {
  return std::find_if(who.watched.begin(), who.watched.end(),
                      [&](const auto& each) { return each.db == db && each.key == key; });
}

}  // namespace

void watch_registry::watch(client& who, int db, std::string_view key, presence now) {
  if (find_watched(who, db, key) != who.watched.end()) return;
  const auto index = static_cast<std::size_t>(db);
  if (databases_.size() <= index) databases_.resize(index + 1);
  auto& keys = databases_[index];
  auto found = keys.find(key);
  if (found == keys.end()) found = keys.emplace(key, watchers{}).first;
  found->second.push_back(&who);
  who.watched.push_back({db, std::string(key), now == presence::expired});
  ++watched_;
}

void watch_registry::unwatch_all(client& who) {
  for (const auto& each : who.watched) {
    auto& keys = databases_[static_cast<std::size_t>(each.db)];
    const auto found = keys.find(each.key);
    auto& clients = found->second;
    clients.erase(std::find(clients.begin(), clients.end(), &who));
    if (clients.empty()) keys.erase(found);
    --watched_;
  }
  who.watched.clear();
}

watch_registry::watchers* watch_registry::find(int db, std::string_view key) {
  if (watched_ == 0 || static_cast<std::size_t>(db) >= databases_.size()) return nullptr;
  auto& keys = databases_[static_cast<std::size_t>(db)];
  const auto found = keys.find(key);
  return found == keys.end() ? nullptr : &found->second;
}

void watch_registry::touch(int db, std::string_view key) {
  const auto* clients = find(db, key);
  if (clients == nullptr) return;
  for (client* each : *clients) each->transaction.outdate();
}

void watch_registry::touch_expired(int db, std::string_view key) {
  if (auto* clients = find(db, key))
    replace(*clients, db, key, presence::expired, presence::missing);
}

void watch_registry::replace(watchers& clients, int db, std::string_view key, presence before,
                             presence after) {
  if (before == presence::missing && after == presence::missing) return;
  for (client* each : clients) {
    const auto own = find_watched(*each, db, key);
    // A client that never saw the key alive sees no change when it still is not.
    const bool unseen = own->was_expired || before == presence::missing;
    own->was_expired = unseen && after == presence::expired;
    if (!unseen || after == presence::alive) each->transaction.outdate();
  }
}

}  // namespace hawser::engine
