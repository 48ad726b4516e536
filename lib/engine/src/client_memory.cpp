#include <engine/client_info.hpp>
#include <engine/client_memory.hpp>
#include <engine/node.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace hawser::engine {

namespace {

/// Replication goes on whatever it takes.
bool is_counted(const client& who) { return !who.primary && !who.follows() && !who.closing; }

}  // namespace

std::size_t client_memory::limit() const {
  constexpr std::size_t least = 128 * 1024;
  const auto& options = server_.options;
  const auto configured = options.maxmemory_clients;
  if (configured == 0) return 0;
  const auto bytes = configured > 0
                         ? static_cast<std::size_t>(configured)
                         : static_cast<std::size_t>(static_cast<double>(options.maxmemory) *
                                                    static_cast<double>(-configured) / 100);
  return bytes == 0 ? 0 : std::max(bytes, least);
}

void client_memory::count(client& who) {
  const auto now = is_counted(who) ? who.memory() : 0;
  total_ += now - who.counted_memory;
  who.counted_memory = now;
}

void client_memory::forget(client& who) {
  total_ -= who.counted_memory;
  who.counted_memory = 0;
}

void client_memory::look_at(client& who) {
  const auto most = limit();
  if (most == 0) return;
  count(who);
  if (total_ >= most) keep_within(most);
}

void client_memory::look_at_all() {
  const auto most = limit();
  if (most == 0) return;
  for (const auto& [id, who] : server_.clients) count(*who);
  if (total_ >= most) keep_within(most);
}

/// The largest go first. O(clients), but there are fewer of them or less of their memory
/// afterwards.
void client_memory::keep_within(std::size_t limit) {
  std::vector<client*> may_go;
  for (const auto& [id, who] : server_.clients) {
    count(*who);
    if (is_counted(*who) && !who->no_evict) may_go.push_back(who);
  }
  std::ranges::sort(may_go, std::ranges::greater(), &client::counted_memory);
  for (auto* who : may_go) {
    if (total_ < limit) return;
    server_.log(log_level::notice, fmt::format("Client evicted, as all take more than "
                                               "maxmemory-clients: {}",
                                               describe(*who, server_.now())));
    ++server_.stats.evicted_clients;
    forget(*who);
    server_.close(*who, false);
  }
}

}  // namespace hawser::engine
