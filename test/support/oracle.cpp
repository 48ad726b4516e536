#include "oracle.hpp"

#include "tcp_client.hpp"

namespace hawser::test {

std::vector<std::string> comparison_options(std::vector<std::string> more) {
  std::vector<std::string> options{"--save", "", "--appendonly", "no", "--enable-debug-command",
                                   "yes"};
  options.insert(options.end(), more.begin(), more.end());
  return options;
}

bool knows_command(const server_process& server, const std::string& name) {
  tcp_client client(server);
  client.send_argv({"COMMAND", "INFO", name});
  const auto known = client.receive().value;
  return known.items.size() == 1 && is_aggregate(known.items[0].kind) &&
         !known.items[0].items.empty();
}

}  // namespace hawser::test
