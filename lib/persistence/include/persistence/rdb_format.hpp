#pragma once

// An RDB file: a header, items, a trailer.
//
//   "REDIS" and four digits, or "VALKEY" and three: the version
//   items, each an opcode or the type of a value (one byte) and what belongs to it
//   opcode 255, and from version 5 on the CRC-64 of all before it in 8 bytes, 0 for none
//
// A length takes 1, 2, 5 or 9 bytes, the top bits of the first say which:
//
//   00xxxxxx   up to 63                10000000   4 bytes follow, big endian
//   01xxxxxx   14 bits, big endian     10000001   8 bytes follow, big endian
//   11xxxxxx   no length: a string in another form (string_form)
//
// A string is a length and that many bytes, or one of those forms. Other numbers are little endian.

#include <cstdint>

namespace hawser::persistence {

/// The version that is written unless another one is asked for: what Redis 7.0 and everything later
/// reads.
inline constexpr int rdb_version = 10;
/// The first version with sets that are listpacks, and with what streams know of consumers.
inline constexpr int rdb_version_with_packed_sets = 11;
/// The version that is written where fields of hashes have deadlines.
inline constexpr int rdb_version_with_field_deadlines = 12;
/// The newest version of Redis, and the one of Valkey, that are read.
inline constexpr int newest_redis_version = 12;
inline constexpr int valkey_version = 80;

/// What stands where a value's type could.
enum class rdb_opcode : std::uint8_t {
  slot_import = 243,   // Valkey: slots that are being imported
  slot_info = 244,     // sizes of a cluster's slot
  function = 245,      // code of a library
  old_function = 246,  // the same in release candidates of Redis 7.0
  module_aux = 247,
  idle = 248,         // of the key that follows: seconds, as a length
  frequency = 249,    // of the key that follows: one byte
  aux = 250,          // a name and a value
  resize_db = 251,    // numbers of keys and of deadlines
  deadline_ms = 252,  // of the key that follows: 8 bytes
  deadline_s = 253,   // of the key that follows: 4 bytes
  select_db = 254,
  end = 255
};

/// The types of values.
enum class rdb_type : std::uint8_t {
  string = 0,
  list = 1,
  set = 2,
  zset = 3,  // scores as text
  hash = 4,
  zset_2 = 5,  // scores as 8 bytes
  old_module = 6,
  module_2 = 7,
  hash_zipmap = 9,
  list_ziplist = 10,
  set_intset = 11,
  zset_ziplist = 12,
  hash_ziplist = 13,
  list_quicklist = 14,  // nodes are ziplists
  stream_listpacks = 15,
  hash_listpack = 16,
  zset_listpack = 17,
  list_quicklist_2 = 18,  // nodes are listpacks or single elements
  stream_listpacks_2 = 19,
  set_listpack = 20,
  stream_listpacks_3 = 21,
  hash_deadlines_rc = 22,  // of Redis 7.4's release candidates; Valkey's hash with deadlines
  hash_listpack_deadlines_rc = 23,
  hash_deadlines = 24,
  hash_listpack_deadlines = 25
};

/// The forms of a string whose first byte begins with 11.
enum class string_form : std::uint8_t { int8 = 0, int16 = 1, int32 = 2, lzf = 3 };

/// What a node of list_quicklist_2 holds.
enum class list_node_kind : std::uint8_t { single = 1, packed = 2 };

}  // namespace hawser::persistence
