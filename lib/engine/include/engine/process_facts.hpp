#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace hawser::engine {

/// Seconds of processor time.
struct cpu_time {
  double system = 0;
  double user = 0;
};

/// What only the process knows of itself and of the machine it runs on.
struct process_facts {
  std::int64_t process_id = 0;
  std::string executable;        // absolute path
  std::string operating_system;  // "Linux 6.1.0 x86_64"
  std::string multiplexing_api;
  std::string allocator;
  std::size_t resident_memory = 0;      // bytes
  std::size_t total_system_memory = 0;  // bytes
  std::size_t allocator_held = 0;       // bytes the allocator has from the system
  cpu_time all_threads;
  cpu_time this_thread;
  cpu_time children;
};

}  // namespace hawser::engine
