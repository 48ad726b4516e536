#pragma once

#include "reply_value.hpp"
#include "server_process.hpp"
#include "tcp_socket.hpp"
#include "wait_until.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace hawser::test {

/// A reply as decoded and as it came.
struct received_reply {
  reply_value value;
  std::string bytes;
};

/// The server has ended the connection.
class connection_closed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A client of the simplest kind: blocking, and every wait ends at a deadline with an exception
/// (std::runtime_error, std::system_error when the connection breaks).
class tcp_client {
 public:
  explicit tcp_client(std::uint16_t port, const std::string& host = "127.0.0.1")
      : socket_(host, port) {}
  explicit tcp_client(const server_process& server) : tcp_client(server.port()) {}
  explicit tcp_client(const std::filesystem::path& unix_socket) : socket_(unix_socket) {}

  /// Sends a command that is split like a shell does.
  void send(std::string_view line);
  void send_argv(const std::vector<std::string>& argv);
  void send_raw(std::string_view bytes);

  /// The next reply in the notation of to_string(reply_value).
  std::string reply();
  /// Throws connection_closed when there is none to come.
  received_reply receive();

  /// Sends one command and returns its reply.
  std::string operator()(std::string_view line);

  /// Reads to the end of the stream; returns what came before it.
  std::string read_until_closed();

  /// True when the server closes the connection without another byte.
  bool closed();

  void half_close() { socket_.half_close(); }
  tcp_socket& socket() { return socket_; }
  void patience_is(std::chrono::milliseconds deadline) { deadline_ = deadline; }

 private:
  tcp_socket socket_;
  std::size_t consumed_ = 0;
  std::chrono::milliseconds deadline_ = patience;
};

}  // namespace hawser::test
