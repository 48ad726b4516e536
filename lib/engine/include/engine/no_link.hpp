#pragma once

#include <engine/client.hpp>

#include <cstddef>
#include <utility>

namespace hawser::engine {

/// The link of a client that has no connection: what it is replied stays in its output.
class no_link : public client_link {
 public:
  void output_ready() final {}
  void close(bool) final {}
  void resume() final {}
  std::size_t unsent() const final { return 0; }
  std::pair<std::size_t, std::size_t> input_held() const final { return {0, 0}; }
};

}  // namespace hawser::engine
