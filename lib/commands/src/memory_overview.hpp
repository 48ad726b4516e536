#pragma once

#include <cstddef>
#include <cstdint>

namespace hawser::engine {
class node;
struct process_facts;
}  // namespace hawser::engine

namespace hawser::commands {

/// Where the memory goes, in bytes, for INFO and MEMORY.
struct memory_overview {
  std::size_t used;
  std::size_t peak;
  std::size_t startup;
  std::size_t clients;      // but for replicas
  std::size_t replicas;     // what is held for them alone
  std::size_t journal;      // in memory, for replicas and the append-only file
  std::size_t backlog;      // the part of it that is kept in any case
  std::size_t append_only;  // not yet written to the file
  std::size_t tables;       // of all databases: buckets and deadline indexes
  std::size_t overhead;     // everything but keys and values
  std::size_t data_set;     // keys and values
  std::size_t active;       // pages with something in them
  std::size_t resident;     // pages that the allocators hold
  std::size_t process;      // pages of the process in memory
  std::size_t keys;

  double peak_percentage() const { return share(used, peak) * 100; }
  double data_set_percentage() const { return share(data_set, used - startup) * 100; }
  std::size_t bytes_per_key() const { return keys == 0 ? 0 : (used - startup) / keys; }
  double allocator_fragmentation() const { return share(active, used); }
  double allocator_overhead() const { return share(resident, active); }
  double process_overhead() const { return share(process, resident); }
  double fragmentation() const { return share(process, used); }

  static std::int64_t difference(std::size_t a, std::size_t b) {
    return static_cast<std::int64_t>(a) - static_cast<std::int64_t>(b);
  }

 private:
  static double share(std::size_t part, std::size_t whole) {
    return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
  }
};

memory_overview look_at_memory(engine::node& server, const engine::process_facts& facts);

}  // namespace hawser::commands
