#include "catch.hpp"
#include "tcp_client.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace hawser::test;

namespace {

/// How a cache hears of changes.
struct way {
  bool redirected;  // RESP2, and the messages come to another connection
  std::string options;
};

/// A client that keeps what it has read until it is told that it has changed, and by nothing else.
class caching_client {
 public:
  caching_client(const server_process& server, const way& how)
      : client_(server), opt_in_(how.options.find("OPTIN") != std::string::npos) {
    if (how.redirected) {
      listener_ = std::make_unique<tcp_client>(server);
      const auto id = (*listener_)("CLIENT ID");
      (*listener_)("SUBSCRIBE __redis__:invalidate");
      client_("CLIENT TRACKING on " + how.options + " REDIRECT " + id);
    } else {
      client_("HELLO 3");
      client_("CLIENT TRACKING on " + how.options);
    }
  }

  /// The reply to a command; messages before it are heard.
  std::string operator()(const std::string& line) {
    client_.send(line);
    return to_string(next(client_));
  }

  void read(const std::string& key) {
    if (cache_.contains(key)) return;
    if (opt_in_) (*this)("CLIENT CACHING yes");
    cache_[key] = (*this)("GET " + key);
    hear();
  }
  /// Reads through a transaction.
  void read_together(const std::string& one, const std::string& other) {
    if (opt_in_) (*this)("CLIENT CACHING yes");
    for (const auto& line : {std::string("MULTI"), "GET " + one, "GET " + other}) (*this)(line);
    client_.send("EXEC");
    const auto values = next(client_).items;
    cache_[one] = to_string(values.at(0));
    cache_[other] = to_string(values.at(1));
    hear();
  }

  /// Takes in all that has been sent by now.
  void hear() {
    auto& at = listener_ ? *listener_ : client_;
    at.send("PING");
    next(at);
  }

  bool holds(const std::string& key) const { return cache_.contains(key); }
  const std::map<std::string, std::string>& cache() const { return cache_; }
  std::size_t heard() const { return heard_; }

 private:
  reply_value next(tcp_client& from) {
    for (;;) {
      auto value = from.receive().value;
      if (!is_message(value)) return value;
      ++heard_;
      const auto& keys = value.items.back();
      if (keys.kind == reply_kind::nil) cache_.clear();
      for (const auto& key : keys.items) cache_.erase(key.text);
    }
  }
  static bool is_message(const reply_value& value) {
    if (value.kind == reply_kind::push) return true;
    return value.items.size() == 3 && value.items[0].text == "message";
  }

  tcp_client client_;
  std::unique_ptr<tcp_client> listener_;
  bool opt_in_;
  std::map<std::string, std::string> cache_;
  std::size_t heard_ = 0;
};

class random_changes {
 public:
  explicit random_changes(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t count) { return random_() % count; }
  std::string key() { return "key:" + std::to_string(below(12)); }
  std::string next() {
    const auto value = std::to_string(++value_);
    switch (below(17)) {
      case 0:
        return below(5) == 0 ? "FLUSHALL" : "DEL " + key() + " " + key();
      case 1:
        return "SET " + key() + " " + value + " PX " + std::to_string(1 + below(20));
      case 2:
        return "PEXPIRE " + key() + " " + std::to_string(below(20));
      case 3:
        return "APPEND " + key() + " " + value;
      case 4:
        return "MSET " + key() + " " + value + " " + key() + " x" + value;
      case 5:
        return "RENAME " + key() + " " + key();
      case 6:
        return "COPY " + key() + " " + key() + " REPLACE";
      case 7:
        return "EVAL \"redis.call('GET', '" + key() + "') redis.call('SET', '" + key() + "', '" +
               value + "') return redis.call('DEL', '" + key() + "')\" 0";
      case 8:
        return "GETDEL " + key();
      case 9:
        return "SETRANGE " + key() + " 2 " + value;
      case 10:
        return "PERSIST " + key();
      case 11:
        return "GETEX " + key() + " PX 10";
      case 12:
        return "BITOP OR " + key() + " " + key() + " " + key();
      default:
        return "SET " + key() + " " + value;
    }
  }
  std::vector<std::string> next_together() {
    return {"MULTI", next(), "GET " + key(), next(), "EXEC"};
  }

