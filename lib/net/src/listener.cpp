#include "listener.hpp"

#include "endpoints.hpp"
#include "session.hpp"
#include "spawn.hpp"
#include <base/owned_fd.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace hawser::net {

namespace {

constexpr std::string_view denied =
    "-DENIED Redis is running in protected mode because protected mode is enabled and no password "
    "is set "
    "for the default user. In this mode connections are only accepted from the loopback interface. "
    "If "
    "you want to connect from external computers to Redis you may adopt one of the following "
    "solutions: "
    "1) Just disable protected mode sending the command 'CONFIG SET protected-mode no' from the "
    "loopback "
    "interface by connecting to Redis from the same host the server is running, however MAKE SURE "
    "Redis "
    "is not publicly accessible from internet if you do so. Use CONFIG REWRITE to make this change "
    "permanent. 2) Alternatively you can just disable the protected mode by editing the Redis "
    "configuration file, and setting the protected mode option to 'no', and then restarting the "
    "server. "
    "3) If you started the server manually just for testing, restart it with the '--protected-mode "
    "no' "
    "option. 4) Setup a an authentication password for the default user. NOTE: You only need to do "
    "one "
    "of the above things in order for the server to start accepting connections from the "
    "outside.\r\n";

void set_keepalive(int descriptor, std::int64_t seconds) {
  if (seconds <= 0) return;
  const int on = 1;
  const int idle = static_cast<int>(seconds);
  const int interval = std::max(1, idle / 3);
  const int probes = 3;
  setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
  setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval);
  setsockopt(descriptor, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
}

/// This machine lacks the protocol, which is no fault of the address.
bool lacks_protocol(const error_code& error) {
  constexpr std::array<int, 5> kinds{ENOPROTOOPT, EPROTONOSUPPORT, ESOCKTNOSUPPORT, EPFNOSUPPORT,
                                     EAFNOSUPPORT};
  return error && std::find(kinds.begin(), kinds.end(), error.value()) != kinds.end();
}

template <class Listeners>
void close_all(Listeners& listeners) {
  error_code ignored;
  for (auto& each : listeners) each.socket->close(ignored);
}

/// A last word to a connection that is not admitted; it need not arrive.
void refuse(const base::owned_fd& socket, std::string_view why) {
  [[maybe_unused]] const auto sent =
      ::send(socket.get(), why.data(), why.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
}

}  // namespace

listener::wanted listener::resolve(std::string_view bind, std::uint16_t port) {
  const bool optional = bind.starts_with('-');
  if (optional) bind.remove_prefix(1);
  wanted made{bind, port, optional, {}, {}};
  // As Redis has it: a colon makes it IPv6, and a name is looked up for IPv4.
  const bool six = bind.find(':') != bind.npos;
  addrinfo hints{};
  hints.ai_family = six ? AF_INET6 : AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  const bool any = bind == "*" || bind == "::*";
  const std::string host(bind);
  addrinfo* found = nullptr;
  if (const int failed = ::getaddrinfo(any ? nullptr : host.c_str(), std::to_string(port).c_str(),
                                       &hints, &found)) {
    made.problem = ::gai_strerror(failed);
    return made;
  }
  made.at.resize(found->ai_addrlen);
  std::memcpy(made.at.data(), found->ai_addr, found->ai_addrlen);
  ::freeaddrinfo(found);
  return made;
}

error_code listener::open(acceptor& socket, const asio::ip::tcp::endpoint& at, int backlog,
                          std::string_view& step) {
  error_code error;
  step = "socket";
  socket.open(asio::generic::stream_protocol(at.protocol()), error);
  if (!error && at.address().is_v6()) socket.set_option(asio::ip::v6_only(true), error);
  if (!error) socket.set_option(asio::socket_base::reuse_address(true), error);
  if (error) return error;
  step = "bind";
  socket.bind(asio::generic::stream_protocol::endpoint(at), error);
  if (error) return error;
  step = "listen";
  socket.listen(backlog, error);
  return error;
}

bool listener::open_all(const std::vector<wanted>& all, int backlog, tcp_listeners& opened,
                        std::vector<std::string>& complaints) {
  for (const auto& each : all) {
    auto problem = each.problem;
    error_code error;
    if (problem.empty()) {
      std::string_view step;
      auto made = std::make_shared<acceptor>(core_.threads[0]->executor_of());
      error = open(*made, each.at, backlog, step);
      if (!error) {
        opened.push_back({each.at, std::move(made)});
        continue;
      }
      problem = fmt::format("{}: {}", step, error.message());
    }
    complaints.push_back(
        fmt::format("Warning: Could not create server TCP listening socket {}:{}: {}", each.address,
                    each.port, problem));
    const bool missing = each.optional && error == boost::system::errc::address_not_available;
    if (!missing && !lacks_protocol(error)) return false;
  }
  return true;
}

/// Best effort: what was listened on a moment ago.
void listener::reopen(kind what, tcp_listeners& closed, int backlog) {
  for (auto& each : closed) {
    std::string_view step;
    each.socket = std::make_shared<acceptor>(core_.threads[0]->executor_of());
    if (!open(*each.socket, each.at, backlog, step)) accept_on(what, each.socket);
  }
}

bool listener::listen_tcp(kind what, const std::vector<std::string>& binds, std::uint16_t port,
                          int backlog, std::vector<std::string>& complaints) {
  auto& present = what == kind::tls ? tls_ : tcp_;
  std::vector<wanted> missing;
  tcp_listeners kept, dropped, opened;
  if (port != 0)
    for (const auto& bind : binds) missing.push_back(resolve(bind, port));
  for (auto& each : present.sockets) {
    const auto same = [&](const wanted& one) { return one.problem.empty() && one.at == each.at; };
    (std::erase_if(missing, same) > 0 ? kept : dropped).push_back(std::move(each));
  }
  // Sockets of one port get in each other's way: one on all addresses, say, and one on a single
  // one.
  const bool in_the_way = port == present.port;
  if (in_the_way) drain_and_close(what, dropped);
  const bool done = open_all(missing, backlog, opened, complaints);
  if (!done) {
    close_all(opened);
    if (in_the_way) reopen(what, dropped, backlog);
    opened = std::move(dropped);
  } else {
    if (!in_the_way) drain_and_close(what, dropped);
    for (const auto& each : opened) accept_on(what, each.socket);
    present.port = port;
  }
  present.sockets = std::move(kept);
  std::move(opened.begin(), opened.end(), std::back_inserter(present.sockets));
  return done;
}

std::string listener::listen_unix(const std::string& path, unsigned permissions, int backlog) {
  if (path.size() >= sizeof(sockaddr_un::sun_path))
    return fmt::format("Failed opening Unix socket: the path has more than {} bytes",
                       sizeof(sockaddr_un::sun_path) - 1);
  error_code error;
  ::unlink(path.c_str());
  auto made = std::make_shared<acceptor>(core_.threads[0]->executor_of());
  const asio::local::stream_protocol::endpoint at(path);
  made->open(asio::generic::stream_protocol(at.protocol()), error);
  if (!error) made->bind(asio::generic::stream_protocol::endpoint(at), error);
  if (!error && permissions != 0) ::chmod(path.c_str(), permissions);
  if (!error) made->listen(backlog, error);
  if (error) return fmt::format("Failed opening Unix socket: bind: {}", error.message());
  unix_ = std::move(made);
  unix_path_ = path;
  accept_on(kind::unix, unix_);
  return {};
}

void listener::close() {
  error_code ignored;
  close_all(tcp_.sockets);
  close_all(tls_.sockets);
  if (!unix_) return;
  unix_->close(ignored);
  ::unlink(unix_path_.c_str());
}

void listener::accept_on(kind what, const acceptor_ptr& from) {
  spawn(
      core_.threads[0]->executor_of(), "listener", accept_loop(what, from),
      [this](const std::string& text) { core_.log_failure(text); }, [] {});
}

io_thread& listener::next_home() {
  return *core_.threads[core_.next_thread++ % core_.threads.size()];
}

/// What the kernel has accepted on the sockets would be reset when they are closed: it is served.
void listener::drain_and_close(kind what, tcp_listeners& closed) {
  for (auto& each : closed) {
    error_code error;
    each.socket->non_blocking(true, error);
    while (!error || error == asio::error::connection_aborted) {
      stream_socket socket(core_.threads[0]->executor_of());
      each.socket->accept(socket, error);
      if (!error) admit(what, std::move(socket));
    }
  }
  close_all(closed);
}

task<void> listener::accept_loop(kind what, acceptor_ptr from) {
  while (from->is_open()) {
    stream_socket socket(core_.threads[0]->executor_of());
    const auto [error] = co_await from->async_accept(socket, direct);
    if (error == asio::error::operation_aborted) co_return;
    if (error) {
      // Out of descriptors, most likely: wait, so as not to spin on the backlog.
      timer pause(core_.threads[0]->executor_of(), std::chrono::milliseconds(100));
      co_await pause.async_wait(direct);
      continue;
    }
    admit(what, std::move(socket));
  }
}

void listener::admit(kind what, stream_socket socket) {
  const bool unix_socket = what == kind::unix;
  session::peer_names names{"?:0", "?:0", unix_socket};
  error_code error;
  bool loopback = unix_socket;
  if (unix_socket) {
    names.remote = names.local = unix_path_ + ":0";
  } else {
    const auto remote = tcp_endpoint(socket.remote_endpoint(error));
    if (error) return;  // gone already
    names.remote = name_of(remote);
    names.local = name_of(tcp_endpoint(socket.local_endpoint(error)));
    loopback = is_loopback(remote);
    socket.set_option(asio::ip::tcp::no_delay(true), error);
  }
  // An event loop is its thread's alone: only the bare descriptor goes to another.
  auto descriptor = std::make_shared<base::owned_fd>(socket.release(error));
  auto tls = what == kind::tls ? core_.tls : nullptr;
  io_thread& home = next_home();
  // Options are read on the strand; the admission of one connection is rare enough to go there.
  core_.strand.enter_for_turn([this, descriptor, tls = std::move(tls), names, loopback, &home] {
    auto& node = core_.node;
    const auto& options = node.options;
    node.log(engine::log_level::verbose, "Accepted " + names.remote);
    std::string_view refusal;
    if (core_.connections.load() >= static_cast<std::size_t>(options.maxclients)) {
      refusal = "-ERR max number of clients reached\r\n";
      ++node.stats.connections_rejected;
    } else if (options.protected_mode && node.access.default_user().needs_no_password() &&
               !loopback) {
      refusal = denied;
      ++node.stats.connections_rejected;
    } else {
      core_.connections.fetch_add(1);
    }
    // By TLS nothing can be said before the handshake.
    if (!refusal.empty()) return tls ? void() : refuse(*descriptor, refusal);
    if (!names.unix_socket) set_keepalive(descriptor->get(), options.tcp_keepalive);
    asio::post(home.context(), [this, descriptor, tls, names, id = node.next_client_id(), &home,
                                who = options.tls_auth_clients] {
      const asio::generic::stream_protocol family(names.unix_socket ? AF_UNIX : AF_INET, 0);
      stream_socket admitted(home.executor_of());
      error_code failure;
      admitted.assign(family, descriptor->get(), failure);
      if (failure) {
        core_.connections.fetch_sub(1);
        return;
      }
      descriptor->release();
      connection made(std::move(admitted));
      if (tls) made.secure(tls->accepted(who));
      session::make(core_, home, std::move(made), id)->start(names);
    });
  });
}

}  // namespace hawser::net
