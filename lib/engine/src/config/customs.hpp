#pragma once

#include <engine/config/directive.hpp>

// The directives with a grammar of their own.
namespace hawser::engine::customs {

extern const custom bind;
extern const custom client_output_buffer_limit;
extern const custom dir;
extern const custom latency_percentiles;
extern const custom notify_keyspace_events;
extern const custom oom_score_adj_values;
extern const custom replicaof;
extern const custom save;

}  // namespace hawser::engine::customs
