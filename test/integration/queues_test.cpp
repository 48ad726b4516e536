#include "catch.hpp"
#include "tcp_client.hpp"

#include <algorithm>
#include <atomic>
#include <future>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <vector>

using namespace hawser::test;

// Queues under load: producers push numbered jobs into lists, consumers take them by every blocking
// command, time out, hang up while they wait, are killed and unblocked. In the end each job has
// been taken once, or is still there.

namespace {

using names = std::vector<std::string>;

constexpr int producers = 2;
constexpr int jobs_each = 4'000;

/// What the threads share.
struct workshop {
  explicit workshop(const server_process& server) : server(server) {}
  const server_process& server;
  std::atomic<int> producing{producers};
  std::atomic<int> mover_id{0};
};

class worker {
 public:
  worker(workshop& on, unsigned seed) : on_(on), random_(seed) { connect(); }

 protected:
  void connect() { client_ = std::make_unique<tcp_client>(on_.server); }
  std::size_t below(std::size_t bound) { return random_() % bound; }
  std::string queue() { return below(2) == 0 ? "a" : "b"; }
  tcp_client& client() { return *client_; }

  workshop& on_;

 private:
  std::mt19937 random_;
  std::unique_ptr<tcp_client> client_;
};

class producer : worker {
 public:
  producer(workshop& on, unsigned number) : worker(on, number), number_(std::to_string(number)) {}

  void run() {
    for (int next = 0; next < jobs_each;) {
      names jobs;
      for (auto count = 1 + below(4); count > 0 && next < jobs_each; --count)
        jobs.push_back(number_ + "-" + std::to_string(next++));
      deliver(jobs);
    }
    --on_.producing;
  }

 private:
  void deliver(const names& jobs) {
    switch (below(4)) {
      case 0:
        for (const auto& job : jobs)
          client()((below(2) ? "RPUSH " : "LPUSH ") + queue() + " " + job);
        return;
      case 1:
        client()("MULTI");
        for (const auto& job : jobs) client()("RPUSH " + queue() + " " + job);
        client()("EXEC");
        return;
      default:
        return stage(jobs);
    }
  }

  /// By way of another list, which becomes the queue as a whole or element by element.
  void stage(const names& jobs) {
    const auto at = "stage:" + number_;
    std::string push = "RPUSH " + at;
    for (const auto& job : jobs) push += " " + job;
    client()(push);
    const auto to = queue();
    if (client()("RENAMENX " + at + " " + to) == "1") return;
    while (client()(below(2) ? "RPOPLPUSH " + at + " " + to
                             : "LMOVE " + at + " " + to + " LEFT RIGHT") != "nil")
      continue;
  }

  std::string number_;
};

class consumer : worker {
 public:
  using worker::worker;

  void run() {
    while (on_.producing > 0) take();
  }
  names taken;

 private:
  void take() {
    switch (below(testing_the_oracle() ? 5 : 6)) {
      case 0:
        return ask({"BLPOP " + queue() + " " + queue() + " 0.02"});
      case 1:
        return ask({"BRPOP a b 0.01"});
      case 2:
        return ask({"BLMPOP 0.02 2 b a LEFT COUNT 3"});
      case 3:
        return ask({"BLPOP a 0.01", "PING", "BRPOP b 0.01", "LPOP a"});
      case 4:
        return ask({"MULTI", "BLPOP a b 0", "EXEC"});
      default:
        return hang_up();
    }
  }

  void ask(const names& commands) {
    for (const auto& command : commands) client().send(command);
    for (std::size_t i = 0; i < commands.size(); ++i) note(client().receive().value);
  }

  /// What was on its way when this side said goodbye still counts. (Redis drops a reply to a client
  /// that it has served and heard the end of in one pass.)
  void hang_up() {
    client().send("BLPOP a b 0");
    client().half_close();
    try {
      for (;;) note(client().receive().value);
    } catch (const connection_closed&) {
      connect();
    }
  }

  void note(const reply_value& reply) {
    if (reply.text.find('-') != std::string::npos && reply.kind == reply_kind::bulk)
      taken.push_back(reply.text);
    for (const auto& item : reply.items) note(item);
  }
};

/// Moves jobs to where nothing can be lost, and is killed meanwhile.
class mover : worker {
 public:
  using worker::worker;

