#include "tcp_socket.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>

namespace hawser::test {
namespace {

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

owned_fd connected(int family, const sockaddr* address, socklen_t size) {
  owned_fd fd(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd || ::connect(fd.get(), address, size) != 0) fail("connect");
  ::fcntl(fd.get(), F_SETFL, O_NONBLOCK);
  return fd;
}

owned_fd connected(const std::string& host, std::uint16_t port) {
  sockaddr_in6 six{};
  if (::inet_pton(AF_INET6, host.c_str(), &six.sin6_addr) == 1) {
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(port);
    return connected(AF_INET6, reinterpret_cast<const sockaddr*>(&six), sizeof six);
  }
  sockaddr_in four{};
  if (::inet_pton(AF_INET, host.c_str(), &four.sin_addr) != 1)
    throw std::invalid_argument("not an address: " + host);
  four.sin_family = AF_INET;
  four.sin_port = htons(port);
  return connected(AF_INET, reinterpret_cast<const sockaddr*>(&four), sizeof four);
}

// Waits for the events; returns those that happened.
short wait_for(int fd, short events, std::chrono::steady_clock::time_point end) {
  pollfd entry{fd, events, 0};
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end - std::chrono::steady_clock::now());
    if (left.count() < 0) throw std::runtime_error("nothing from the server before the deadline");
    const int ready = ::poll(&entry, 1, static_cast<int>(left.count()) + 1);
    if (ready > 0) return entry.revents;
    if (ready < 0 && errno != EINTR) fail("poll");
  }
}

}  // namespace

tcp_socket::tcp_socket(const std::string& host, std::uint16_t port) : fd_(connected(host, port)) {
  const int on = 1;
  ::setsockopt(fd_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

tcp_socket::tcp_socket(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.native().size() >= sizeof address.sun_path)
    throw std::invalid_argument("path too long for a socket: " + path.string());
  std::memcpy(address.sun_path, path.c_str(), path.native().size() + 1);
  fd_ = connected(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

void tcp_socket::send(std::string_view bytes, std::chrono::milliseconds deadline) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  while (!bytes.empty()) {
    const auto sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    if (errno != EAGAIN && errno != EINTR) fail("send");
    const short wanted = ended_ ? POLLOUT : POLLOUT | POLLIN;
    if (wait_for(fd_.get(), wanted, end) & POLLIN) read_some();
  }
}

bool tcp_socket::receive(std::chrono::milliseconds deadline) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  const auto before = input_.size();
  while (!ended_ && input_.size() == before) {
    wait_for(fd_.get(), POLLIN, end);
    read_some();
  }
  return input_.size() > before;
}

bool tcp_socket::read_some() {
  std::array<char, 1 << 16> bytes;
  const auto got = ::recv(fd_.get(), bytes.data(), bytes.size(), 0);
  if (got > 0) input_.append(bytes.data(), static_cast<std::size_t>(got));
  if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) ended_ = true;
  return got > 0;
}

void tcp_socket::half_close() { ::shutdown(fd_.get(), SHUT_WR); }

bool can_connect(const std::string& host, std::uint16_t port) {
  try {
    const tcp_socket probe(host, port);
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

}  // namespace hawser::test
