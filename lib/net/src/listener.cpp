#include "listener.hpp"

#include "session.hpp"
#include "spawn.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <sys/stat.h>
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

asio::ip::tcp::endpoint tcp_endpoint(const asio::generic::stream_protocol::endpoint& from) {
  asio::ip::tcp::endpoint to;
  to.resize(from.size());
  std::memcpy(to.data(), from.data(), from.size());
  return to;
}

std::string name_of(const asio::ip::tcp::endpoint& of) {
  auto address = of.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  return address.is_v6() ? fmt::format("[{}]:{}", address.to_string(), of.port())
                         : fmt::format("{}:{}", address.to_string(), of.port());
}

bool is_loopback(const asio::ip::tcp::endpoint& of) {
  auto address = of.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    address = asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  return address.is_loopback();
}

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

/// A last word to a connection that is not admitted; it need not arrive.
void refuse(stream_socket& socket, std::string_view why) {
  error_code ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(why), ignored);
  socket.close(ignored);
}

}  // namespace

listener::acceptor_ptr listener::open_tcp(const std::string& address, std::uint16_t port,
                                          int backlog, std::string& problem) {
  const bool any4 = address == "*";
  const bool any6 = address == "::*";
  error_code error;
  const auto ip = any4   ? asio::ip::address(asio::ip::address_v4::any())
                  : any6 ? asio::ip::address(asio::ip::address_v6::any())
                         : asio::ip::make_address(address, error);
  asio::ip::tcp::endpoint at(ip, port);
  auto made = std::make_shared<acceptor>(core_.threads[0]->executor_of());
  if (error) {
    // Not a number: a name to be looked up.
    asio::ip::tcp::resolver resolver(core_.threads[0]->context());
    const auto found = resolver.resolve(address, std::to_string(port), error);
    if (!error) at = found.begin()->endpoint();
  }
  if (!error) made->open(asio::generic::stream_protocol(at.protocol()), error);
  if (!error && at.address().is_v6()) made->set_option(asio::ip::v6_only(true), error);
  if (!error) made->set_option(asio::socket_base::reuse_address(true), error);
  if (!error) made->bind(asio::generic::stream_protocol::endpoint(at), error);
  if (!error) made->listen(backlog, error);
  if (!error) return made;
  problem = error.category() == boost::system::system_category() ||
                    error.category() == asio::error::get_system_category()
                ? std::strerror(error.value())
                : error.message();
  if (error == asio::error::address_family_not_supported ||
      error == asio::error::operation_not_supported)
    problem.clear();  // this machine lacks the protocol, which is no fault of the address
  return nullptr;
}

std::string listener::listen_tcp(const std::vector<std::string>& binds, std::uint16_t port,
                                 int backlog) {
  std::vector<acceptor_ptr> opened;
  std::uint16_t chosen = port;
  for (const auto& bind : binds) {
    const bool optional = bind.starts_with('-');
    const auto address = optional ? bind.substr(1) : bind;
    std::string problem;
    auto made = open_tcp(address, chosen, backlog, problem);
    if (made) {
      error_code ignored;
      chosen = tcp_endpoint(made->local_endpoint(ignored)).port();
      opened.push_back(std::move(made));
      continue;
    }
    if (problem.empty() || (optional && problem == std::strerror(EADDRNOTAVAIL))) continue;
    return fmt::format("Could not create server TCP listening socket {}:{}: {}", address, port,
                       "bind: " + problem);
  }
  if (opened.empty() && !binds.empty())
    return fmt::format(
        "Could not create server TCP listening socket {}:{}: no address could be bound", binds[0],
        port);
  error_code ignored;
  for (const auto& each : tcp_) each->close(ignored);
  tcp_ = std::move(opened);
  port_ = chosen;
  for (const auto& each : tcp_) accept_on(each, false);
  return {};
}

std::string listener::listen_unix(const std::string& path, unsigned permissions, int backlog) {
  error_code error;
  ::unlink(path.c_str());
  unix_ = std::make_shared<acceptor>(core_.threads[0]->executor_of());
  const asio::local::stream_protocol::endpoint at(path);
  unix_->open(asio::generic::stream_protocol(at.protocol()), error);
  if (!error) unix_->bind(asio::generic::stream_protocol::endpoint(at), error);
  if (!error) unix_->listen(backlog, error);
  if (error)
    return fmt::format("Failed opening Unix socket: bind: {}", std::strerror(error.value()));
  if (permissions != 0) ::chmod(path.c_str(), permissions);
  accept_on(unix_, true);
  return {};
}

void listener::close() {
  error_code ignored;
  for (const auto& each : tcp_) each->close(ignored);
  if (unix_) unix_->close(ignored);
}

void listener::accept_on(const acceptor_ptr& from, bool unix_socket) {
  spawn(
      core_.threads[0]->executor_of(), "listener", accept_loop(from, unix_socket),
      [this](const std::string& text) { core_.log_failure(text); }, [] {});
}

task<void> listener::accept_loop(acceptor_ptr from, bool unix_socket) {
  while (from->is_open()) {
    io_thread& home = *core_.threads[core_.next_thread++ % core_.threads.size()];
    stream_socket socket(home.executor_of());
    const auto [error] = co_await from->async_accept(socket, direct);
    if (error == asio::error::operation_aborted) co_return;
    if (error) {
      // Out of descriptors, most likely: wait, so as not to spin on the backlog.
      timer pause(core_.threads[0]->executor_of(), std::chrono::milliseconds(100));
      co_await pause.async_wait(direct);
      continue;
    }
    admit(std::move(socket), home, unix_socket);
  }
}

void listener::admit(stream_socket socket, io_thread& home, bool unix_socket) {
  session::peer_names names{"?:0", "?:0", unix_socket};
  error_code error;
  bool loopback = unix_socket;
  if (unix_socket) {
    error_code ignored;
    const auto own = unix_->local_endpoint(ignored);
    asio::local::stream_protocol::endpoint path;
    path.resize(own.size());
    std::memcpy(path.data(), own.data(), own.size());
    names.remote = names.local = path.path() + ":0";
  } else {
    const auto remote = tcp_endpoint(socket.remote_endpoint(error));
    if (error) return;  // gone already
    names.remote = name_of(remote);
    names.local = name_of(tcp_endpoint(socket.local_endpoint(error)));
    loopback = is_loopback(remote);
    socket.set_option(asio::ip::tcp::no_delay(true), error);
  }
  // Options are read on the strand; the admission of one connection is rare enough to go there.
  auto shared = std::make_shared<stream_socket>(std::move(socket));
  core_.strand.enter([this, shared, names, loopback, &home] {
    auto& node = core_.node;
    const auto& options = node.options;
    std::string_view refusal;
    if (core_.connections.load() >= static_cast<std::size_t>(options.maxclients)) {
      refusal = "-ERR max number of clients reached\r\n";
      ++node.stats.connections_rejected;
    } else if (options.protected_mode && options.requirepass.empty() && !loopback) {
      refusal = denied;
      ++node.stats.connections_rejected;
    } else {
      core_.connections.fetch_add(1);
    }
    const auto id = node.next_client_id();
    asio::post(home.context(),
               [this, shared, names, refusal, id, &home, keepalive = options.tcp_keepalive] {
                 if (!refusal.empty()) return refuse(*shared, refusal);
                 if (!names.unix_socket) set_keepalive(shared->native_handle(), keepalive);
                 session::make(core_, home, std::move(*shared), id)->start(names);
               });
  });
}

}  // namespace hawser::net
