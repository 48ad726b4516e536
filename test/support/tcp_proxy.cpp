#include "tcp_proxy.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <system_error>
#include <vector>

namespace hawser::test {

namespace {

constexpr std::size_t most_held = 256 * 1024;

sockaddr_in local(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

owned_fd make_socket() {
  return owned_fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

}  // namespace

tcp_proxy::tcp_proxy(std::uint16_t target) : target_(target), listening_(make_socket()) {
  auto address = local(0);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  if (::bind(listening_.get(), generic, size) != 0 || ::listen(listening_.get(), 16) != 0 ||
      ::getsockname(listening_.get(), generic, &size) != 0)
    throw std::system_error(errno, std::generic_category(), "proxy");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

tcp_proxy::~tcp_proxy() {
  over_ = true;
  thread_.join();
}

void tcp_proxy::accept_one() {
  stream made;
  made.from = owned_fd(::accept4(listening_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!made.from) return;
  ++accepted_;
  made.to = make_socket();
  const auto address = local(target_);
  // Over the loopback a connection is there, or refused, at once.
  ::connect(made.to.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  streams_.push_back(std::move(made));
}

/// Reads and writes as much as is possible; false when either end is gone.
bool tcp_proxy::move(int from, int to, std::string& held, bool counted) {
  char buffer[16 * 1024];
  const auto size = held.size() < most_held ? ::recv(from, buffer, sizeof buffer, 0) : -2;
  if (size == 0 || (size == -1 && errno != EAGAIN && errno != ENOTCONN)) return false;
  if (size > 0) held.append(buffer, static_cast<std::size_t>(size));
  auto most = held.size();
  if (counted && left_ >= 0) most = std::min(most, static_cast<std::size_t>(left_));
  if (most > 0) {
    const auto sent = ::send(to, held.data(), most, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != ENOTCONN) return false;
    if (sent > 0) held.erase(0, static_cast<std::size_t>(sent));
    if (sent > 0 && counted && left_ >= 0) left_ -= sent;
  }
  if (!counted || left_ != 0) return true;
  left_ = -1;
  return false;
}

void tcp_proxy::forward(stream& of) {
  of.over = !move(of.from.get(), of.to.get(), of.there, false) ||
            !move(of.to.get(), of.from.get(), of.back, true);
}

/// Nothing is forwarded under the old rules any more when this returns.
void tcp_proxy::settle() {
  const auto wanted = ++asked_;
  for (auto now = settled_.load(); now < wanted; now = settled_.load()) settled_.wait(now);
}

void tcp_proxy::run() {
  constexpr int tick_ms = 2;
  unsigned asked = 0;
  while (!over_) {
    if (settled_.exchange(asked) != asked) settled_.notify_all();
    asked = asked_;
    std::vector<pollfd> wanted{{listening_.get(), POLLIN, 0}};
    for (const auto& each : streams_) {
      if (stalled_) break;
      wanted.push_back({each.from.get(), POLLIN, 0});
      wanted.push_back({each.to.get(), POLLIN, 0});
    }
    ::poll(wanted.data(), wanted.size(), tick_ms);
    if (cut_.exchange(false) || refusing_) streams_.clear();
    if (forgetting_.exchange(false)) {
      for (auto& each : streams_) forgotten_.push_back(std::move(each.from));
      streams_.clear();
    }
    if (wanted.front().revents != 0) accept_one();
    if (refusing_) streams_.clear();
    if (stalled_) continue;
    for (auto& each : streams_) forward(each);
    streams_.remove_if([](const stream& each) { return each.over; });
  }
}

}  // namespace hawser::test
