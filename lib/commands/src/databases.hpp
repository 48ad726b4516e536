#pragma once

#include "family.hpp"

namespace hawser::commands {

/// Reads the number of a database of this server; throws when it is none.
int database_index(context& cx);

}  // namespace hawser::commands
