#pragma once

#include <base/chunked_buffer.hpp>
#include <base/clock.hpp>
#include <engine/config/settings.hpp>
#include <engine/feed.hpp>
#include <engine/names.hpp>
#include <engine/replication.hpp>
#include <engine/tracking.hpp>
#include <engine/transaction.hpp>
#include <resp/reply_writer.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace hawser::engine {

class client;
struct blocked_command;
namespace acl {
class user;
}

/// What the engine asks of a client's connection. Implemented by the transport; called on the
/// strand.
class client_link {
 public:
  virtual ~client_link() = default;

  /// The client's output has grown outside of its own turn and wants to be sent.
  virtual void output_ready() = 0;

  /// The connection is to end: at once, or after what is in the output has been sent.
  virtual void close(bool after_output) = 0;

  /// A client that waited goes on: with the command that was held back, or with what follows the
  /// one that was blocked and has been replied to. Not before the caller has left the strand.
  virtual void resume() = 0;

  /// The client has become a replica: what follows its output is this data set.
  virtual void send_data(data_feed) {}

  /// There is more of the stream of changes for this replica than it has been sent.
  virtual void changes_ready() {}

  /// Bytes handed to the transport and not yet taken by the peer.
  virtual std::size_t unsent() const = 0;

  /// Bytes of input held: received and not yet executed, and room beyond them.
  virtual std::pair<std::size_t, std::size_t> input_held() const = 0;
};

/// Which replies CLIENT REPLY lets through.
enum class reply_mode : std::uint8_t { on, off, skip_next, skip_this };

/// A key that WATCH named.
struct watched_key {
  int db;
  std::string key;
  bool was_expired;  // it was past its deadline then, and counts as missing since
};

/// What the engine knows of one connection. Touched on the strand only.
class client {
 public:
  client(std::uint64_t id, client_link& link)
      : id(id), link(&link), reply(out, resp::protocol::resp2) {}
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  const std::uint64_t id;
  client_link* link;
  base::chunked_buffer out;
  resp::reply_writer reply;

  int db = 0;
  bool authenticated = false;
  bool closing = false;  // nothing of it is executed any more
  bool monitor = false;
  bool no_evict = false;
  bool no_touch = false;
  bool unix_socket = false;
  bool primary = false;    // this server is its replica, and does what it says
  bool is_script = false;  // what a script's commands are executed for
  bool postponed = false;  // its next command waits for the end of CLIENT PAUSE
  reply_mode replies = reply_mode::on;

  std::string name;
  std::string library_name;
  std::string library_version;
  acl::user* user = nullptr;  // never null while the node has it
  std::string address;
  std::string local_address;
  int descriptor = -1;

  const command* last_command = nullptr;
  base::milliseconds_t created = 0;
  base::milliseconds_t last_interaction = 0;
  std::uint64_t last_write = 0;                    // where in the journal it ends
  base::milliseconds_t over_soft_limit_since = 0;  // 0: is not over it
  std::size_t counted_memory = 0;                  // see client_memory

  std::unique_ptr<replica_facts> replica;  // what it has said of itself with REPLCONF

  std::shared_ptr<blocked_command> blocked;  // what it waits with; the wait_list's

  class transaction transaction;
  std::vector<watched_key> watched;

  std::unique_ptr<tracking_mode> tracking;  // null: off

  name_set channels;
  name_set patterns;
  name_set shard_channels;

  std::size_t subscriptions() const { return channels.size() + patterns.size(); }
  bool subscribed() const { return subscriptions() + shard_channels.size() > 0; }
  /// It has asked for the stream of changes.
  bool follows() const { return replica && replica->at != replica_facts::stage::none; }
  client_class limits_as() const {
    if (follows()) return client_class::replica;
    return subscribed() ? client_class::pubsub : client_class::normal;
  }

  /// Nothing of it is executed until it is resumed.
  bool waits() const { return postponed || blocked != nullptr; }

  bool resp3() const { return reply.resp3(); }
  /// Writes what is not a reply, and is therefore not held back by CLIENT REPLY.
  resp::reply_writer pushes() { return {out, reply.version()}; }
  std::size_t output_bytes() const {
    const auto changes = follows() && replica->changes ? replica->changes->lag() : 0;
    return out.size() + link->unsent() + changes;
  }

  /// It is on this machine: loopback or Unix socket.
  bool is_local() const;

  /// Bytes held on behalf of this client.
  std::size_t memory() const;
};

}  // namespace hawser::engine
