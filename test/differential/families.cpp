#include "families/families.hpp"

namespace hawser::test {

const std::vector<command_family>& command_families() {
  static const std::vector<command_family> all{
      families::bitmaps, families::compact_sets, families::connection,   families::eviction,
      families::geo,     families::hashes,       families::hyperloglog,  families::keys,
      families::lists,   families::pubsub,       families::scripting,    families::server,
      families::sets,    families::sort,         families::sorted_sets,  families::streams,
      families::strings, families::tracking,     families::transactions,
  };
  return all;
}

}  // namespace hawser::test
