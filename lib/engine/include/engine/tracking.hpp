#pragma once

#include <base/chunked_buffer.hpp>
#include <base/hash.hpp>
#include <base/random.hpp>
#include <engine/key_specs.hpp>
#include <resp/reply_writer.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>

namespace hawser::engine {

class client;
class tracked_keys;

/// How a client wants to be told of keys that change: CLIENT TRACKING.
struct tracking_mode {
  std::uint64_t redirect = 0;  // the client that is told instead of it; 0: none
  bool broadcast = false;      // of all keys with its prefixes, whether it has read them or not
  bool opt_in = false;         // only of what it reads after CLIENT CACHING YES
  bool opt_out = false;        // of all it reads but after CLIENT CACHING NO
  bool no_loop = false;        // not of its own changes
  bool caching = false;        // CLIENT CACHING has been said of what comes next
  bool broken = false;         // the client that is told instead of it has gone
  std::set<std::string, std::less<>> prefixes;
};

/// Which clients hold which keys in caches of their own, to tell them when one changes.
///
/// Two ways to know. The keys that a client has read are remembered with its id, until they change:
/// then it is told once, and forgotten until it reads the key again. Ids of clients that have gone
/// stay until then, so that a disconnection costs nothing. The others have named prefixes: keys
/// with these that change are collected, and broadcast together.
///
/// Keys are names without a database. Holds clients it does not own: a client that goes is disabled
/// first.
class tracking_registry {
 public:
  using clients_by_id = std::map<std::uint64_t, client*>;

  /// Both are the caller's and outlive the registry.
  tracking_registry(const base::key_hasher& hash, const clients_by_id& clients);
  ~tracking_registry();

  /// Nothing that is read or changed needs to be told of here.
  bool idle() const { return (clients_ | items_ | held_for_) == 0; }

  /// Prefixes are added to those that a client has; none: all keys. What it has read stays
  /// remembered.
  void enable(client& who, const tracking_mode& mode);
  void disable(client& who);

  /// The client has read the keys of this command.
  void remember(const client& who, const key_specs& where, std::span<const std::string_view> words);

  /// A key has changed: who has read it is told at once, but `executing`, the client (if any) whose
  /// command does that, after its reply. `author` is the id of the client that is not told under
  /// NOLOOP when it is broadcast; 0: none. True: broadcast() is to be called soon.
  bool changed(std::string_view key, client* executing, std::uint64_t author);

  /// All keys of a database are gone: everybody is told to forget everything.
  void flushed(client* executing);

  /// Tells of the keys that have been collected.
  void broadcast();

  /// Tells a client what had to wait for the end of its command, and forgets CLIENT CACHING.
  void end_of_command(client& who);
  /// CLIENT CACHING is about the next command or transaction, be it refused. Its own kind (CLIENT
  /// ...) does not count.
  static void forget_caching(client& who);

  /// Has no more than about `most` keys (0: any number) remembered: others are forgotten as if they
  /// had changed, some of them in each call, and more the longer that does not suffice.
  void limit(std::size_t most, base::random& random);

  std::size_t client_count() const { return clients_; }
  std::size_t prefix_count() const { return prefixes_.size(); }
  std::size_t key_count() const;
  /// Pairs of a key and a client that has read it.
  std::size_t item_count() const { return items_; }
  /// Bytes of keys and ids in pages of their own.
  std::size_t memory() const;

 private:
  struct prefix_state {
    clients_by_id clients;
    std::map<std::string, std::uint64_t, std::less<>> changed;  // to their author
  };

  void send_held(client& who);
  bool collect(std::string_view key, std::uint64_t author);
  void invalidate(std::string_view key, client* executing);
  template <class Write>
  void tell(client& who, const client* executing, Write write_keys);
  template <class Write>
  void push(client& to, const client* executing, Write write);

  const base::key_hasher& hash_;
  const clients_by_id& all_clients_;
  std::size_t clients_ = 0;  // that track
  std::size_t items_ = 0;
  std::unique_ptr<tracked_keys> read_;  // null: nobody has ever tracked
  std::map<std::string, prefix_state, std::less<>> prefixes_;
  bool collected_ = false;      // something is to be broadcast
  base::chunked_buffer held_;   // what waits for the end of a command of
  std::uint64_t held_for_ = 0;  // this client; 0: nothing waits
  std::size_t failed_limits_ = 0;
};

}  // namespace hawser::engine
