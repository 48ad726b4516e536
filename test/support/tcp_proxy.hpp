#pragma once

#include "owned_fd.hpp"

#include <atomic>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <thread>

namespace hawser::test {

/// Stands between a client and a server on this machine, and does to their connections what
/// networks do. One thread of its own forwards.
class tcp_proxy {
 public:
  explicit tcp_proxy(std::uint16_t target);
  ~tcp_proxy();
  tcp_proxy(const tcp_proxy&) = delete;
  tcp_proxy& operator=(const tcp_proxy&) = delete;

  std::uint16_t port() const { return port_; }
  /// Connections accepted until now.
  int accepted() const { return accepted_; }

  /// Ends all connections.
  void cut() { cut_ = true; }
  /// Ends all connections when so many more bytes have come from the server.
  void cut_after(std::int64_t bytes) { left_ = bytes; }
  bool cut_is_due() const { return left_ >= 0; }
  /// Forwards nothing any more, and says nothing of it: as if a cable were pulled.
  void stall(bool stalled) {
    stalled_ = stalled;
    settle();
  }
  /// Ends all connections, and new ones at once.
  void refuse(bool refused) {
    refusing_ = refused;
    settle();
  }
  /// Ends all connections of the server's, and leaves their clients in the belief that they are
  /// there: as when a machine is gone.
  void forget() { forgetting_ = true; }

 private:
  struct stream {
    owned_fd from;
    owned_fd to;
    std::string there, back;  // on their way
    bool over = false;
  };

  void run();
  void settle();
  void accept_one();
  void forward(stream& of);
  bool move(int from, int to, std::string& held, bool counted);

  std::uint16_t target_;
  std::uint16_t port_ = 0;
  owned_fd listening_;
  std::list<stream> streams_;
  std::list<owned_fd> forgotten_;  // clients' ends
  std::atomic<int> accepted_ = 0;
  std::atomic<std::int64_t> left_ = -1;
  std::atomic<bool> cut_ = false;
  std::atomic<bool> stalled_ = false;
  std::atomic<bool> refusing_ = false;
  std::atomic<bool> forgetting_ = false;
  std::atomic<bool> over_ = false;
  std::atomic<unsigned> asked_ = 0;  // how often settle() has been called, and is over
  std::atomic<unsigned> settled_ = 0;
  std::thread thread_;
};

}  // namespace hawser::test
