#include "oracle.hpp"

#include "tcp_client.hpp"

namespace hawser::test {

std::vector<std::string> comparison_options(std::vector<std::string> more) {
  std::vector<std::string> options{"--save", "", "--appendonly", "no", "--enable-debug-command",
                                   "yes"};
  options.insert(options.end(), more.begin(), more.end());
  return options;
}

std::vector<std::string> tested_options(std::vector<std::string> more, bool compact_sets) {
  auto options = comparison_options(std::move(more));
  if (!compact_sets && !testing_the_oracle())
    options.insert(options.end(), {"--set-max-listpack-entries", "0"});
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
