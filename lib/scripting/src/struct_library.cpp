#include "libraries.hpp"

namespace hawser::scripting {

void open_struct(lua_State*) {}

}  // namespace hawser::scripting
