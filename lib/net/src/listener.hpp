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

  /// What is spoken on a socket.
  enum class kind : std::uint8_t { tcp, tls, unix };

  /// Listens on a port of every bind address, Redis's notation: a leading '-' makes an address
  /// optional, '*' and "::*" are all addresses; on port 0 there are none. Replaces what this kind,
  /// tcp or tls, listened on before; sockets that are still wanted stay. False when an address that
  /// is not optional cannot be had: then nothing has changed. `complaints` gets a line for every
  /// address that cannot be had.
  bool listen_tcp(kind what, const std::vector<std::string>& binds, std::uint16_t port, int backlog,
                  std::vector<std::string>& complaints);

  /// Listens on a Unix socket with these permissions (0: as umask has it). Returns what went wrong.
  std::string listen_unix(const std::string& path, unsigned permissions, int backlog);

  bool has_tcp() const { return !tcp_.sockets.empty() || !tls_.sockets.empty(); }
  bool has_unix() const { return unix_ != nullptr; }

  /// Closes all sockets and removes that of Unix from its directory.
  void close();

 private:
  using acceptor = asio::basic_socket_acceptor<asio::generic::stream_protocol, executor>;
  using acceptor_ptr = std::shared_ptr<acceptor>;

  struct tcp_listener {
    asio::ip::tcp::endpoint at;
    acceptor_ptr socket;
  };
  using tcp_listeners = std::vector<tcp_listener>;
  struct port_listeners {
    tcp_listeners sockets;
    std::uint16_t port = 0;
  };

  struct wanted {
    std::string_view address;  // as it was written, without the '-'
    std::uint16_t port;
    bool optional;
    asio::ip::tcp::endpoint at;
    std::string problem;  // with the address, if not empty
  };

  static wanted resolve(std::string_view bind, std::uint16_t port);
  static error_code open(acceptor& socket, const asio::ip::tcp::endpoint& at, int backlog,
                         std::string_view& step);
  bool open_all(const std::vector<wanted>& all, int backlog, tcp_listeners& opened,
                std::vector<std::string>& complaints);
  void reopen(kind what, tcp_listeners& closed, int backlog);
  io_thread& next_home();
  void drain_and_close(kind what, tcp_listeners& closed);
  void accept_on(kind what, const acceptor_ptr& from);
  task<void> accept_loop(kind what, acceptor_ptr from);
  void admit(kind what, stream_socket socket);

  server_core& core_;
  port_listeners tcp_;
  port_listeners tls_;
  acceptor_ptr unix_;
  std::string unix_path_;
};

}  // namespace hawser::net
