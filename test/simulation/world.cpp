#include "world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace hawser::simulation {

namespace {

constexpr nanoseconds_t time_of_faults = 6 * second;
constexpr nanoseconds_t longest_recovery = 60 * second;

const test::command_family& changes() {
  static const test::command_family family{
      "changes",
      1,
      {
          {6, "SET (a0|a1|a2|a3|a4|a5) <text> [PX 10|EX 1|PX 100]", {}, 0, false},
          {3, "INCR (n0|n1)", {}, 0, false},
          {2, "INCRBYFLOAT f0 0.1", {}, 0, false},
          {3, "APPEND (a0|a1) <text>", {}, 0, false},
          {4, "RPUSH (l0|l1) <text> <text>", {}, 0, false},
          {2, "LPOP (l0|l1) [2]", {}, 0, false},
          {2, "BLPOP (l0|l1) l9 0.01", {}, 0, false},
          {2, "LMOVE (l0|l1) (l0|l1) LEFT RIGHT", {}, 0, false},
          {4, "SADD (s0|s1) <member>+", {}, 0, false},
          {3, "SPOP (s0|s1) [1|2|9]", {}, 0, false},
          {4, "HSET (h0|h1) <member> <text> <member> <text>", {}, 0, false},
          {2, "HINCRBYFLOAT h2 <member> 0.5", {}, 0, false},
          {2, "HDEL (h0|h1) <member>", {}, 0, false},
          {4, "ZADD (z0|z1) <int> <member>", {}, 0, false},
          {2, "ZPOPMIN (z0|z1)", {}, 0, false},
          {2, "XADD (x0|x1) MAXLEN 20 * <member> <text>", {}, 0, false},
          {3, "(PEXPIRE|EXPIRE) (a0|h0|s1|x1|z0) (10|100|1000)", {}, 0, false},
          {2, "PERSIST (a0|h0|s1|x1)", {}, 0, false},
          {1, "RENAME (a0|l0) (a1|l1)", {}, 0, false},
          {2, "DEL (a0|l0|s0|h0|z0|x0)", {}, 0, false},
          {1, "SETRANGE (b0|b1|b2) (1000|20000|50000) x", {}, 0, false},
          {2, "MULTI ; INCR n2 ; SELECT (0|1) ; RPUSH l2 <text> ; SPOP s0 ; EXEC", {}, 0, false},
          {2,
           "EVAL 'redis.call(\"incr\",\"n3\") return redis.call(\"spop\",\"s1\")' 0",
           {},
           0,
           false},
          {2, "SELECT (0|1)", {}, 0, false},
          {1, "SWAPDB 0 1", {}, 0, false},
          {1, "FLUSHALL", {}, 0, false},
          {1, "PUBLISH channel <text>", {}, 0, false},
      }};
  return family;
}

nanoseconds_t cost_of_a_look(base::random& random) {
  return static_cast<nanoseconds_t>(random.below(3)) * 10 * microsecond;
}

}  // namespace

world::world(std::uint64_t seed, bool readable)
    : seed_(seed),
      random_(seed),
      time_(cost_of_a_look(random_)),
      events_(time_, readable),
      net_(time_, random_, events_,
           [this](int server, int descriptor) {
             test::owned_fd end(descriptor);
             if (!at(server).up) return false;
             at(server).up->admit(end.release());
             return true;
           }),
      commands_(changes(), random_.next()),
      longest_step_(static_cast<nanoseconds_t>(5 + chance(45)) * millisecond) {
  populate();
}

world::~world() {
  try {
    end_all();
  } catch (const broken_promise&) {
    // What had to be told has been.
    for (auto& each : vanished_) static_cast<void>(each.release());
  }
}

