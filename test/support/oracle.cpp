#include "oracle.hpp"

namespace hawser::test {

std::vector<std::string> comparison_options(std::vector<std::string> more) {
  std::vector<std::string> options{"--save", "", "--appendonly", "no", "--enable-debug-command",
                                   "yes"};
  options.insert(options.end(), more.begin(), more.end());
  return options;
}

}  // namespace hawser::test
