#pragma once

namespace hawser::base {

/// Asks the cache for the line at `address`, which need not be readable.
inline void prefetch(const void* address) {
#if defined(__x86_64__)
  // Not __builtin_prefetch: GCC 12 takes a function that does nothing else for pure and drops its
  // calls.
  asm volatile("prefetcht0 %0" : : "m"(*static_cast<const char*>(address)));
#else
  __builtin_prefetch(address);
#endif
}

}  // namespace hawser::base
