#pragma once

#include <cstdint>

namespace hawser::store {

/// Up to which size collections keep their compact encodings. The names are those of the
/// configuration directives; sizes are elements or bytes as Redis counts them.
struct encoding_limits {
  std::int64_t hash_max_listpack_entries = 512;
  std::int64_t hash_max_listpack_value = 64;
  std::int64_t list_max_listpack_size = -2;  // negative: a class of bytes, -1 to -5
  std::int64_t list_compress_depth = 0;
  std::int64_t set_max_intset_entries = 512;
  std::int64_t set_max_listpack_entries = 128;
  std::int64_t set_max_listpack_value = 64;
  std::int64_t zset_max_listpack_entries = 128;
  std::int64_t zset_max_listpack_value = 64;
  std::int64_t stream_node_max_bytes = 4096;
  std::int64_t stream_node_max_entries = 100;
};

}  // namespace hawser::store
