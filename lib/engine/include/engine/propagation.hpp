#pragma once

#include <string_view>

namespace hawser::engine {

class node;

/// Who brings requests that have been executed elsewhere, or before, and ought not to fail.
enum class propagator : bool { primary, append_only_file };

/// Such a request has failed with this error: the log says so, it is counted, and the process ends
/// where `propagation-error-behavior` asks for that.
void note_failed_request(node& server, propagator from, std::string_view error,
                         std::string_view command);

/// The primary's request changes data that cannot be written to disk: the process ends unless
/// `replica-ignore-disk-write-errors` says to go on.
void note_unwritable_request(node& server);

}  // namespace hawser::engine
