#pragma once

// Encodings of small collections that no version writes any more. Each comes as one block, whose
// elements are put into a listpack, so that what follows knows one form only.
//
// ziplist:  bytes of the block (4), offset of the last element (4), number of elements (2),
//           elements, 0xff. An element: size of the one before it (1 byte, or 0xfe and 4), what it
//           is, data:
//             00xxxxxx                  string of up to 63 bytes
//             01xxxxxx xxxxxxxx         of up to 16383
//             10000000 and 4 bytes      of any size; both sizes are big endian
//             0xc0 0xd0 0xe0 0xf0 0xfe  integer of 16, 32, 64, 24, 8 bits, little endian
//             0xf1 to 0xfd              integer 0 to 12
// zipmap:   number of pairs (1 byte, from 254 on not kept), pairs, 0xff. A pair: size, field, size,
//           number of unused bytes (1), value, unused bytes. A size is 1 byte, or 0xfe and 4.

#include <store/arena.hpp>
#include <store/listpack.hpp>

#include <cstdint>
#include <string_view>

namespace hawser::persistence {

/// Appends the elements of a ziplist; false if the block is not one in all of its bytes, after some
/// may have been appended. Blocks of more than listpack::largest / 2 bytes are refused.
bool append_ziplist(store::arena& memory, store::listpack& to, std::string_view block);

/// Appends fields and values of a zipmap in turn.
bool append_zipmap(store::arena& memory, store::listpack& to, std::string_view block);

}  // namespace hawser::persistence
