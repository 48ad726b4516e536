#include "memory_doctor.hpp"

#include "memory_overview.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hawser::commands {

namespace {

constexpr std::string_view peak_text =
    " * Peak memory: In the past this instance used more than 150% the memory that is "
    "currently using. The allocator is normally not able to release memory after a peak, "
    "so you can expect to see a big fragmentation ratio, however this is actually "
    "harmless and is only due to the memory peak, and if the Redis instance Resident Set "
    "Size (RSS) is currently bigger than expected, the memory will be used as soon as "
    "you fill the Redis instance with more data. If the memory peak was only occasional "
    "and you want to try to reclaim memory, please try the MEMORY PURGE command, "
    "otherwise the only other option is to shutdown and restart the instance.";
constexpr std::string_view total_text =
    " * High total RSS: This instance has a memory fragmentation and RSS overhead "
    "greater than 1.4 (this means that the Resident Set Size of the Redis process is "
    "much larger than the sum of the logical allocations Redis performed). This problem "
    "is usually due either to a large peak memory (check if there is a peak memory entry "
    "above in the report) or may result from a workload that causes the allocator to "
    "fragment memory a lot. If the problem is a large peak memory, then there is no "
    "issue. Otherwise, make sure you are using the Jemalloc allocator and not the "
    "default libc malloc. Note: The currently used allocator is \"{}\".";
constexpr std::string_view fragmentation_text =
    " * High allocator fragmentation: This instance has an allocator external "
    "fragmentation greater than 1.1. This problem is usually due either to a large peak "
    "memory (check if there is a peak memory entry above in the report) or may result "
    "from a workload that causes the allocator to fragment memory a lot. You can try "
    "enabling 'activedefrag' config option.";
constexpr std::string_view allocator_text =
    " * High allocator RSS overhead: This instance has an RSS memory overhead is greater "
    "than 1.1 (this means that the Resident Set Size of the allocator is much larger "
    "than the sum what the allocator actually holds). This problem is usually due to a "
    "large peak memory (check if there is a peak memory entry above in the report), you "
    "can try the MEMORY PURGE command to reclaim it.";
constexpr std::string_view process_text =
    " * High process RSS overhead: This instance has non-allocator RSS memory overhead "
    "is greater than 1.1 (this means that the Resident Set Size of the Redis process is "
    "much larger than the RSS the allocator holds). This problem may be due to Lua "
    "scripts or Modules.";
constexpr std::string_view replicas_text =
    " * Big replica buffers: The replica output buffers in this instance are greater "
    "than 10MB for each replica (on average). This likely means that there is some "
    "replica instance that is struggling receiving data, either because it is too slow "
    "or because of networking issues. As a result, data piles on the master output "
    "buffers. Please try to identify what replica is not receiving data correctly and "
    "why. You can use the INFO output in order to check the replicas delays and the "
    "CLIENT LIST command to check the output buffers of each replica.";
constexpr std::string_view clients_text =
    " * Big client buffers: The clients output buffers in this instance are greater than "
    "200K per client (on average). This may result from different causes, like Pub/Sub "
    "clients subscribed to channels bot not receiving data fast enough, so that data "
    "piles on the Redis instance output buffer, or clients sending commands with large "
    "replies or very large sequences of commands in the same pipeline. Please use the "
    "CLIENT LIST command in order to investigate the issue if it causes problems in your "
    "instance, or to understand better why certain clients are using a big amount of "
    "memory.";
constexpr std::string_view scripts_text =
    " * Many scripts: There seem to be many cached scripts in this instance (more than "
    "1000). This may be because scripts are generated and `EVAL`ed, instead of being "
    "parameterized (with KEYS and ARGV), `SCRIPT LOAD`ed and `EVALSHA`ed. Unless `SCRIPT "
    "FLUSH` is called periodically, the scripts' caches may end up consuming most of "
    "your memory.";
constexpr std::string_view empty_text =
    "Hi Sam, this instance is empty or is using very little memory, my issues detector "
    "can't be used in these conditions. Please, leave for your mission on Earth and fill "
    "it with some data. The new Sam and I will be back to our programming as soon as I "
    "finished rebooting.";
constexpr std::string_view well_text =
    "Hi Sam, I can't find any memory issue in your instance. I can only account for what "
    "occurs on this base.";
constexpr std::string_view found_text =
    "Sam, I detected a few issues in this Redis instance memory implants:";
constexpr std::string_view end_text = "I'm here to keep you safe, Sam. I want to help you.";

constexpr std::size_t too_little = 5 * 1024 * 1024;
constexpr std::size_t noticeable = 10 * 1024 * 1024;

/// A ratio that is too high, of sizes that differ noticeably.
bool exceeds(std::size_t larger, std::size_t smaller, double ratio, double limit) {
  return ratio > limit && larger > smaller && larger - smaller > noticeable;
}

bool average_exceeds(std::size_t bytes, std::ptrdiff_t of, std::size_t limit) {
  return of > 0 && bytes / static_cast<std::size_t>(of) > limit;
}

}  // namespace

std::string examine_memory(engine::node& server) {
  constexpr std::size_t large_replica = 10 * 1024 * 1024, large_client = 200 * 1024;
  constexpr std::size_t many_scripts = 1000;
  const auto facts = server.process.facts();
  const auto seen = look_at_memory(server, facts);
  if (seen.used < too_little) return fmt::format("{}\n", empty_text);

  std::string found;
  const auto tell = [&](bool applies, std::string_view text) {
    if (applies) found += fmt::format("{}\n\n", text);
  };
  const auto replicas = std::ranges::count_if(
      server.clients, [](const auto& each) { return each.second->follows(); });
  const auto others = static_cast<std::ptrdiff_t>(server.clients.size()) - replicas;
  tell(seen.peak > seen.used + seen.used / 2, peak_text);
  tell(exceeds(seen.process, seen.used, seen.fragmentation(), 1.4),
       fmt::format(total_text, facts.allocator));
  tell(exceeds(seen.active, seen.used, seen.allocator_fragmentation(), 1.1), fragmentation_text);
  tell(exceeds(seen.resident, seen.active, seen.allocator_overhead(), 1.1), allocator_text);
  tell(exceeds(seen.process, seen.resident, seen.process_overhead(), 1.1), process_text);
  tell(average_exceeds(seen.replicas, replicas, large_replica), replicas_text);
  tell(average_exceeds(seen.clients, others, large_client), clients_text);
  tell(server.scripts && server.scripts->facts().scripts > many_scripts, scripts_text);
  if (found.empty()) return fmt::format("{}\n", well_text);
  return fmt::format("{}\n\n{}{}\n", found_text, found, end_text);
}

}  // namespace hawser::commands
