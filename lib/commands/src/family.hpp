#pragma once

// What every file of commands needs.

#include "tables.hpp"
#include <engine/context.hpp>
#include <engine/node.hpp>

#include <cstddef>
#include <string_view>

namespace hawser::commands {

using engine::arity;
using engine::command_error;
using engine::command_spec;
using engine::context;
using engine::key_range;
using engine::well_formed;
namespace errors = engine::errors;
namespace notify = engine::notify;

/// The effect of popping elements of a key: the same command, with a count if that is not one.
inline void popped_effect(context& cx, std::string_view command, std::string_view key,
                          std::size_t count) {
  if (count == 1)
    cx.effect(command, key);
  else
    cx.effect(command, key, count);
}

}  // namespace hawser::commands
