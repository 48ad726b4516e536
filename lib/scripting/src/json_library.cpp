#include "libraries.hpp"

namespace hawser::scripting {

void open_json(lua_State*) {}

}  // namespace hawser::scripting
