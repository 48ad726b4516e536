// A block that passes validation must be readable as a node of a stream in both directions, with
// as many entries as its head tells; and nothing may be read outside of it (that is for the
// sanitizers).

#include "hostile_block.hpp"
#include <store/stream_node.hpp>

#include <cstdint>

using hawser::fuzz::require;
using hawser::store::listpack;
using hawser::store::stream_node;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const hawser::store::stream_id id{data[0], data[1]};
  const hawser::fuzz::hostile_block block(data + 2, size - 2);
  if (!stream_node::validate(block.view(), id)) return 0;

  const stream_node node(listpack(block.data()), id);
  std::int64_t entries = 0;
  auto last = id;
  for (auto at = node.first(); at != listpack::none; ++entries) {
    const auto entry = node.read(at);
    require(entry.id >= last && (entry.deleted || node.find(entry.id) == at));
    last = entry.id;
    const auto behind = node.for_each_field(entry, [](const auto& name, const auto& value) {
      require(name.to_string().size() + value.to_string().size() <= listpack::largest);
    });
    require(behind == node.next(entry));
    at = behind;
  }
  require(entries == node.live() + node.dead());
  for (auto at = node.last(); at != listpack::none; at = node.previous(at)) --entries;
  require(entries == 0);
  return 0;
}
