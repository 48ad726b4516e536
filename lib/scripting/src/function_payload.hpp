#pragma once

#include "function_libraries.hpp"

#include <string>
#include <string_view>

namespace hawser::scripting {

/// Libraries as FUNCTION DUMP replies them: the code of each as in an RDB file, and the end that
/// payloads of DUMP in that version have.
std::string dump_libraries(const library_set& all, int version);

/// Loads the libraries of a payload, without keeping them. Throws command_error.
library_set read_libraries(std::string_view payload, function_libraries& with);

}  // namespace hawser::scripting
