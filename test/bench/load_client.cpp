// A closed loop of clients for scripts/bench: each connection sends a batch, waits for all its
// replies and sends the next. One thread, so that its own cost does not vary with scheduling.
#include "latency_histogram.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

using steady = std::chrono::steady_clock;
using hawser::bench::latency_histogram;

constexpr const char* usage = R"(usage: load_client PORT run|fill|idle [NAME=VALUE ...]
  run    sends the command for a time or a number of requests; prints requests, seconds, p50, p99,
         p99.9 (us)
  fill   sends the command once for each number below `keys`
  idle   connects, says PING once each and waits for the end of its input
values: command="SET k:{r} {v}" clients=50 pipeline=1 keys=1000000 size=64 seconds=1.5 requests=0
In the command {n} is the number of the request and {r} a random one below `keys`, both of 14
digits, {i} is {n} as an integer of 8 digits, and {v} a value of `size` bytes.
)";

struct settings {
  std::uint16_t port = 0;
  std::string workload;
  std::size_t clients = 50;
  std::size_t pipeline = 1;
  std::uint64_t keys = 1'000'000;
  std::size_t size = 64;
  double seconds = 1.5;
  std::uint64_t requests = 0;  // 0: until the time is over
  std::string command = "SET k:{r} {v}";
};

