#include <engine/client.hpp>
#include <engine/wait_list.hpp>

namespace hawser::engine {

bool client::is_local() const {
  return unix_socket || address.starts_with("127.0.0.1:") || address.starts_with("[::1]:");
}

std::size_t client::memory() const {
  const auto [used, room] = link->input_held();
  std::size_t bytes = sizeof(client) + out.memory() + link->unsent() + used + room +
                      transaction.memory() + name.capacity() + address.capacity();
  for (const auto* names : {&channels, &patterns, &shard_channels})
    for (const auto& each : *names) bytes += sizeof each + each.capacity();
  for (const auto& each : watched) bytes += sizeof each + each.key.capacity();
  if (tracking)
    for (const auto& each : tracking->prefixes) bytes += sizeof each + each.capacity();
  if (blocked) bytes += blocked->memory();
  return bytes;
}

}  // namespace hawser::engine
