#pragma once

#include "catch.hpp"

#include <sys/resource.h>

namespace hawser::test {

/// Lets this process have so many files open; false, with a warning, when the system does not.
inline bool can_open_files(rlim_t count) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= count) return true;
  WARN("left out: only " << limit.rlim_cur << " files may be open");
  return false;
}

}  // namespace hawser::test
