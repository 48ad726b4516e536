#include "catch.hpp"
#include "command_line.hpp"
#include "file_text.hpp"
#include "reply_decoder.hpp"
#include "tcp_client.hpp"

#include <cstdlib>
#include <string>
#include <vector>

using namespace hawser::test;

namespace {

using bytes_t = long long;
constexpr bytes_t kib = 1024, mib = 1024 * kib;

bytes_t number_behind(const std::string& text, const std::string& name) {
  const auto at = text.find(name);
  REQUIRE(at != std::string::npos);
  return std::stoll(text.substr(at + name.size()));
}

std::string numbered(const char* name, std::size_t i) {
  const auto digits = std::to_string(i);
  return name + std::string(10 - std::min<std::size_t>(10, digits.size()), '0') + digits;
}

// How a data set of one kind grows: 100 elements a command, of one key or of a key each.
struct growth {
  const char* name;
  std::size_t commands;
  bool many_keys;
  std::vector<std::string> (*command)(std::size_t from);
};

constexpr std::size_t a_command = 100;

template <class Add>
std::vector<std::string> joined(std::vector<std::string> argv, std::size_t from, Add add) {
  for (auto i = from; i < from + a_command; ++i) add(argv, numbered("", i));
  return argv;
}

using words = std::vector<std::string>;

const growth kinds[] = {
    {"strings", 2'000, true,
     [](std::size_t from) {
       return joined({"MSET"}, from, [](words& argv, const std::string& number) {
         argv.insert(argv.end(), {"key:" + number, std::string(64, 'x')});
       });
     }},
    {"integers", 3'000, true,
     [](std::size_t from) {
       return joined({"MSET"}, from, [](words& argv, const std::string& number) {
         argv.insert(argv.end(), {"key:" + number, "1" + number.substr(3)});
       });
     }},
    {"long strings", 3, true,
     [](std::size_t from) {
       return joined({"MSET"}, from, [](words& argv, const std::string& number) {
         argv.insert(argv.end(), {number, std::string(60'000, 'x')});
       });
     }},
    {"small hashes", 100'000, true,
     [](std::size_t from) {
       return words{"HSET", numbered("key:", from), "a", "1", "b", "2", "c", "3", "d", "four"};
     }},
    {"hash", 2'000, false,
     [](std::size_t from) {
       return joined({"HSET", "big"}, from, [](words& argv, const std::string& number) {
         argv.insert(argv.end(), {"field:" + number, "value:" + number});
       });
     }},
    {"set", 3'000, false,
     [](std::size_t from) {
       return joined({"SADD", "big"}, from, [](words& argv, const std::string& number) {
         argv.push_back("member:" + number);
       });
     }},
    {"sorted set", 2'000, false,
     [](std::size_t from) {
       return joined({"ZADD", "big"}, from, [](words& argv, const std::string& number) {
         argv.insert(argv.end(), {number, "member:" + number});
       });
     }},
    {"list", 5'000, false,
     [](std::size_t from) {
       return joined({"RPUSH", "big"}, from, [](words& argv, const std::string& number) {
         argv.push_back("element:" + number);
       });
     }},
    {"stream", 3'000, false,
     [](std::size_t from) {
       return joined({"XADD", "big", "*"}, from, [](words& argv, const std::string& number) {
         argv.insert(argv.end(), {"field", "value:" + number});
       });
     }},
};

class measured_server {
 public:
  measured_server() : server_({"--save", ""}), client_(server_) {}

  std::string operator()(const std::string& line) { return client_(line); }
  tcp_client another_client() const { return tcp_client(server_); }

  void grow(const growth& how) {
    constexpr std::size_t at_once = 100;
    for (std::size_t i = 0; i < how.commands; i += at_once) {
      const auto end = std::min(how.commands, i + at_once);
      std::string requests;
      for (auto at = i; at < end; ++at) requests += encode_command(how.command(at * a_command));
      client_.send_raw(requests);
      for (auto at = i; at < end; ++at) client_.receive();
    }
  }

  bytes_t used() { return number_behind(client_("INFO memory"), "used_memory:"); }

  // Of the whole process, as the system counts it, without what is free.
  bytes_t resident() {
    client_("MEMORY PURGE");
    const auto status = file_text("/proc/" + std::to_string(server_.pid()) + "/status");
    return number_behind(status, "VmRSS:") * kib;
  }

  // What all keys take by MEMORY USAGE; of many, judged by some.
  bytes_t usage() {
    client_.send("SCAN 0 COUNT 100");
    const auto keys = client_.receive().value.items.at(1).items;
    bytes_t sum = 0;
    for (const auto& key : keys)
      sum += std::stoll(client_("MEMORY USAGE " + quote(key.text) + " SAMPLES 0"));
    return keys.empty() ? 0
                        : sum * std::stoll(client_("DBSIZE")) / static_cast<bytes_t>(keys.size());
  }

  bytes_t statistic(const std::string& name) {
    return number_behind(client_("MEMORY STATS"), " " + name + " ");
  }

  // What is free once what was removed is: some of it is freed a while later.
  bool shrinks_to(bytes_t used_most, bytes_t resident_most) {
    return wait_until([&] { return used() <= used_most && resident() <= resident_most; });
  }

 private:
  server_process server_;
  tcp_client client_;
};

}  // namespace

TEST_CASE("What FLUSHALL ASYNC frees is no longer in use", "[memory]") {
  server_process server({"--save", "", "--enable-debug-command", "yes"});
  tcp_client client(server);
  const auto used = [&] { return number_behind(client("INFO memory"), "used_memory:"); };
  const auto before = used();
  CHECK(client("DEBUG POPULATE 10000 key 100") == "OK");
  const auto small = used();
  CHECK(small - before > mib);
  CHECK(small - before < 3 * mib + mib / 2);
  CHECK(client("FLUSHALL ASYNC") == "OK");
  CHECK(wait_until([&] { return used() < before + mib / 2; }));
  CHECK(wait_until(
      [&] { return number_behind(client("INFO memory"), "lazyfreed_objects:") == 10'000; }));
}

// Under the address sanitizer records and blocks are its own, and freed ones are kept for a while.
#ifndef __SANITIZE_ADDRESS__

TEST_CASE("used_memory and MEMORY USAGE are what the process holds, whatever the data",
          "[memory]") {
  for (const auto& kind : kinds) {
    DYNAMIC_SECTION(kind.name) {
      measured_server server;
      const auto used_before = server.used(), resident_before = server.resident();
      server.grow(kind);
      const auto used = server.used() - used_before;
      const auto resident = server.resident() - resident_before;
      const auto usage = server.usage();
      INFO("used " << used << " resident " << resident << " usage " << usage);
      CHECK(used > 5 * mib);
      // What is held beyond what is in use: pages that are not full, buffers of the client.
      CHECK(resident > used - used / 10 - mib);
      CHECK(resident < used + used / 4 + 2 * mib);
      CHECK(usage > used - used / 10);
      CHECK(usage < used + used / 20);

      CHECK(std::abs(server.statistic("total.allocated") - server.used()) < mib);
      const auto dataset = server.statistic("dataset.bytes");
      const auto overhead = server.statistic("overhead.total");
      CHECK(std::abs(dataset + overhead - server.used()) < mib);
      CHECK(std::to_string(server.statistic("keys.count")) == server("DBSIZE"));

      server("FLUSHALL SYNC");
      CHECK(server.shrinks_to(used_before + mib, resident_before + resident / 4 + 2 * mib));
    }
  }
}

TEST_CASE("Half of a collection takes about half of its memory", "[memory]") {
  const std::vector<std::pair<std::string, std::string>> halving{
      {"hash", "HDEL big"}, {"set", "SREM big"}, {"sorted set", "ZREM big"}};
  for (const auto& [name, remove] : halving) {
    DYNAMIC_SECTION(name) {
      measured_server server;
      const auto used_before = server.used();
      const auto& kind = *std::find_if(std::begin(kinds), std::end(kinds),
                                       [&](const auto& each) { return each.name == name; });
      server.grow(kind);
      const auto used = server.used() - used_before, usage = server.usage();
      const auto* element = name == "hash" ? "field:" : "member:";
      for (std::size_t i = 0; i < kind.commands * a_command; i += 2 * a_command) {
        auto line = remove;
        for (auto at = i; at < i + a_command; ++at) line += " " + numbered(element, at);
        REQUIRE(server(line) == std::to_string(a_command));
      }
      INFO("of " << used << " " << server.used() - used_before);
      CHECK(server.used() - used_before < used * 7 / 10);
      CHECK(server.usage() < usage * 7 / 10);
      CHECK(server.usage() > usage * 4 / 10);
    }
  }
  SECTION("list and stream") {
    measured_server server;
    for (const auto& kind : kinds) {
      if (kind.name != std::string("list") && kind.name != std::string("stream")) continue;
      server("FLUSHALL SYNC");
      server.grow(kind);
      const auto usage = server.usage();
      const auto length = kind.commands * (kind.name == std::string("list") ? a_command : 1);
      server((kind.name == std::string("list") ? "LTRIM big 0 " : "XTRIM big MAXLEN ") +
             std::to_string(length / 2));
      CHECK(server.usage() < usage * 6 / 10);
      CHECK(server.usage() > usage * 4 / 10);
    }
  }
}

TEST_CASE("What a request of many arguments has needed is the client's, and is given back",
          "[memory]") {
  measured_server server;  // which asks, while the other client is idle
  auto other = server.another_client();
  const auto before = server.used();
  std::string request = "EXISTS";
  for (std::size_t i = 0; i < 50'000; ++i) request += " k";
  CHECK(other(request) == "0");
  const auto after = server.used() - before;
  CHECK(after > mib);
  CHECK(server.statistic("clients.normal") > after * 8 / 10);
  CHECK(wait_until([&] { return server.used() < before + 100 * kib; }));
}

#endif
