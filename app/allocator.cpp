#include "allocator.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

#if defined(HAWSER_JEMALLOC)
#include <jemalloc/jemalloc.h>
#elif defined(HAWSER_SANITIZER_ALLOCATOR)
// As in sanitizer/allocator_interface.h, which GCC does not install.
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();
extern "C" std::size_t __sanitizer_get_heap_size();
extern "C" void __sanitizer_purge_allocator();
#else
#include <malloc.h>
#endif

namespace hawser::app::allocator {

#if defined(HAWSER_JEMALLOC)

std::string name() {
  const std::string_view version = JEMALLOC_VERSION;
  return "jemalloc-" + std::string(version.substr(0, version.find('-')));
}

namespace {

std::size_t statistic(const char* name) {
  // Statistics are a snapshot, renewed by setting the epoch.
  std::uint64_t epoch = 1;
  ::mallctl("epoch", nullptr, nullptr, &epoch, sizeof epoch);
  std::size_t bytes = 0;
  std::size_t size = sizeof bytes;
  ::mallctl(name, &bytes, &size, nullptr, 0);
  return bytes;
}

}  // namespace

std::size_t allocated() { return statistic("stats.allocated"); }

std::size_t held() { return statistic("stats.resident"); }

void release_in_background(bool on) {
  ::mallctl("background_thread", nullptr, nullptr, &on, sizeof on);
}

void release() {
  ::mallctl("thread.tcache.flush", nullptr, nullptr, nullptr, 0);
  const auto purge = "arena." + std::to_string(MALLCTL_ARENAS_ALL) + ".purge";
  ::mallctl(purge.c_str(), nullptr, nullptr, nullptr, 0);
}

#elif defined(HAWSER_SANITIZER_ALLOCATOR)

std::string name() { return "sanitizer"; }

std::size_t allocated() { return ::__sanitizer_get_current_allocated_bytes(); }

std::size_t held() { return ::__sanitizer_get_heap_size(); }

void release_in_background(bool) {}

void release() { ::__sanitizer_purge_allocator(); }

#else

std::string name() { return "libc"; }

std::size_t allocated() {
  const auto heap = ::mallinfo2();
  return heap.uordblks + heap.hblkhd;
}

std::size_t held() {
  const auto heap = ::mallinfo2();
  return heap.arena + heap.hblkhd;
}

void release_in_background(bool) {}

void release() { ::malloc_trim(0); }

#endif

}  // namespace hawser::app::allocator
