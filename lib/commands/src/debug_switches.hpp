#pragma once

#include <engine/context.hpp>

// The subcommands of DEBUG that change how the server works.
namespace hawser::commands {

/// The next word as Redis reads a switch: whatever begins with no number is 0, and off.
bool debug_switch(engine::context& cx);

/// DEBUG PAUSE-CRON 0|1
void debug_pause_cron(engine::context& cx);
/// DEBUG SET-SKIP-CHECKSUM-VALIDATION 0|1
void debug_skip_checksums(engine::context& cx);
/// DEBUG REPLYBUFFER PEAK-RESET-TIME NEVER|RESET|milliseconds, or RESIZING 0|1
void debug_reply_buffer(engine::context& cx);
/// DEBUG QUICKLIST-PACKED-THRESHOLD size
void debug_packed_threshold(engine::context& cx);
/// DEBUG CONFIG-REWRITE-FORCE-ALL
void debug_rewrite_all(engine::context& cx);
/// DEBUG REPLICATE word [word ...]
void debug_replicate(engine::context& cx);
/// DEBUG MALLCTL name [value]
void debug_allocator_number(engine::context& cx);
/// DEBUG MALLCTL-STR name [value]
void debug_allocator_text(engine::context& cx);
/// DEBUG CLIENT-EVICTION
void debug_client_eviction(engine::context& cx);

}  // namespace hawser::commands
