#pragma once

#include "grammar.hpp"
#include "histories.hpp"
#include "network.hpp"
#include "simulated_client.hpp"
#include "simulated_server.hpp"
#include "trace.hpp"
#include "virtual_time.hpp"
#include <base/random.hpp>

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hawser::simulation {

/// Three to five servers that replicate, clients that write, somebody who gives the servers other
/// primaries, and faults; all by chance, and the same for the same seed.
class world {
 public:
  /// `readable`: the trace is kept as text.
  world(std::uint64_t seed, bool readable);
  ~world();

  /// From the servers' start to their end. Throws broken_promise.
  void run();

  struct counts {
    std::uint64_t full_syncs = 0;
    std::uint64_t partial_syncs = 0;
    std::uint64_t kills = 0;
    std::uint64_t faults = 0;
    std::uint64_t waits = 0;  // with a replica that had it
    std::uint64_t steps = 0;
    nanoseconds_t time = 0;
  };
  const counts& seen() const { return counts_; }
  const trace& events() const { return events_; }

 private:
  /// A machine with a server, most of the time.
  struct machine {
    start_of_server start;
    std::unique_ptr<simulated_server> up;
    nanoseconds_t start_at = 0;
    int primary = -1;                 // whom it is to follow
    histories::place saved;           // when it was killed its disk had at least this
    bool may_have_lost_name = false;  // of that history
    bool saves = false;               // when it is shut down

    // In this life of the server
    bool has_data = false;   // that it can go on from
    histories::place asked;  // for what comes behind this, the last time
    int asking = -1;         // the replica that has asked last
    std::string history;     // its name, and when it was written to a file
    nanoseconds_t named_at = 0;
    bool keeps_changes = false;    // and has done so without a gap
    std::uint64_t kept_since = 0;  // from this offset on
    std::uint64_t full_syncs = 0;  // that it was asked for
  };
  struct writer {
    std::unique_ptr<simulated_client> connection;
    int server = 0;
    std::uint64_t life = 0;  // of the server
    std::uint64_t id = 0;
    nanoseconds_t next_at = 0;
  };
  /// What the one who runs all this tells a server.
  struct order {
    int server;
    std::vector<std::string> request;
    std::unique_ptr<simulated_client> connection;
    nanoseconds_t next_at = 0;
    bool done = false;
  };

  // world.cpp
  void populate();
  void step();
  bool poll_servers();
  void start_due();
  void give_orders();
  void write();
  void write_by(writer& who);
  histories::place end_of_writes(const writer& who);
  void check_disk(const writer& who);
  void check_wait(const writer& who, std::int64_t replicas);
  void start(int server);
  void end_all();
  std::uint64_t chance(std::uint64_t below) { return random_.below(below); }
  bool once_in(std::uint64_t n) { return chance(n) == 0; }
  nanoseconds_t up_to(nanoseconds_t longest) {
    return static_cast<nanoseconds_t>(chance(static_cast<std::uint64_t>(longest)));
  }
  int size() const { return static_cast<int>(machines_.size()); }
  machine& at(int server) { return machines_[static_cast<std::size_t>(server)]; }
  int root() const;

  // world_faults.cpp
  void do_harm();
  void harm_a_link();
  void kill(int server, bool loses_power);
  void stopped(int server);
  void tell(int server, std::vector<std::string> request);
  void tell_to_follow(int server, int primary);
  bool is_behind(int server, int of) const;
  void move_a_replica();
  void promote();
  void heal();
  bool follow_as_told();
  bool in_step();

  // world_syncs.cpp
  void broken(std::string promise);
  void heard(int server, std::string_view line);
  void asked_for_data(int server, std::string_view line);
  void note_kept_changes(machine& of, const engine::node& node);
  void check_acknowledged(const engine::node& node);
  void check_saved(machine& of, const engine::node& node);
  void look_at(int server);

  const std::uint64_t seed_;
  base::random random_;
  virtual_time time_;
  trace events_;
  network net_;
  histories histories_;
  std::vector<machine> machines_;
  std::vector<std::unique_ptr<simulated_server>> vanished_;
  test::command_generator commands_;
  std::vector<writer> writers_;
  std::list<order> orders_;
  nanoseconds_t longest_step_;
  nanoseconds_t harm_at_ = 0;
  bool writing_ = true;
  std::string broken_;  // a promise
  counts counts_;
};

}  // namespace hawser::simulation
