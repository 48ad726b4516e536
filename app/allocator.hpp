#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

// The process's allocator, from which everything comes that is not in the pages of the store's
// arenas. Chosen by measurement: docs/decisions/0005-allocator.md.
namespace hawser::app::allocator {

/// Name and version: "jemalloc-5.3.0".
std::string name();

/// Bytes in blocks that are handed out; the few that other threads keep for their next use count as
/// well. Costs some ten microseconds. Who calls this and the next take turns.
std::size_t allocated();

/// The same as of the last call of that, and what the threads that call this have allocated and
/// freed since. Costs a few nanoseconds.
std::size_t allocated_lately();

/// Bytes it has from the system and that are in memory.
std::size_t held();

/// Gives freed memory back to the system in the background, a while after it was freed, from now
/// on or no longer.
void release_in_background(bool on);

/// Gives all freed memory back to the system.
void release();

/// Reads a number by jemalloc's name for it and, if there is another, sets it. Zero, or an errno:
/// EINVAL when it is not a number.
int number(const std::string& name, std::int64_t& now, const std::int64_t* then);

/// The same for what is known to be a text.
int text(const std::string& name, std::string& now, const std::string* then);

}  // namespace hawser::app::allocator
