#pragma once

#include "asio.hpp"
#include "server_core.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>

#include <memory>
#include <string>
#include <vector>

namespace hawser::net {

/// The sockets that clients connect to. All functions belong to the first I/O thread.
class listener {
 public:
  explicit listener(server_core& core) : core_(core) {}

  /// Listens on a port of every bind address, Redis's notation: a leading '-' makes an address
  /// optional, '*' and "::*" are all addresses. Replaces what TCP listened on before. Returns what
  /// went wrong, and then has changed nothing.
  std::string listen_tcp(const std::vector<std::string>& binds, std::uint16_t port, int backlog);

  /// Listens on a Unix socket with these permissions (0: as umask has it). Returns what went wrong.
  std::string listen_unix(const std::string& path, unsigned permissions, int backlog);

  /// The port TCP listens on; of use when 0 was asked for.
  std::uint16_t port() const { return port_; }

  void close();

 private:
  using acceptor = asio::basic_socket_acceptor<asio::generic::stream_protocol, executor>;
  using acceptor_ptr = std::shared_ptr<acceptor>;

  acceptor_ptr open_tcp(const std::string& address, std::uint16_t port, int backlog,
                        std::string& problem);
  void accept_on(const acceptor_ptr& from, bool unix_socket);
  task<void> accept_loop(acceptor_ptr from, bool unix_socket);
  void admit(stream_socket socket, io_thread& home, bool unix_socket);

  server_core& core_;
  std::vector<acceptor_ptr> tcp_;
  acceptor_ptr unix_;
  std::uint16_t port_ = 0;
};

}  // namespace hawser::net
