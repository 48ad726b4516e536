#pragma once

#include "network.hpp"

#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hawser::simulation {

/// A connection of a client that sends requests and has their replies handed to it, in the notation
/// of the tests.
class simulated_client final : public peer {
 public:
  simulated_client(network& net, int server) : net_(net), link_(net.connect(*this, server)) {}
  ~simulated_client() override {
    if (connected_) net_.hang_up(link_);
  }
  simulated_client(const simulated_client&) = delete;
  simulated_client& operator=(const simulated_client&) = delete;

  using on_reply = std::function<void(const std::string& reply)>;
  void send(const std::vector<std::string>& request, on_reply then);

  bool connected() const { return connected_; }
  /// Replies that have not come.
  std::size_t awaited() const { return awaited_.size(); }

  void received(std::string_view bytes) override;
  void disconnected() override { connected_ = false; }

 private:
  network& net_;
  const network::link_id link_;
  bool connected_ = true;
  std::string in_;
  std::deque<on_reply> awaited_;
};

}  // namespace hawser::simulation
