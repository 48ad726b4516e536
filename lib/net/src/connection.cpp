#include "connection.hpp"

namespace hawser::net {

namespace {

constexpr std::size_t most_waiting = std::size_t{64} * 1024;  // encrypted bytes

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

std::size_t connection::write_secure(asio::const_buffer from, error_code& error) {
  error = {};
  if (tls_->output().size() >= most_waiting) flush(error);
  if (!error && tls_->output().size() >= most_waiting) error = asio::error::would_block;
  if (error) return 0;
  if (!tls_->write({static_cast<const char*>(from.data()), from.size()})) {
    error = asio::error::connection_reset;
    return 0;
  }
  flush(error);
  if (error == asio::error::would_block) error = {};
  return from.size();
}

std::size_t connection::write_secure(std::span<const asio::const_buffer> from, error_code& error) {
  std::size_t written = 0;
  for (const auto& each : from) {
    written += write_secure(each, error);
    if (error) break;
  }
  return written;
}

task<error_code> connection::write(std::string_view bytes) {
  while (!bytes.empty() || unsent()) {
    error_code error;
    flush(error);
    if (!error && !bytes.empty()) bytes.remove_prefix(write_some(asio::buffer(bytes), error));
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
