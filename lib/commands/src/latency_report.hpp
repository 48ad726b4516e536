#pragma once

#include <engine/latency_monitor.hpp>

#include <string>
#include <string_view>

namespace hawser::engine {
class node;
}

namespace hawser::commands {

/// The samples of an event as a drawing, 80 columns side by side at most: one column a sample,
/// oldest first, its age below. As Redis draws it. There is at least one sample; `now` in seconds
/// since the epoch.
std::string draw_latency(std::string_view event, const engine::latency_monitor::series& of,
                         std::int64_t now);

/// What the recorded samples say, and what can be done about it: word for word as Redis does.
std::string explain_latency(const engine::node& server);

}  // namespace hawser::commands
