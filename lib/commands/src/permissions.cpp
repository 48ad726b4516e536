#include "permissions.hpp"

#include <fmt/format.h>

namespace hawser::commands {

bool is_local(const engine::client& who) {
  return who.unix_socket || who.address.starts_with("127.0.0.1:") ||
         who.address.starts_with("[::1]:");
}

void require_permission(const engine::context& cx, engine::access allowed, std::string_view command,
                        std::string_view directive) {
  if (allowed == engine::access::yes) return;
  if (allowed == engine::access::local && is_local(cx.who)) return;
  throw engine::command_error(fmt::format(
      "ERR {} command not allowed. If the {} option is set to \"local\", you can run it from a "
      "local connection, otherwise you need to set this option in the configuration file, and "
      "then restart the server.",
      command, directive));
}

}  // namespace hawser::commands
