#pragma once

#include <engine/names.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace hawser::engine {

class client;

/// Who listens to which channel and pattern. Subscribers of one name are served in the order in
/// which they subscribed. Holds clients it does not own: a client that goes unsubscribes first.
class pubsub_registry {
 public:
  enum class kind : std::uint8_t { channel, pattern, shard_channel };

  /// False: the client had subscribed to this name before.
  bool subscribe(client& who, kind what, std::string_view name);
  /// False: it had not.
  bool unsubscribe(client& who, kind what, std::string_view name);
  void unsubscribe_all(client& who);

  /// Puts the message into the output of everybody who listens; returns their number.
  std::size_t publish(std::string_view channel, std::string_view message);
  std::size_t publish_sharded(std::string_view channel, std::string_view message);

  /// Names with at least one subscriber, those that match the pattern when there is one.
  std::vector<std::string_view> names(kind what, std::optional<std::string_view> pattern) const;
  std::size_t subscriber_count(kind what, std::string_view name) const;
  std::size_t name_count(kind what) const { return of(what).size(); }
  /// Clients that listen to anything.
  std::size_t client_count() const { return clients_; }

 private:
  using subscribers = std::vector<client*>;
  using table = name_map<subscribers>;

  table& of(kind what) { return tables_[static_cast<std::size_t>(what)]; }
  const table& of(kind what) const { return tables_[static_cast<std::size_t>(what)]; }
  static name_set& names_of(client& who, kind what);
  std::size_t deliver(kind what, std::string_view verb, std::string_view channel,
                      std::string_view message);
  std::size_t deliver_to_patterns(std::string_view channel, std::string_view message);

  table tables_[3];
  std::size_t clients_ = 0;
};

}  // namespace hawser::engine