void world::populate() {
  constexpr std::uint64_t fewest = 3, more = 3;
  machines_.resize(fewest + chance(more));
  for (int i = 0; i < size(); ++i) {
    auto& made = at(i);
    made.primary = i == 0 ? -1 : static_cast<int>(chance(static_cast<std::uint64_t>(i)));
    made.start_at = once_in(2) ? up_to(2 * second) : 0;
    made.start.number = i;
    made.start.clock_wrong_by =
        static_cast<base::microseconds_t>(chance(4)) * 700 * (once_in(2) ? 1000 : 1);
    made.start.files = std::make_shared<test::memory_file_system>();
    auto& now = made.start.options;
    now.databases = 2;
    now.port = 7000 + i;
    now.save_points.clear();
    now.replica_announce_ip = fmt::format("node{}", i);
    now.appendonly = once_in(2);
    now.appendfsync = once_in(2) ? engine::fsync_policy::always : engine::fsync_policy::everysec;
    now.repl_diskless_sync = once_in(2);
    now.repl_diskless_sync_delay = 0;
    constexpr engine::diskless_load loads[] = {engine::diskless_load::disabled,
                                               engine::diskless_load::on_empty_db,
                                               engine::diskless_load::swapdb};
    now.repl_diskless_load = loads[chance(3)];
    now.repl_timeout = 2 + static_cast<std::int64_t>(chance(3));
    now.repl_ping_replica_period = 1;
    now.repl_backlog_size = once_in(3) ? 16 * 1024 : 1024 * 1024;
    now.rdbcompression = once_in(2);
    if (made.primary >= 0)
      now.replicaof = {fmt::format("node{}", made.primary), 7000 + made.primary};
  }
  if (once_in(4))
    tell(0, {"EVAL", "for i = 1, 400 do redis.call('set', 'key' .. i, ('x'):rep(40)) end", "0"});
  writers_.resize(1 + chance(3));
  harm_at_ = up_to(2 * second);
}

int world::root() const {
  for (int i = 0; i < size(); ++i)
    if (machines_[static_cast<std::size_t>(i)].primary < 0) return i;
  return 0;
}

void world::start(int server) {
  auto& here = at(server);
  here.start_at = -1;
  here.start.seed = random_.next();
  here.has_data = here.keeps_changes = false;
  here.full_syncs = 0;
  ways_out ways;
  ways.log = [this, server](std::string_view line) { heard(server, line); };
  ways.connect = [this, server](const std::string& host, std::uint16_t port) {
    static_cast<void>(host);
    const int to = port - 7000;
    return to >= 0 && to < size() ? net_.connect(server, to) : -1;
  };
  events_.note("start", {server});
  here.up = std::make_unique<simulated_server>(here.start, time_, ways);
  if (!here.up->begin()) throw broken_promise(fmt::format("server {} does not start", server));
}

void world::start_due() {
  for (int i = 0; i < size(); ++i)
    if (!at(i).up && at(i).start_at >= 0 && at(i).start_at <= time_.now()) start(i);
}

bool world::poll_servers() {
  constexpr std::uint64_t most = 16;
  bool worked = false;
  for (int i = 0; i < size(); ++i) {
    if (!at(i).up) continue;
    const auto done = at(i).up->poll(1 + chance(most));
    if (done == 0) continue;
    worked = true;
    look_at(i);
    if (at(i).up->over()) stopped(i);
  }
  for (auto& each : vanished_) worked = each->poll(64) > 0 || worked;
  std::erase_if(vanished_, [](const auto& each) { return each->over(); });
  return worked;
}

void world::step() {
  ++counts_.steps;
  start_due();
  bool worked = poll_servers();
  if (!broken_.empty()) throw broken_promise(broken_);
  worked = net_.pump() || worked;
  if (writing_) write();
  give_orders();
  if (worked) return time_.advance_to(time_.now() + 20 * microsecond);
  auto next = std::min(net_.next_time(), time_.now() + longest_step_);
  for (const auto& each : machines_)
    if (!each.up && each.start_at >= 0) next = std::min(next, each.start_at);
  time_.advance_to(std::max(next, time_.now() + 20 * microsecond));
}

void world::write() {
  for (auto& each : writers_)
    if (each.next_at <= time_.now()) write_by(each);
}

void world::write_by(writer& who) {
  constexpr nanoseconds_t longest_pause = 60 * millisecond;
  who.next_at = time_.now() + up_to(longest_pause);
  if (!who.connection || !who.connection->connected()) {
    who.server = once_in(10) ? static_cast<int>(chance(machines_.size())) : root();
    if (!at(who.server).up) return;
    who.connection = std::make_unique<simulated_client>(net_, who.server);
    who.life = at(who.server).start.seed;
    who.id = 0;
    who.connection->send({"CLIENT", "ID"}, [&who](const std::string& reply) {
      std::from_chars(reply.data(), reply.data() + reply.size(), who.id);
    });
  }
  if (who.connection->awaited() > 0) return;
  std::vector<std::string> request;
  const auto send = [&] {
    if (request.empty()) return;
    who.connection->send(request, [this, &who](const std::string& reply) {
      // It goes elsewhere.
      if (reply.starts_with("!READONLY") && !once_in(4)) who.next_at = time_.now();
    });
    request.clear();
  };
  for (auto left = 1 + chance(3); left > 0; --left) {
    for (const auto& word : commands_.next().argv) {
      if (word != ";")
        request.push_back(word);
      else
        send();
    }
    send();
  }
  const auto timeout = std::to_string(50 + chance(500));
  if (once_in(4))
    who.connection->send({"WAIT", std::to_string(1 + chance(2)), timeout},
                         [this, &who](const std::string& reply) {
                           std::int64_t replicas = 0;
                           std::from_chars(reply.data(), reply.data() + reply.size(), replicas);
                           if (replicas > 0) check_wait(who, replicas);
                         });
  else if (once_in(8))
    who.connection->send({"WAITAOF", "1", "0", timeout}, [this, &who](const std::string& reply) {
      if (reply.starts_with("[1")) check_disk(who);
    });
}

