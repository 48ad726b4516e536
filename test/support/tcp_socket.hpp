#pragma once

#include "owned_fd.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace hawser::test {

/// A connected stream socket whose operations end at a deadline. What arrives while it sends is
/// kept, so that a peer that waits for its replies to be read is never waited for in turn.
class tcp_socket {
 public:
  /// To an IPv4 or IPv6 address; throws std::system_error.
  tcp_socket(const std::string& host, std::uint16_t port);
  /// To a unix socket; throws std::system_error.
  explicit tcp_socket(const std::filesystem::path& path);

  /// Throws std::system_error when the peer is gone, std::runtime_error at the deadline.
  void send(std::string_view bytes, std::chrono::milliseconds deadline);

  /// Appends what arrives to the input; false at the end of the stream (or a reset).
  /// Throws std::runtime_error at the deadline.
  bool receive(std::chrono::milliseconds deadline);

  /// Received and not consumed yet; whoever consumes cuts from its front.
  std::string& input() { return input_; }
  const std::string& input() const { return input_; }

  /// Tells the peer that nothing more will be sent.
  void half_close();

  int fd() const { return fd_.get(); }

 private:
  bool read_some();

  owned_fd fd_;
  std::string input_;
  bool ended_ = false;
};

/// True when somebody accepts there.
bool can_connect(const std::string& host, std::uint16_t port);

}  // namespace hawser::test
