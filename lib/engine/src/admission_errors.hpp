#pragma once

namespace hawser::engine {

inline constexpr const char* failed_save =
    "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to "
    "disk. Commands that may modify the data set are disabled, because this instance is configured "
    "to report errors during writes if RDB snapshotting fails (stop-writes-on-bgsave-error "
    "option). Please check the Redis logs for details about the RDB error.";

/// Behind it: the reason.
inline constexpr const char* failed_append = "MISCONF Errors writing to the AOF file: ";

inline constexpr const char* out_of_memory =
    "OOM command not allowed when used memory > 'maxmemory'.";

}  // namespace hawser::engine
