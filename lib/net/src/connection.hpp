#pragma once

#include "asio.hpp"
#include "tls_stream.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace hawser::net {

/// A stream of bytes to a peer, plain or by TLS, used as an Asio socket is. Belongs to one thread.
///
/// By TLS, bytes that have been written may be waiting for the kernel to take them: unsent() tells,
/// and flush() goes on with them.
class connection {
 public:
  explicit connection(stream_socket socket) : socket_(std::move(socket)) {}
  explicit connection(const executor& on) : socket_(on) {}

  stream_socket& socket() { return socket_; }
  bool is_open() const { return socket_.is_open(); }
  int native_handle() { return socket_.native_handle(); }

  /// From now on by TLS, with a handshake first; null: plain. The socket is connected and does not
  /// block.
  void secure(ssl_ptr session) {
    tls_ = session ? std::make_unique<tls_stream>(std::move(session), native_handle()) : nullptr;
  }
  bool is_secure() const { return tls_ != nullptr; }

  /// Of a secure connection: why it failed, empty when it is done.
  task<std::string> handshake();

  /// As of a socket.
  template <class Token>
  auto async_read_some(asio::mutable_buffer room, Token&& token) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        [this](auto handler, asio::mutable_buffer into) {
          if (!tls_) return socket_.async_read_some(into, std::move(handler));
          asio::async_compose<decltype(handler), void(error_code, std::size_t)>(
              secure_read{*this, into}, handler, socket_);
        },
        token, room);
  }
  template <class Token>
  auto async_wait(stream_socket::wait_type what, Token&& token) {
    return socket_.async_wait(what, std::forward<Token>(token));
  }

  /// As of a socket that does not block. By TLS what is unsent goes first.
  std::size_t write_some(asio::const_buffer from, error_code& error) {
    return tls_ ? write_secure({&from, 1}, error) : socket_.write_some(from, error);
  }
  std::size_t write_some(std::span<const asio::const_buffer> from, error_code& error) {
    return tls_ ? write_secure(from, error) : socket_.write_some(from, error);
  }
  /// All of it, however long the kernel takes.
  task<error_code> write(std::string_view bytes);
  /// Bytes that were written wait for the kernel.
  bool unsent() const { return tls_ && !tls_->output().empty(); }
  /// Has the kernel take more of them; an error other than would_block ends the connection.
  void flush(error_code& error);

  /// Ends the operations under way.
  void cancel() {
    error_code ignored;
    socket_.cancel(ignored);
  }
  /// Says goodbye, if it is still heard, and closes.
  void shut();
  /// Closes at once.
  void close() {
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  struct secure_read {
    connection& of;
    asio::mutable_buffer room;
    enum { starting, waiting, over } at = starting;
    error_code error = {};
    std::size_t size = 0;

    template <class Self>
    void operator()(Self& self, error_code failed = {}) {
      if (at == over) return self.complete(error, size);
      if (failed) return self.complete(failed, 0);
      const bool inside = at == starting;  // of the caller, who is to be called later
      at = waiting;
      if (!of.read_secure(room, error, size))
        return of.socket_.async_wait(stream_socket::wait_read, std::move(self));
      if (!inside) return self.complete(error, size);
      at = over;
      asio::post(of.socket_.get_executor(), std::move(self));
    }
  };

  bool read_secure(asio::mutable_buffer room, error_code& error, std::size_t& size);
  std::size_t write_piece(asio::const_buffer from, error_code& error);
  std::size_t write_secure(std::span<const asio::const_buffer> from, error_code& error);

  stream_socket socket_;
  std::unique_ptr<tls_stream> tls_;
};

}  // namespace hawser::net
