#pragma once

#include <random>
#include <string>

namespace hawser::test {

/// A Lua script that calls commands, makes values of every kind, or has libraries encode and decode
/// them; some of it is wrong.
std::string random_script(std::mt19937_64& random);

}  // namespace hawser::test