/// Where a client's writes end, if its server still knows it; no id otherwise.
histories::place world::end_of_writes(const writer& who) {
  auto& server = at(who.server);
  if (!server.up || server.start.seed != who.life) return {};
  auto& node = server.up->node();
  const auto found = node.clients.find(who.id);
  if (found == node.clients.end() || node.is_replica() || found->second->last_write == 0) return {};
  return {node.replication.past.id(), found->second->last_write};
}

/// What this client had written was on the disk of its server.
void world::check_disk(const writer& who) {
  const auto end = end_of_writes(who);
  if (end.id.empty() || !at(who.server).up->node().replication.backlog) return;
  if (!histories_.has_on_disk(who.server, end))
    throw broken_promise(fmt::format("WAITAOF says that server {} has {}:{} on disk", who.server,
                                     end.id, end.offset));
}

/// So many replicas had what this client had written.
void world::check_wait(const writer& who, std::int64_t replicas) {
  const auto end = end_of_writes(who);
  if (end.id.empty()) return;
  ++counts_.waits;
  std::int64_t having = 0;
  for (int i = 0; i < size(); ++i) having += i != who.server && histories_.has_reached(i, end);
  if (having < replicas)
    throw broken_promise(fmt::format("WAIT says that {} replicas of {} have {}:{}, but {} have",
                                     replicas, who.server, end.id, end.offset, having));
}

void world::give_orders() {
  constexpr nanoseconds_t pause = 100 * millisecond;
  for (auto& each : orders_) {
    if (each.connection && !each.connection->connected() && each.request.front() == "SHUTDOWN")
      each.done = true;
    if (each.done || each.next_at > time_.now() || !at(each.server).up) continue;
    if (each.connection && each.connection->connected() && each.connection->awaited() > 0) continue;
    each.next_at = time_.now() + pause;
    each.connection = std::make_unique<simulated_client>(net_, each.server);
    each.connection->send(each.request, [this, &each](const std::string& reply) {
      events_.note("told", {each.server}, each.request.front() + ' ' + reply);
      each.done = !reply.starts_with("!") || each.request.front() != "REPLICAOF";
      if (!each.done) each.next_at = time_.now() + pause;
    });
  }
  std::erase_if(orders_, [](const auto& each) { return each.done; });
}

void world::run() {
  time_.advance_to(time_.now());  // another world may have been before
  while (time_.now() < time_of_faults) {
    if (time_.now() >= harm_at_) do_harm();
    step();
  }
  heal();
  const auto healed = time_.now();
  while (!in_step()) {
    step();
    if (time_.now() - healed > longest_recovery)
      throw broken_promise("the servers do not come to be in step");
  }
  for (int i = 0; i < size(); ++i) {
    histories::compare_data(at(root()).up->node(), at(i).up->node());
    const auto& facts = at(i).up->node().replication;
    if (facts.full_syncs != at(i).full_syncs)
      throw broken_promise(fmt::format("server {} counts {} full syncs, {} have been seen", i,
                                       facts.full_syncs, at(i).full_syncs));
  }
  counts_.time = time_.now();
  end_all();
}

void world::end_all() {
  writers_.clear();
  orders_.clear();
  for (auto& each : machines_) {
    if (!each.up) continue;
    net_.end_all_of(each.up->number());
    each.up->vanish();
    vanished_.push_back(std::move(each.up));
  }
  const auto begun = time_.now();
  while (!vanished_.empty()) {
    for (auto& each : vanished_) each->poll(64);
    std::erase_if(vanished_, [](const auto& each) { return each->over(); });
    time_.advance_to(time_.now() + millisecond);
    if (time_.now() - begun > longest_recovery)
      throw broken_promise("a server does not come to its end");
  }
}

}  // namespace hawser::simulation
