// A block that passes validation must be readable as a node of a stream in both directions, with
// as many entries as its head tells; and nothing may be read outside of it (that is for the
// sanitizers).

#include <store/stream_node.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>

using hawser::store::listpack;
using hawser::store::stream_node;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const hawser::store::stream_id id{data[0], data[1]};
  const auto bytes = size - 2;
  auto exact = std::make_unique<char[]>(bytes);
  std::copy_n(data + 2, bytes, exact.get());
  if (!stream_node::validate({exact.get(), bytes}, id)) return 0;

  const stream_node node(listpack(exact.get()), id);
  std::int64_t entries = 0;
  auto last = id;
  for (auto at = node.first(); at != listpack::none; ++entries) {
    const auto entry = node.read(at);
    if (entry.id < last || (!entry.deleted && node.find(entry.id) != at)) std::abort();
    last = entry.id;
    const auto behind = node.for_each_field(entry, [](const auto& name, const auto& value) {
      if (name.to_string().size() + value.to_string().size() > listpack::largest) std::abort();
    });
    if (behind != node.next(entry)) std::abort();
    at = behind;
  }
  if (entries != node.live() + node.dead()) std::abort();
  for (auto at = node.last(); at != listpack::none; at = node.previous(at)) --entries;
  if (entries != 0) std::abort();
  return 0;
}
