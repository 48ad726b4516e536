#include <engine/node.hpp>
#include <resp/request.hpp>

#include <algorithm>
#include <replication/acknowledgement.hpp>

namespace hawser::replication {

std::optional<std::uint64_t> lasting(const engine::node& server) {
  return server.aof ? server.aof->lasting() : std::nullopt;
}

std::string acknowledgement(const engine::node& server) {
  const auto end = server.journal.log.end();
  const auto offset = std::to_string(end);
  const auto on_disk = lasting(server);
  if (!on_disk) return resp::request({"REPLCONF", "ACK", offset});
  return resp::request(
      {"REPLCONF", "ACK", offset, "FACK", std::to_string(std::min(*on_disk, end))});
}

bool disk_has_caught_up(engine::node& server) {
  auto& wanted = server.replication.primary.asked_of_disk;
  if (wanted == 0 || lasting(server).value_or(0) < wanted) return false;
  wanted = 0;
  return true;
}

void ask_replicas(engine::node& server) {
  auto& all = server.replication;
  if (!all.asks_for_acknowledgements ||
      server.paused.what(server.now()) != engine::pause::scope::none)
    return;
  all.asks_for_acknowledgements = false;
  if (!all.replicas.empty())
    server.journal.append_stream(resp::request({"REPLCONF", "GETACK", "*"}));
}

}  // namespace hawser::replication
