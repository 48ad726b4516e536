#include "connection.hpp"

#include <algorithm>

namespace hawser::net {

namespace {

constexpr std::size_t most_at_once = std::size_t{64} * 1024;  // bytes that are encrypted

}  // namespace

task<std::string> connection::handshake() {
  while (is_open()) {
    const auto result = tls_->handshake();
    error_code error;
    flush(error);
    if (result.what == tls_stream::outcome::failed) co_return tls_->error();
    if (result.what == tls_stream::outcome::ended) co_return "Connection closed by peer";
    if (error && error != asio::error::would_block) co_return error.message();
    if (result.what == tls_stream::outcome::done && !unsent()) co_return std::string();
    const auto [failed] = co_await socket_.async_wait(
        unsent() ? stream_socket::wait_write : stream_socket::wait_read, direct);
    if (failed) co_return failed.message();
  }
  co_return "Connection closed";
}

/// True: done, or failed.
bool connection::read_secure(asio::mutable_buffer room, error_code& error, std::size_t& size) {
  if (!is_open()) {
    error = asio::error::bad_descriptor;
    return true;
  }
  const auto result = tls_->read({static_cast<char*>(room.data()), room.size()});
  // Even reading may have something to be said.
  error_code ignored;
  flush(ignored);
  size = result.size;
  if (result.what == tls_stream::outcome::ended) error = asio::error::eof;
  if (result.what == tls_stream::outcome::failed) error = asio::error::connection_reset;
  return result.what != tls_stream::outcome::wants_input;
}

std::size_t connection::write_piece(asio::const_buffer from, error_code& error) {
  std::size_t taken = 0;
  error = {};
  while (!error && taken < from.size()) {
    const std::string_view piece(static_cast<const char*>(from.data()) + taken,
                                 std::min(from.size() - taken, most_at_once));
    if (!tls_->write(piece)) {
      error = asio::error::connection_reset;
      break;
    }
    taken += piece.size();
    flush(error);
  }
  return taken;
}

std::size_t connection::write_secure(std::span<const asio::const_buffer> from, error_code& error) {
  std::size_t written = 0;
  flush(error);
  for (const auto& each : from) {
    if (error) break;
    written += write_piece(each, error);
  }
  return written;
}

task<error_code> connection::write(std::string_view bytes) {
  while (!bytes.empty() || unsent()) {
    error_code error;
    bytes.remove_prefix(write_some(asio::buffer(bytes), error));
    if (error == asio::error::would_block) {
      const auto [failed] = co_await socket_.async_wait(stream_socket::wait_write, direct);
      error = failed;
    }
    if (error) co_return error;
  }
  co_return error_code();
}

void connection::flush(error_code& error) {
  error = {};
  while (!error && unsent()) {
    auto& output = tls_->output();
    output.consume(socket_.write_some(asio::buffer(output.data(), output.size()), error));
  }
}

void connection::shut() {
  error_code ignored;
  if (!is_open()) return;
  if (tls_) {
    tls_->say_goodbye();
    flush(ignored);
  }
  socket_.shutdown(stream_socket::shutdown_both, ignored);
  close();
}

}  // namespace hawser::net
