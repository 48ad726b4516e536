#include "libraries.hpp"

namespace hawser::scripting {

void open_bit(lua_State*) {}

}  // namespace hawser::scripting
