#include "memory_overview.hpp"

#include <engine/node.hpp>

#include <algorithm>

namespace hawser::commands {

memory_overview look_at_memory(engine::node& server, const engine::process_facts& facts) {
  memory_overview seen{};
  seen.used = server.used_memory();
  seen.peak = std::max(server.peak_memory, seen.used);
  seen.startup = std::min(server.startup_memory, seen.used);
  for (const auto& [id, who] : server.clients)
    (who->follows() ? seen.replicas : seen.clients) += who->memory();
  seen.journal = server.journal.log.memory();
  seen.backlog = std::min(seen.journal, server.journal.log.kept());
  seen.append_only = server.aof ? server.aof->buffered() : 0;
  std::size_t held = 0;
  for (int i = 0; i < server.database_count(); ++i) {
    const auto& data = server.database(i);
    seen.keys += data.size();
    seen.tables += data.table_memory() + data.deadline_memory();
    held += data.held_memory() - data.heap_memory();
  }
  seen.overhead =
      std::min(seen.startup + seen.clients + seen.replicas + seen.journal + seen.tables, seen.used);
  seen.data_set = seen.used - seen.overhead;
  seen.active = std::max(seen.used, facts.allocator_held + held);
  seen.resident = seen.active;
  seen.process = facts.resident_memory;
  return seen;
}

}  // namespace hawser::commands
