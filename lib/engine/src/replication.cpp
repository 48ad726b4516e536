#include <engine/replication.hpp>

#include <string_view>

namespace hawser::engine {

std::string_view name_of(link_state state) {
  constexpr std::string_view names[] = {"none",      "connect", "connecting",
                                        "handshake", "sync",    "connected"};
  return names[static_cast<std::size_t>(state)];
}

}  // namespace hawser::engine