  void run() {
    while (on_.producing > 0) {
      try {
        on_.mover_id = std::stoi(client()("CLIENT ID"));
        for (auto count = below(50); count > 0; --count)
          client()(below(2) ? "BLMOVE a done LEFT RIGHT 0.01" : "BRPOPLPUSH b done 0.01");
        client().send("BLMOVE a done RIGHT LEFT 0");
      } catch (const std::exception&) {
        // Killed; the next connection goes on.
      }
      connect();
    }
  }
};

class supervisor : worker {
 public:
  using worker::worker;

  void run() {
    while (on_.producing > 0) {
      const auto last = std::stoul(client()("CLIENT ID")) + 1;
      const auto id = std::to_string(1 + below(last + 200));
      client()("CLIENT UNBLOCK " + id + (below(2) ? " ERROR" : " TIMEOUT"));
      if (below(20) == 0) client()("CLIENT KILL ID " + std::to_string(on_.mover_id));
    }
  }
};

names all_jobs() {
  names all;
  for (int i = 0; i < producers; ++i)
    for (int job = 0; job < jobs_each; ++job)
      all.push_back(std::to_string(i) + "-" + std::to_string(job));
  return all;
}

/// What the first of two sorted sequences has that the second does not.
names beyond(const names& these, const names& those) {
  names rest;
  std::set_difference(these.begin(), these.end(), those.begin(), those.end(),
                      std::back_inserter(rest));
  return rest;
}

void add_left(tcp_client& client, names& to) {
  for (const auto* key : {"a", "b", "done"})
    for (client.send("LRANGE " + std::string(key) + " 0 -1");
         const auto& item : client.receive().value.items)
      to.push_back(item.text);
}

}  // namespace

TEST_CASE("Every job is taken once, whoever comes and goes", "[queues]") {
  for (const auto* threads : {"1", "2"}) {
    INFO(threads << " I/O threads");
    server_process server({"--io-threads", threads});
    workshop on(server);
    std::vector<std::unique_ptr<consumer>> consumers;
    for (unsigned i = 0; i < 4; ++i) consumers.push_back(std::make_unique<consumer>(on, 100 + i));
    std::vector<std::future<void>> crew;
    const auto start = [&](auto work) { crew.push_back(std::async(std::launch::async, work)); };
    for (unsigned i = 0; i < producers; ++i) start([&, i] { producer(on, i).run(); });
    for (auto& each : consumers) start([&] { each->run(); });
    start([&] { mover(on, 200).run(); });
    start([&] { supervisor(on, 300).run(); });
    for (auto& each : crew) each.get();

    tcp_client observer(server);
    REQUIRE(wait_until([&] {
      return observer("INFO clients").find("blocked_clients:0\\r") != std::string::npos;
    }));
    names found;
    for (const auto& each : consumers)
      found.insert(found.end(), each->taken.begin(), each->taken.end());
    CHECK(found.size() > jobs_each / 10);
    add_left(observer, found);
    auto expected = all_jobs();
    std::sort(found.begin(), found.end());
    std::sort(expected.begin(), expected.end());
    CHECK(beyond(expected, found) == names{});  // lost
    CHECK(beyond(found, expected) == names{});  // taken twice
  }
}

TEST_CASE("Jobs keep their order though those who move them hang up", "[queues]") {
  server_process server;
  tcp_client pusher(server);
  constexpr std::size_t jobs = 3'000;
  std::vector<std::unique_ptr<tcp_client>> movers(8);
  names expected;
  while (expected.size() < jobs) {
    // The one before, which waits or has been served, leaves.
    auto& mover = movers[expected.size() % movers.size()];
    mover = std::make_unique<tcp_client>(server);
    mover->send("BLMOVE jobs done LEFT RIGHT 0");
    std::string push = "RPUSH jobs";
    for (auto count = expected.size() % 3; count-- > 0;) {
      expected.push_back(std::to_string(expected.size()));
      push += " " + expected.back();
    }
    expected.push_back(std::to_string(expected.size()));
    pusher(push + " " + expected.back());
  }
  while (pusher("LMOVE jobs done LEFT RIGHT") != "nil") continue;
  pusher.send("LRANGE done 0 -1");
  names done;
  for (const auto& item : pusher.receive().value.items) done.push_back(item.text);
  CHECK(done == expected);
}