settings parse_arguments(int argc, char** argv) {
  if (argc < 3) throw std::invalid_argument(usage);
  settings result;
  result.port = static_cast<std::uint16_t>(std::stoi(argv[1]));
  result.workload = argv[2];
  std::map<std::string, std::string> values;
  for (int i = 3; i < argc; ++i) {
    const std::string pair = argv[i];
    const auto equals = pair.find('=');
    if (equals == pair.npos) throw std::invalid_argument(usage);
    values[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
  for (const auto& [name, value] : values) {
    if (name == "clients") {
      result.clients = std::stoul(value);
    } else if (name == "pipeline") {
      result.pipeline = std::stoul(value);
    } else if (name == "keys") {
      result.keys = std::stoull(value);
    } else if (name == "size") {
      result.size = std::stoul(value);
    } else if (name == "seconds") {
      result.seconds = std::stod(value);
    } else if (name == "requests") {
      result.requests = std::stoull(value);
    } else if (name == "command") {
      result.command = value;
    } else {
      throw std::invalid_argument(usage);
    }
  }
  return result;
}

int connect_to(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd < 0 || ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error("cannot connect");
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

/// The bytes of a command, in which numbers of a fixed width are filled in.
class request_template {
 public:
  explicit request_template(const settings& how) {
    std::vector<std::string> words;
    std::istringstream text(how.command);
    for (std::string word; text >> word;) words.push_back(word);
    bytes_ = "*" + std::to_string(words.size()) + "\r\n";
    for (const auto& word : words) append_word(word, how.size);
  }

  void append(std::string& to, std::uint64_t sequence, std::uint64_t random) const {
    const auto start = to.size();
    to += bytes_;
    for (const auto& [at, kind] : places_) {
      if (kind == 'i')
        write_digits(to.data() + start + at, 8, 10'000'000 + sequence % 80'000'000);
      else
        write_digits(to.data() + start + at, 14, kind == 'r' ? random : sequence);
    }
  }

 private:
  using place = std::pair<std::size_t, char>;  // where a number goes, and which

  static void write_digits(char* at, std::size_t count, std::uint64_t number) {
    for (auto i = count; i-- > 0; number /= 10) at[i] = static_cast<char>('0' + number % 10);
  }

  void append_word(const std::string& word, std::size_t value_size) {
    std::string text;
    std::vector<place> places;
    for (std::size_t i = 0; i < word.size(); ++i) {
      const auto mark = word.substr(i, 3);
      if (mark == "{v}") {
        text.append(value_size, 'v');
      } else if (mark == "{n}" || mark == "{r}" || mark == "{i}") {
        places.emplace_back(text.size(), mark[1]);
        text.append(mark == "{i}" ? 8 : 14, '0');
      } else {
        text += word[i];
        continue;
      }
      i += 2;
    }
    bytes_ += "$" + std::to_string(text.size()) + "\r\n";
    for (const auto& [at, kind] : places) places_.emplace_back(bytes_.size() + at, kind);
    bytes_ += text + "\r\n";
  }

  std::string bytes_;
  std::vector<place> places_;
};

// Counts whole replies in a stream of RESP2; errors end the run.
class reply_counter {
 public:
  std::size_t feed(std::string_view bytes) {
    if (!held_.empty()) {
      held_ += bytes;
      bytes = held_;
    }
    std::size_t count = 0;
    while (const auto size = part_size(bytes)) {
      bytes.remove_prefix(size);
      if (--parts_ > 0) continue;
      parts_ = 1;
      ++count;
    }
    held_ = std::string(bytes);
    return count;
  }

 private:
  /// The next string, number or head of an array; an array's elements are parts to come.
  std::size_t part_size(std::string_view bytes) {
    const auto end = bytes.find("\r\n");
    if (end == bytes.npos) return 0;
    if (bytes.front() == '-') throw std::runtime_error(std::string(bytes.substr(0, end)));
    const bool sized = bytes.front() == '$' || bytes.front() == '*';
    if (!sized || bytes[1] == '-') return end + 2;
    const auto size = std::strtoul(bytes.data() + 1, nullptr, 10);
    if (bytes.front() == '*') {
      parts_ += size;
      return end + 2;
    }
    return bytes.size() >= size + end + 4 ? size + end + 4 : 0;
  }

  std::string held_;
  std::size_t parts_ = 1;  // left of the reply under way
};

struct connection {
  int fd = -1;
  std::size_t waiting_for = 0;
  steady::time_point sent_at{};
  reply_counter replies;
  std::string request;
};

class load {
 public:
  explicit load(const settings& how) : how_(how), template_(how), connections_(how.clients) {
    poll_ = ::epoll_create1(0);
    for (auto& each : connections_) {
      each.fd = connect_to(how.port);
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.ptr = &each;
      ::epoll_ctl(poll_, EPOLL_CTL_ADD, each.fd, &event);
    }
  }

  void run() {
    const auto start = steady::now();
    const auto length = std::chrono::duration<double>(how_.seconds);
    const auto end = start + std::chrono::duration_cast<steady::duration>(length);
    for (auto& each : connections_) send_batch(each);
    std::array<epoll_event, 256> events;
    while (steady::now() < end && (how_.requests == 0 || done_ < how_.requests)) {
      const int ready = ::epoll_wait(poll_, events.data(), events.size(), 100);
      for (int i = 0; i < ready; ++i)
        receive(*static_cast<connection*>(events[static_cast<std::size_t>(i)].data.ptr));
    }
    const std::chrono::duration<double> taken = steady::now() - start;
    std::printf("%llu %.3f %.1f %.1f %.1f\n", static_cast<unsigned long long>(done_), taken.count(),
                times_.percentile(0.5), times_.percentile(0.99), times_.percentile(0.999));
  }

 private:
  void send_batch(connection& to) {
    to.request.clear();
    for (std::size_t i = 0; i < how_.pipeline; ++i)
      template_.append(to.request, sequence_++, random_() % how_.keys);
    to.waiting_for = how_.pipeline;
    to.sent_at = steady::now();
    if (::send(to.fd, to.request.data(), to.request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(to.request.size()))
      throw std::runtime_error("cannot send");
  }

  void receive(connection& from) {
    std::array<char, 1 << 16> bytes;
    const auto got = ::recv(from.fd, bytes.data(), bytes.size(), 0);
    if (got <= 0) throw std::runtime_error("the server closed a connection");
    from.waiting_for -= from.replies.feed({bytes.data(), static_cast<std::size_t>(got)});
    if (from.waiting_for > 0) return;
    const auto taken = steady::now() - from.sent_at;
    times_.add(static_cast<std::uint64_t>(std::chrono::nanoseconds(taken).count()));
    done_ += how_.pipeline;
    send_batch(from);
  }

  const settings& how_;
  request_template template_;
  std::vector<connection> connections_;
  int poll_ = -1;
  std::mt19937_64 random_{42};
  latency_histogram times_;
  std::uint64_t sequence_ = 0;
  std::uint64_t done_ = 0;
};

void exchange(int fd, const std::string& request, std::size_t replies) {
  if (::send(fd, request.data(), request.size(), MSG_NOSIGNAL) !=
      static_cast<ssize_t>(request.size()))
    throw std::runtime_error("cannot send");
  reply_counter counter;
  std::array<char, 1 << 14> bytes;
  while (replies > 0) {
    const auto got = ::recv(fd, bytes.data(), bytes.size(), 0);
    if (got <= 0) throw std::runtime_error("the server closed a connection");
    replies -= counter.feed({bytes.data(), static_cast<std::size_t>(got)});
  }
}

void fill(const settings& how) {
  constexpr std::uint64_t batch = 64;
  const int fd = connect_to(how.port);
  const request_template command(how);
  for (std::uint64_t first = 0; first < how.keys; first += batch) {
    const auto last = std::min(first + batch, how.keys);
    std::string request;
    for (auto number = first; number < last; ++number) command.append(request, number, number);
    exchange(fd, request, last - first);
  }
}

void idle(const settings& how) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  for (std::size_t i = 0; i < how.clients; ++i)
    exchange(connect_to(how.port), "*1\r\n$4\r\nPING\r\n", 1);
  std::puts("connected");
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
}

}  // namespace

int main(int argc, char** argv) try {
  const auto how = parse_arguments(argc, argv);
  if (how.workload == "fill") {
    fill(how);
  } else if (how.workload == "idle") {
    idle(how);
  } else if (how.workload == "run") {
    load(how).run();
  } else {
    throw std::invalid_argument(usage);
  }
  return 0;
} catch (const std::exception& problem) {
  std::fprintf(stderr, "load_client: %s\n", problem.what());
  return 1;
}
