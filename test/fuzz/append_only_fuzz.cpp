// Whatever an append-only file holds, its requests are read, or it is cut off, or it is refused;
// how its bytes come makes no difference. A manifest that is taken is written as one that means the
// same.

#include "../support/trickling_source.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <persistence/aof_manifest.hpp>
#include <persistence/aof_reader.hpp>
#include <string>

namespace {

using namespace hawser::persistence;

void require(bool holds) {
  if (!holds) std::abort();
}

/// All that can be told of a file.
std::string story(std::string_view bytes, std::size_t step) {
  hawser::test::trickling_source source(std::string(bytes), step);
  aof_reader reader(source);
  std::string told;
  auto how = reader.next();
  for (; how == aof_reader::state::request; how = reader.next()) {
    require(!reader.words().empty());
    require(reader.offset() < bytes.size() && reader.end_of_units() <= bytes.size());
    for (const auto word : reader.words())
      told += std::to_string(word.size()) + ":" + std::string(word);
  }
  return told + std::to_string(static_cast<int>(how)) + " " +
         std::to_string(reader.end_of_units()) + " " + reader.reason();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  require(story(bytes, 1 << 20) == story(bytes, 1));
  const auto manifest = parse_manifest(bytes);
  if (const auto* read = std::get_if<aof_manifest>(&manifest); read != nullptr && !read->empty()) {
    const auto again = parse_manifest(format_manifest(*read));
    require(std::holds_alternative<aof_manifest>(again));
    require(std::get<aof_manifest>(again) == *read);
  }
  return 0;
}