 private:
  std::mt19937 random_;
  std::size_t value_ = 0;
};

/// What the cache holds and the server does not is on its way out of the cache.
void check_against(tcp_client& observer, caching_client& cached) {
  cached.hear();
  const auto held = cached.cache();
  for (const auto& [key, value] : held) {
    const auto now = observer("GET " + key);
    if (now == value) continue;
    INFO(key << " is cached as " << value << " and is " << now);
    const bool forgotten = wait_until([&] {
      cached.hear();
      return !cached.holds(key);
    });
    REQUIRE(forgotten);
  }
}

void run_cache(const way& how, const char* threads, unsigned seed) {
  INFO(how.options << (how.redirected ? " redirected" : "") << ", " << threads
                   << " I/O threads, seed " << seed);
  server_process server({"--io-threads", threads});
  caching_client cached(server, how);
  tcp_client writer(server), observer(server);
  random_changes changes(seed);
  for (int i = 0; i < 3000; ++i) {
    switch (changes.below(4)) {
      case 0:
        writer(changes.next());
        break;
      case 1:
        if (changes.below(8) == 0) {
          for (const auto& each : changes.next_together()) cached(each);
        } else if (changes.below(4) == 0) {
          cached(changes.next());
        } else {
          for (const auto& each : changes.next_together()) writer(each);
        }
        break;
      case 2:
        cached.read(changes.key());
        break;
      default:
        cached.read_together(changes.key(), changes.key());
    }
    if (i % 50 == 0) check_against(observer, cached);
  }
  check_against(observer, cached);
  CHECK(cached.heard() > 300);
}

std::size_t number_in_info(tcp_client& client, const std::string& field) {
  const auto info = client("INFO everything");
  const auto at = info.find(field + ":");
  return std::stoul(info.substr(at + field.size() + 1));
}

}  // namespace

TEST_CASE("A cache that is kept by invalidations alone is never stale", "[tracking]") {
  const way ways[] = {{false, ""}, {false, "BCAST"}, {false, "OPTIN"}, {true, ""}, {true, "BCAST"}};
  unsigned seed = 1;
  for (const auto& how : ways) run_cache(how, "1", seed++);
  run_cache(ways[0], "2", seed++);
  run_cache(ways[4], "2", seed++);
}

TEST_CASE("Who reads 10,000 keys is told of all that a small table has no room for", "[tracking]") {
  server_process server({"--tracking-table-max-keys", "100"});
  caching_client reader(server, {false, ""});
  tcp_client writer(server);
  constexpr int keys = 10'000;
  for (int i = 0; i < keys; ++i) reader.read("key:" + std::to_string(i));
  REQUIRE(wait_until([&] {
    reader.hear();
    return reader.cache().size() <= 100;
  }));
  CHECK(number_in_info(writer, "tracking_total_keys") == 100);
  CHECK(reader.heard() == keys - 100);
  // Those that are left are remembered.
  const auto held = reader.cache();
  for (const auto& [key, value] : held) writer("SET " + key + " new");
  reader.hear();
  CHECK(reader.cache().empty());
  CHECK(number_in_info(writer, "tracking_total_keys") == 0);
}

TEST_CASE("When the connection that messages go to ends, the reader is told", "[tracking]") {
  for (const auto* threads : {"1", "2"}) {
    INFO(threads << " I/O threads");
    server_process server({"--io-threads", threads});
    tcp_client reader(server), writer(server);
    reader("HELLO 3");
    auto listener = std::make_unique<tcp_client>(server);
    const auto id = (*listener)("CLIENT ID");
    (*listener)("SUBSCRIBE __redis__:invalidate");
    CHECK(reader("CLIENT TRACKING on REDIRECT " + id) == "OK");
    reader("GET a");
    writer("SET a 1");
    CHECK(listener->reply() == "[message __redis__:invalidate [a]]");
    reader("GET a");
    listener.reset();
    REQUIRE(wait_until([&] { return number_in_info(writer, "connected_clients") == 2; }));
    writer("SET a 2");
    CHECK(reader.reply() == ">[tracking-redir-broken " + id + "]");
    CHECK(reader("CLIENT TRACKINGINFO").find("broken_redirect") != std::string::npos);
    CHECK(reader("CLIENT INFO").find("flags=tR") != std::string::npos);
  }
}

TEST_CASE("Thousands of trackers come and go", "[tracking]") {
  server_process server;
  tcp_client writer(server);
  for (int round = 0; round < 5; ++round) {
    std::vector<std::unique_ptr<tcp_client>> all;
    for (int i = 0; i < 200; ++i) {
      all.push_back(std::make_unique<tcp_client>(server));
      auto& client = *all.back();
      client("HELLO 3");
      client(i % 2 == 0 ? "CLIENT TRACKING on" : "CLIENT TRACKING on BCAST");
      client("MGET a b");
    }
    CHECK(number_in_info(writer, "tracking_clients") == 200);
    writer("SET a " + std::to_string(round));
    for (auto& each : all) CHECK(each->reply() == ">[invalidate [a]]");
    all.clear();
    REQUIRE(wait_until([&] { return number_in_info(writer, "tracking_clients") == 0; }));
  }
  CHECK(number_in_info(writer, "tracking_total_keys") == 1);
  CHECK(number_in_info(writer, "tracking_total_items") == 500);
  CHECK(number_in_info(writer, "tracking_total_prefixes") == 0);
  writer("SET b 1");
  CHECK(number_in_info(writer, "tracking_total_items") == 0);
}
