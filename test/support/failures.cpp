#include "failures.hpp"

namespace hawser::test {

int& failed_assertions() {
  static int count = 0;
  return count;
}

}  // namespace hawser::test
