#pragma once

#include <cstdint>
#include <string_view>

namespace hawser::store {

/// What a key holds; the numbers are those of the RDB format's object types.
enum class value_type : std::uint8_t {
  string = 0,
  list = 1,
  set = 2,
  sorted_set = 3,
  hash = 4,
  stream = 6
};

/// How a value is laid out, as OBJECT ENCODING names it.
enum class encoding : std::uint8_t {
  raw,
  integer,
  embstr,
  listpack,
  quicklist,
  intset,
  hashtable,
  skiplist,
  stream,
};

/// The name TYPE replies: "string", "list", "set", "zset", "hash", "stream".
std::string_view name_of(value_type type);

/// The name OBJECT ENCODING replies.
std::string_view name_of(encoding how);

}  // namespace hawser::store
