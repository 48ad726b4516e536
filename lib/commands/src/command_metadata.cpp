#include "command_metadata_rows.hpp"

#include <algorithm>

namespace hawser::commands {

std::string_view name_of(group which) {
  constexpr std::string_view names[] = {"generic",     "string", "pubsub",  "transactions",
                                        "connection",  "server", "cluster", "bitmap",
                                        "hyperloglog", "set",    "hash",    "stream",
                                        "sorted-set",  "list",   "geo",     "scripting"};
  return names[static_cast<std::size_t>(which)];
}

std::span<const metadata_rows> all_metadata() {
  static const metadata_rows all[] = {
      // clang-format off
      bitmap_metadata(),
      cluster_metadata(),
      connection_metadata(),
      generic_metadata(),
      geo_metadata(),
      hash_metadata(),
      hyperloglog_metadata(),
      list_metadata(),
      pubsub_metadata(),
      scripting_metadata(),
      server_metadata(),
      set_metadata(),
      stream_metadata(),
      sorted_set_metadata(),
      string_metadata(),
      transaction_metadata(),
      // clang-format on
  };
  return all;
}

const command_metadata* find_metadata(std::string_view full_name) {
  for (const auto rows : all_metadata()) {
    const auto found = std::ranges::lower_bound(rows, full_name, {}, &command_metadata::name);
    if (found != rows.end() && found->name == full_name) return &*found;
  }
  return nullptr;
}

}  // namespace hawser::commands
