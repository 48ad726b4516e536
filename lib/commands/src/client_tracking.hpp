#pragma once

#include <engine/context.hpp>

namespace hawser::commands {

/// CLIENT TRACKING, CLIENT CACHING and CLIENT TRACKINGINFO.
void set_tracking(engine::context& cx);
void set_caching(engine::context& cx);
void reply_tracking(engine::context& cx);

}  // namespace hawser::commands
