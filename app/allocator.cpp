#include "allocator.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

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

/// A counter of this thread's, which lives as long as the thread.
const std::uint64_t* own_counter(const char* name) {
  std::uint64_t* counter = nullptr;
  std::size_t size = sizeof counter;
  ::mallctl(name, &counter, &size, nullptr, 0);
  return counter;
}

/// Bytes that this thread has allocated beyond those it has freed; less than none if it frees what
/// others have allocated.
std::int64_t balance() {
  static thread_local const std::uint64_t* const allocated = own_counter("thread.allocatedp");
  static thread_local const std::uint64_t* const freed = own_counter("thread.deallocatedp");
  return static_cast<std::int64_t>(*allocated - *freed);
}

thread_local std::int64_t seen_balance = balance();
std::int64_t all_balances = 0;

}  // namespace

std::size_t allocated() {
  // What is kept for this thread's next use is not in use.
  ::mallctl("thread.tcache.flush", nullptr, nullptr, nullptr, 0);
  seen_balance = balance();
  all_balances = static_cast<std::int64_t>(statistic("stats.allocated"));
  return static_cast<std::size_t>(all_balances);
}

std::size_t allocated_lately() {
  const auto now = balance();
  all_balances += now - std::exchange(seen_balance, now);
  return static_cast<std::size_t>(std::max<std::int64_t>(all_balances, 0));
}

std::size_t held() { return statistic("stats.resident"); }

void release_in_background(bool on) {
  ::mallctl("background_thread", nullptr, nullptr, &on, sizeof on);
}

void release() {
  ::mallctl("thread.tcache.flush", nullptr, nullptr, nullptr, 0);
  const auto purge = "arena." + std::to_string(MALLCTL_ARENAS_ALL) + ".purge";
  ::mallctl(purge.c_str(), nullptr, nullptr, nullptr, 0);
}

namespace {

template <typename Number>
int number_as(const std::string& name, std::int64_t& now, const std::int64_t* then) {
  Number old{};
  auto wanted = static_cast<Number>(then == nullptr ? 0 : *then);
  std::size_t size = sizeof old;
  const auto given = then == nullptr ? 0 : sizeof wanted;
  auto error = ::mallctl(name.c_str(), &old, &size, then == nullptr ? nullptr : &wanted, given);
  // What can only be written is read as 0.
  if (error == EPERM && then != nullptr)
    error = ::mallctl(name.c_str(), nullptr, nullptr, &wanted, given);
  now = static_cast<std::int64_t>(old);
  return error;
}

/// The allocator only says how large a value is: a number of that size would be taken for the
/// address of a text.
bool is_text(std::string_view name) {
  constexpr std::array<std::string_view, 11> texts{"version",
                                                   "config.malloc_conf",
                                                   "opt.metadata_thp",
                                                   "opt.dss",
                                                   "opt.percpu_arena",
                                                   "opt.junk",
                                                   "opt.thp",
                                                   "opt.zero_realloc",
                                                   "opt.stats_print_opts",
                                                   "opt.stats_interval_opts",
                                                   "opt.prof_prefix"};
  return std::ranges::find(texts, name) != texts.end() ||
         (name.starts_with("arena.") && name.ends_with(".dss"));
}

}  // namespace

int number(const std::string& name, std::int64_t& now, const std::int64_t* then) {
  if (is_text(name)) return EINVAL;
  int error = number_as<std::int64_t>(name, now, then);
  if (error == EINVAL) error = number_as<std::uint32_t>(name, now, then);
  if (error == EINVAL) error = number_as<bool>(name, now, then);
  return error;
}

int text(const std::string& name, std::string& now, const std::string* then) {
  const char* old = nullptr;
  std::size_t size = sizeof old;
  const char* wanted = then == nullptr ? nullptr : then->c_str();
  if (!is_text(name)) {
    // Names there are not, and what is no text, are told apart.
    std::size_t any = 0;
    return ::mallctl(name.c_str(), nullptr, &any, nullptr, 0) == ENOENT ? ENOENT : EINVAL;
  }
  const auto error = ::mallctl(name.c_str(), &old, &size, then == nullptr ? nullptr : &wanted,
                               then == nullptr ? 0 : sizeof wanted);
  if (error == 0 && old != nullptr) now = old;
  return error;
}

#elif defined(HAWSER_SANITIZER_ALLOCATOR)

std::string name() { return "sanitizer"; }

std::size_t allocated() { return ::__sanitizer_get_current_allocated_bytes(); }

std::size_t allocated_lately() { return allocated(); }

std::size_t held() { return ::__sanitizer_get_heap_size(); }

void release_in_background(bool) {}

void release() { ::__sanitizer_purge_allocator(); }

#else

std::string name() { return "libc"; }

std::size_t allocated() {
  const auto heap = ::mallinfo2();
  return heap.uordblks + heap.hblkhd;
}

std::size_t allocated_lately() { return allocated(); }

std::size_t held() {
  const auto heap = ::mallinfo2();
  return heap.arena + heap.hblkhd;
}

void release_in_background(bool) {}

void release() { ::malloc_trim(0); }

#endif

#if !defined(HAWSER_JEMALLOC)

int number(const std::string&, std::int64_t&, const std::int64_t*) { return ENOENT; }
int text(const std::string&, std::string&, const std::string*) { return ENOENT; }

#endif

}  // namespace hawser::app::allocator
