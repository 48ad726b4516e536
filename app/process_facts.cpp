#include "process_facts.hpp"

#include "allocator.hpp"

#include <fmt/format.h>

#include <climits>
#include <fstream>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

namespace hawser::app {

namespace {

engine::cpu_time cpu_time_of(int whom) {
  rusage usage{};
  getrusage(whom, &usage);
  const auto seconds = [](const timeval& of) {
    return static_cast<double>(of.tv_sec) + static_cast<double>(of.tv_usec) / 1e6;
  };
  return {seconds(usage.ru_stime), seconds(usage.ru_utime)};
}

std::string executable_path() {
  char path[PATH_MAX];
  const auto size = readlink("/proc/self/exe", path, sizeof path);
  return size < 0 ? std::string{} : std::string(path, static_cast<std::size_t>(size));
}

std::string operating_system() {
  utsname name{};
  uname(&name);
  return fmt::format("{} {} {}", name.sysname, name.release, name.machine);
}

std::size_t page_size() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }

std::size_t resident_memory() {
  std::size_t all = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> all >> resident;
  return resident * page_size();
}

}  // namespace

engine::process_facts look_at_process() {
  engine::process_facts seen;
  seen.process_id = getpid();
  seen.executable = executable_path();
  seen.operating_system = operating_system();
  seen.multiplexing_api = "epoll";
  seen.allocator = allocator::name();
  seen.resident_memory = resident_memory();
  seen.total_system_memory = static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES)) * page_size();
  seen.allocator_held = allocator::held();
  seen.all_threads = cpu_time_of(RUSAGE_SELF);
  seen.this_thread = cpu_time_of(RUSAGE_THREAD);
  seen.children = cpu_time_of(RUSAGE_CHILDREN);
  return seen;
}

}  // namespace hawser::app
