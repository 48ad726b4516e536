#pragma once

#include <engine/process_facts.hpp>

#include <cstddef>

namespace hawser {

/// What the operating system says of this process. Reads a few files of /proc.
engine::process_facts look_at_process();

/// Bytes allocated by the C library's allocator.
std::size_t allocated_memory();

/// Gives free memory of that allocator back to the system.
void release_free_memory();

}  // namespace hawser
