// The floor under every server on epoll: one thread, one loop, the least parsing that serves SET,
// GET and INCR from a flat table. What it costs is what the kernel costs; it checks nothing it need
// not.
#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

// A flat table of keys and values of bounded size, found with one or two cache misses. It never
// grows and keeps what it has: enough for the data set of the benchmark.
class flat_store {
 public:
  struct slot {
    std::array<char, 23> key;
    std::uint8_t key_size = 0;
    std::array<char, 71> value;
    std::uint8_t value_size = 0;

    std::string_view text() const { return {value.data(), value_size}; }
    void assign(std::string_view to) {
      value_size = static_cast<std::uint8_t>(std::min(to.size(), value.size()));
      std::memcpy(value.data(), to.data(), value_size);
    }
  };

  /// Null when there is no such key.
  slot* find(std::string_view key) {
    auto& place = locate(key);
    return place.key_size ? &place : nullptr;
  }

  /// The slot of the key, made with an empty value when it is new.
  slot& put(std::string_view key) {
    auto& place = locate(key);
    if (place.key_size) return place;
    place.key_size = static_cast<std::uint8_t>(std::min(key.size(), place.key.size()));
    std::memcpy(place.key.data(), key.data(), place.key_size);
    return place;
  }

 private:
  static constexpr std::size_t slots = 1 << 22;

  slot& locate(std::string_view key) {
    auto at = std::hash<std::string_view>{}(key) % slots;
    while (slots_[at].key_size &&
           std::string_view(slots_[at].key.data(), slots_[at].key_size) != key)
      at = (at + 1) % slots;
    return slots_[at];
  }

  std::vector<slot> slots_ = std::vector<slot>(slots);
};

struct connection {
  int fd;
  std::string input;
  std::string output;
};

constexpr std::size_t max_arguments = 4;
using arguments = std::array<std::string_view, max_arguments>;

// Cuts the number that ends the line off the front; -1 when the line is not complete.
std::int64_t take_number(std::string_view& rest) {
  const auto end = rest.find("\r\n");
  if (end == rest.npos) return -1;
  std::int64_t number = 0;
  std::from_chars(rest.data() + 1, rest.data() + end, number);
  rest.remove_prefix(end + 2);
  return number;
}

// How many arguments the request at the front has, 0 when it is not complete.
std::size_t take_request(std::string_view& rest, arguments& argv) {
  auto left = rest;
  const auto count = take_number(left);
  if (count <= 0) return 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto size = take_number(left);
    if (size < 0 || left.size() < static_cast<std::size_t>(size) + 2) return 0;
    if (i < static_cast<std::int64_t>(max_arguments))
      argv[static_cast<std::size_t>(i)] = left.substr(0, static_cast<std::size_t>(size));
    left.remove_prefix(static_cast<std::size_t>(size) + 2);
  }
  rest = left;
  return static_cast<std::size_t>(count);
}

void append_number(std::string& output, char type, std::uint64_t number) {
  std::array<char, 24> header;
  header[0] = type;
  auto* end = std::to_chars(header.data() + 1, header.data() + 22, number).ptr;
  *end++ = '\r';
  *end++ = '\n';
  output.append(header.data(), end);
}

void get(flat_store& store, std::string_view key, std::string& output) {
  const auto* found = store.find(key);
  if (!found) {
    output += "$-1\r\n";
    return;
  }
  append_number(output, '$', found->value_size);
  output += found->text();
  output += "\r\n";
}

void set(flat_store& store, std::string_view key, std::string_view value, std::string& output) {
  store.put(key).assign(value);
  output += "+OK\r\n";
}

void increment(flat_store& store, std::string_view key, std::string& output) {
  auto& found = store.put(key);
  std::uint64_t number = 0;
  const auto text = found.text();
  std::from_chars(text.data(), text.data() + text.size(), number);
  std::array<char, 24> digits;
  const auto* end = std::to_chars(digits.data(), digits.data() + 24, ++number).ptr;
  found.assign({digits.data(), static_cast<std::size_t>(end - digits.data())});
  append_number(output, ':', number);
}

void execute(flat_store& store, const arguments& argv, std::size_t count, std::string& output) {
  const auto name = argv[0];
  if (name == "GET" && count == 2) return get(store, argv[1], output);
  if (name == "SET" && count >= 3) return set(store, argv[1], argv[2], output);
  if (name == "INCR" && count == 2) return increment(store, argv[1], output);
  output += name == "PING" ? "+PONG\r\n" : "-ERR unknown command\r\n";
}

// False when the peer is gone.
bool serve(flat_store& store, connection& peer) {
  std::array<char, 1 << 16> bytes;
  const auto got = ::recv(peer.fd, bytes.data(), bytes.size(), 0);
  if (got <= 0) return got < 0 && errno == EAGAIN;
  std::string_view rest(bytes.data(), static_cast<std::size_t>(got));
  if (!peer.input.empty()) {
    peer.input += rest;
    rest = peer.input;
  }
  arguments argv;
  while (const auto count = take_request(rest, argv)) execute(store, argv, count, peer.output);
  peer.input = std::string(rest);
  for (std::string_view out = peer.output; !out.empty();) {
    const auto sent = ::send(peer.fd, out.data(), out.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) return false;
    if (sent > 0) out.remove_prefix(static_cast<std::size_t>(sent));
  }
  peer.output.clear();
  return true;
}

int listen_on(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(fd, 511) != 0) {
    std::perror("listen");
    std::exit(1);
  }
  return fd;
}

void watch(int poll, int fd, connection* peer) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = peer;
  ::epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
}

void accept_one(int poll, int listener) {
  const int fd = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK);
  if (fd < 0) return;
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  watch(poll, fd, std::make_unique<connection>(connection{fd, {}, {}}).release());
}

[[noreturn]] void loop(int listener) {
  flat_store store;
  const int poll = ::epoll_create1(0);
  watch(poll, listener, nullptr);
  std::array<epoll_event, 256> events;
  for (;;) {
    const int ready = ::epoll_wait(poll, events.data(), events.size(), -1);
    for (int i = 0; i < ready; ++i) {
      auto* peer = static_cast<connection*>(events[static_cast<std::size_t>(i)].data.ptr);
      if (!peer) {
        accept_one(poll, listener);
      } else if (!serve(store, *peer)) {
        ::close(peer->fd);
        delete peer;
      }
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: epoll_floor PORT\n", stderr);
    return 1;
  }
  loop(listen_on(static_cast<std::uint16_t>(std::atoi(argv[1]))));
}
