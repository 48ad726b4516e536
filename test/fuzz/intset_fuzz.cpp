// What passes for an intset can be read, searched, changed and emptied; nothing is read or written
// outside of it (that is for the sanitizers).

#include "hostile_block.hpp"
#include <store/intset.hpp>

#include <cstdint>
#include <limits>

namespace {

using hawser::fuzz::require;
using hawser::store::arena;
using hawser::store::intset;

void exercise(intset& set, arena& memory, std::size_t count) {
  require(set.size() == count);
  for (std::size_t i = 0; i < count; ++i) require(set.contains(set.at(i)));
  for (const std::int64_t value :
       {std::int64_t{5}, std::int64_t{-70'000}, std::numeric_limits<std::int64_t>::max()}) {
    const bool was_there = set.contains(value);
    require(set.add(memory, value) != was_there);
    require(intset::validate(set.bytes()) == (count += was_there ? 0 : 1));
  }
  while (!set.empty()) require(set.remove(memory, set.at(set.size() / 2)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  hawser::fuzz::try_as<intset, arena>({data, size}, exercise);
  return 0;
}
