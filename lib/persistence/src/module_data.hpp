#pragma once

#include <cstdint>
#include <persistence/rdb_input.hpp>
#include <string>

namespace hawser::persistence {

/// The name of nine characters that the upper 54 bits of a module type's number spell.
std::string module_name(std::uint64_t number);

/// Skips what a module wrote, up to and with the mark of its end.
void skip_module_data(rdb_input& in);

}  // namespace hawser::persistence
