#pragma once

#include <engine/process_facts.hpp>

namespace hawser::app {

/// What the operating system says of this process. Reads a few files of /proc.
engine::process_facts look_at_process();

}  // namespace hawser::app
