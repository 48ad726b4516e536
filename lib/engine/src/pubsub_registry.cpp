#include <base/glob.hpp>
#include <engine/client.hpp>
#include <engine/pubsub_registry.hpp>

#include <algorithm>

namespace hawser::engine {

name_set& pubsub_registry::names_of(client& who, kind what) {
  switch (what) {
    case kind::channel:
      return who.channels;
    case kind::pattern:
      return who.patterns;
    case kind::shard_channel:
      break;
  }
  return who.shard_channels;
}

bool pubsub_registry::subscribe(client& who, kind what, std::string_view name) {
  const bool first = !who.subscribed();
  if (!names_of(who, what).emplace(name).second) return false;
  auto& table = of(what);
  auto found = table.find(name);
  if (found == table.end()) found = table.emplace(name, subscribers{}).first;
  found->second.push_back(&who);
  if (first) ++clients_;
  return true;
}

bool pubsub_registry::unsubscribe(client& who, kind what, std::string_view name) {
  auto& names = names_of(who, what);
  const auto own = names.find(name);
  if (own == names.end()) return false;
  auto& table = of(what);
  const auto found = table.find(name);
  auto& all = found->second;
  all.erase(std::find(all.begin(), all.end(), &who));
  if (all.empty()) table.erase(found);
  names.erase(own);
  if (!who.subscribed()) --clients_;
  return true;
}

void pubsub_registry::unsubscribe_all(client& who) {
  for (const auto what : {kind::channel, kind::pattern, kind::shard_channel})
    while (!names_of(who, what).empty()) {
      const std::string name = *names_of(who, what).begin();
      unsubscribe(who, what, name);
    }
}

std::size_t pubsub_registry::deliver(kind what, std::string_view verb, std::string_view channel,
                                     std::string_view message) {
  const auto found = of(what).find(channel);
  if (found == of(what).end()) return 0;
  for (client* each : found->second) {
    if (each->closing) continue;
    each->pushes().push(3).bulk(verb).bulk(channel).bulk(message);
    each->link->output_ready();
  }
  return found->second.size();
}

std::size_t pubsub_registry::deliver_to_patterns(std::string_view channel,
                                                 std::string_view message) {
  std::size_t count = 0;
  for (const auto& [pattern, all] : of(kind::pattern)) {
    if (!base::glob_match(pattern, channel)) continue;
    for (client* each : all) {
      if (each->closing) continue;
      each->pushes().push(4).bulk("pmessage").bulk(pattern).bulk(channel).bulk(message);
      each->link->output_ready();
    }
    count += all.size();
  }
  return count;
}

std::size_t pubsub_registry::publish(std::string_view channel, std::string_view message) {
  const auto direct = deliver(kind::channel, "message", channel, message);
  return direct + deliver_to_patterns(channel, message);
}

std::size_t pubsub_registry::publish_sharded(std::string_view channel, std::string_view message) {
  return deliver(kind::shard_channel, "smessage", channel, message);
}

std::vector<std::string_view> pubsub_registry::names(
    kind what, std::optional<std::string_view> pattern) const {
  std::vector<std::string_view> found;
  for (const auto& [name, all] : of(what))
    if (!pattern || base::glob_match(*pattern, name)) found.push_back(name);
  return found;
}

std::size_t pubsub_registry::subscriber_count(kind what, std::string_view name) const {
  const auto found = of(what).find(name);
  return found == of(what).end() ? 0 : found->second.size();
}

}  // namespace hawser::engine
