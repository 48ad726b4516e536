#pragma once

#include "engine_fixture.hpp"

#include <string>
#include <string_view>

namespace hawser::test {

/// Listens to the keyspace events of a fixture, misses and new keys included.
class event_recorder {
 public:
  explicit event_recorder(engine_fixture& db) : db_(db), listener_(db.connect()) {
    db_.set("notify-keyspace-events", "EAnm");
    db_.node.pubsub.subscribe(listener_.state(), engine::pubsub_registry::kind::pattern,
                              "__keyevent@*");
  }

  /// Runs a command and returns the events it caused, as in "new a, set a".
  std::string of(std::string_view command) {
    db_(command);
    return heard();
  }

  /// The events since the last question.
  std::string heard() {
    std::string all;
    while (listener_.has_reply()) {
      const auto message = listener_.reply();
      const auto event = message.substr(message.rfind("__:") + 3);
      all += (all.empty() ? "" : ", ") + event.substr(0, event.size() - 1);
    }
    return all;
  }

 private:
  engine_fixture& db_;
  engine_client listener_;
};

}  // namespace hawser::test
