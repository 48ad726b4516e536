#include <engine/client.hpp>
#include <engine/watch_registry.hpp>

#include <algorithm>

namespace hawser::engine {

void watch_registry::watch(client& who, int db, std::string_view key) {
  const auto same = [&](const auto& each) { return each.first == db && each.second == key; };
  if (std::any_of(who.watched.begin(), who.watched.end(), same)) return;
  const auto index = static_cast<std::size_t>(db);
  if (databases_.size() <= index) databases_.resize(index + 1);
  auto& keys = databases_[index];
  auto found = keys.find(key);
  if (found == keys.end()) found = keys.emplace(key, watchers{}).first;
  found->second.push_back(&who);
  who.watched.emplace_back(db, key);
  ++watched_;
}

void watch_registry::unwatch_all(client& who) {
  for (const auto& [db, key] : who.watched) {
    auto& keys = databases_[static_cast<std::size_t>(db)];
    const auto found = keys.find(key);
    auto& clients = found->second;
    clients.erase(std::find(clients.begin(), clients.end(), &who));
    if (clients.empty()) keys.erase(found);
    --watched_;
  }
  who.watched.clear();
}

void watch_registry::touch(int db, std::string_view key) {
  if (watched_ == 0 || static_cast<std::size_t>(db) >= databases_.size()) return;
  auto& keys = databases_[static_cast<std::size_t>(db)];
  if (const auto found = keys.find(key); found != keys.end()) outdate(found->second);
}

void watch_registry::outdate(watchers& clients) {
  for (client* each : clients) each->transaction.outdate();
}

}  // namespace hawser::engine
