#include "libraries.hpp"

namespace hawser::scripting {

void open_msgpack(lua_State*) {}

}  // namespace hawser::scripting
