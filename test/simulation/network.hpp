#pragma once

#include "owned_fd.hpp"
#include "trace.hpp"
#include "virtual_time.hpp"
#include <base/random.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hawser::simulation {

/// A client of a server, which is a part of the simulation.
class peer {
 public:
  virtual ~peer() = default;
  virtual void received(std::string_view bytes) = 0;
  /// There is no connection any more.
  virtual void disconnected() = 0;
};

/// The network between servers, and between clients and servers. A server's end of a connection is
/// a socket; what it writes there arrives at the other end later, in pieces, or never.
class network {
 public:
  using link_id = int;

  /// `admit` gives a server its end of a connection; false: nobody listens there.
  network(virtual_time& time, base::random& random, trace& events,
          std::function<bool(int server, int descriptor)> admit);

  /// A server connects with another one: its end, or -1.
  int connect(int from, int to);
  /// A client does; it hears of its end by peer.
  link_id connect(peer& client, int to);
  void send(link_id from, std::string_view bytes);
  void hang_up(link_id of);

  /// Moves bytes; whether there were any.
  bool pump();
  /// When there are some to be moved again; max if that is open.
  nanoseconds_t next_time() const;

  // Faults

  std::vector<link_id> links_between_servers() const;
  void cut(link_id which);
  /// Cuts it when so many bytes more have come through.
  void cut_after(link_id which, std::int64_t bytes);
  /// Nothing arrives any more, the end of the connection neither.
  void forget(link_id which);
  void stall(link_id which, nanoseconds_t until);
  /// Nothing comes through between this server and others; new connections of them are refused, or
  /// swallowed.
  void isolate(int server, nanoseconds_t until, bool refuses);
  /// The server's process is gone.
  void end_all_of(int server);
  /// There are no faults any more, but for those that have been.
  void heal();

 private:
  struct piece {
    nanoseconds_t due;
    std::string bytes;  // none: the end
  };
  struct direction {
    std::deque<piece> under_way;
    std::size_t bytes = 0;
    nanoseconds_t last_due = 0;
    bool ended = false;  // nothing is sent any more
  };
  struct link {
    int from;  // a server; negative: a client
    int to;
    peer* client = nullptr;
    test::owned_fd ends[2];       // the network's, of the servers' sockets
    direction ways[2];            // [0] from the one that connected
    nanoseconds_t admit_at = -1;  // it has been admitted
    nanoseconds_t stalled_until = 0;
    std::int64_t cut_after = -1;
    bool forgets = false;
  };
  struct isolation {
    nanoseconds_t until = 0;
    bool refuses = false;
  };

  link& make_link(int from, int to, link_id& id);
  int open_end(link& of, link_id id, int side);
  bool isolated(int server) const;
  void take(link_id id, int side);
  void add(link& to, int way, std::string_view bytes);
  bool deliver(link_id id);
  bool deliver_way(link_id id, link& of, int way);
  void end(link_id id);
  nanoseconds_t delay();

  virtual_time& time_;
  base::random& random_;
  trace& events_;
  std::function<bool(int, int)> admit_;
  test::owned_fd poll_;
  std::map<link_id, link> links_;
  std::map<int, isolation> isolated_;
  link_id last_ = 0;
  nanoseconds_t shortest_;  // on the way
  nanoseconds_t spread_;
  nanoseconds_t per_byte_;
};

}  // namespace hawser::simulation
