// What passes for a listpack can be read from both ends, searched, changed and emptied; nothing is
// read or written outside of it (that is for the sanitizers).

#include <store/listpack.hpp>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

namespace {

using hawser::store::arena;
using hawser::store::listpack;

void require(bool holds) {
  if (!holds) std::abort();
}

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
  // A block of exactly this size, so that reading past its end is seen.
  const auto exact = std::make_unique<char[]>(size);
  std::copy(data, data + size, exact.get());
  const std::string_view block(exact.get(), size);
  const auto count = listpack::validate(block);
  if (!count) return 0;
  arena memory;
  auto pack = listpack::copy_of(memory, block);
  exercise(pack, memory, *count);
  pack.destroy(memory);
  return 0;
}
