#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hawser::replication {

/// What a replica says of itself to its primary, and what it asks for.
struct introduction {
  std::string user;
  std::string password;  // empty: it does not authenticate
  std::int64_t port = 0;
  std::string address;  // empty: the one that the primary sees
  std::string id;       // of the history to go on with; empty: there is none
  std::int64_t next = -1;
  bool failover = false;  // the primary is to become a replica in turn
};

/// The primary's answer to PSYNC.
struct sync_answer {
  enum class kind : std::uint8_t {
    full,     // a snapshot follows, which is as of `offset` in the history `id`
    go_on,    // the stream follows, from where it was asked for; `id` if it has a new name
    later,    // not now
    refused,  // not understood
  };

  kind what;
  std::string id;
  std::int64_t offset = 0;
};

/// Reads a line of the primary, without its end.
sync_answer read_sync_answer(std::string_view line);

/// The conversation of a replica with its primary up to the answer to PSYNC: each request is
/// replied to by one line.
///
///   PING                                      whether it is there, and wants a password
///   AUTH [user] password
///   REPLCONF listening-port <port>            a primary may not know these: that is no reason to
///   REPLCONF ip-address <address>             give up
///   REPLCONF capa eof capa psync2
///   PSYNC <id> <next offset> | PSYNC ? -1
class handshake {
 public:
  explicit handshake(introduction own) : own_(std::move(own)) {}

  /// The next request; none: the last answer has been taken.
  std::optional<std::string> next();

  /// The request is PSYNC.
  bool asks_for_data() const { return asked_ == step::sync; }

  /// What is to be said of the answer to the last request in the log, if anything.
  struct remark {
    std::string text;
    bool fatal;  // the conversation is over
  };
  std::optional<remark> take(std::string_view line);

  /// After the last one.
  const sync_answer& answer() const { return answer_; }

 private:
  enum class step : std::uint8_t { ping, auth, port, address, abilities, sync, over };

  step after(step of) const;
  std::string request_of(step of) const;

  introduction own_;
  step next_ = step::ping;
  step asked_ = step::ping;
  sync_answer answer_{sync_answer::kind::later, {}, 0};
};

}  // namespace hawser::replication
