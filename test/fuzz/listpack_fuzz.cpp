// What passes for a listpack can be read from both ends, searched, changed and emptied; nothing is
// read or written outside of it (that is for the sanitizers).

#include "hostile_block.hpp"
#include <store/listpack.hpp>

#include <cstdint>
#include <string>

namespace {

using hawser::fuzz::require;
using hawser::store::arena;
using hawser::store::listpack;

void exercise(listpack& pack, arena& memory, std::size_t count) {
  std::size_t forwards = 0, backwards = 0;
  for (const auto& each : pack) {
    require(each.to_string().size() <= pack.byte_count() + 24);
    ++forwards;
  }
  for (auto at = pack.last(); at != listpack::none; at = pack.previous(at)) ++backwards;
  require(forwards == count && backwards == count && pack.size() == count);
  pack.find(pack.first(), "7", 1);
  pack.insert(memory, pack.seek(static_cast<std::int64_t>(count / 2)), "middle");
  pack.append(memory, std::int64_t{-5000});
  require(listpack::validate(pack.bytes()) == count + 2);
  while (!pack.empty()) pack.erase(memory, pack.first(), 3);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  hawser::fuzz::try_as<listpack, arena>({data, size}, exercise);
  return 0;
}
