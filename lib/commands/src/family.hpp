#pragma once

// What every file of commands needs.

#include "tables.hpp"
#include <engine/context.hpp>
#include <engine/node.hpp>

namespace hawser::commands {

using engine::arity;
using engine::command_error;
using engine::command_spec;
using engine::context;
using engine::key_range;
using engine::well_formed;
namespace errors = engine::errors;
namespace notify = engine::notify;

}  // namespace hawser::commands
