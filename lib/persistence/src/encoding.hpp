#pragma once

#include <store/collection.hpp>
#include <store/database.hpp>
#include <store/hash_field.hpp>
#include <store/stream.hpp>

#include <optional>
#include <persistence/rdb_output.hpp>

namespace hawser::persistence {

/// An element as a string of its own.
inline void write_element(rdb_output& to, const store::listpack_element& of) {
  if (of.is_integer())
    to.integer(of.integer);
  else
    to.string({of.string, of.size});
}

/// The flat block that a small value is.
inline void write_pack(rdb_output& to, const store::entry& of) {
  to.string(store::listpack(of.collection().data).bytes());
}

/// A listpack is a form that versions before 11 do not know.
rdb_type set_type(const store::entry& of, int version);
/// With deadlines of fields it is a type that versions before 12 do not know.
rdb_type hash_type(const store::entry& of);
/// Versions before 11 do not know when consumers last got something.
rdb_type stream_type(int version);

void write_hash(rdb_output& to, const store::entry& of);
/// A field of a large hash; `nearest` is the nearest deadline in it if there are any.
void write_field(rdb_output& to, const store::hash_field& of,
                 std::optional<base::milliseconds_t> nearest);
void write_list_node(rdb_output& to, store::listpack of);
void write_stream_node(rdb_output& to, const store::stream_id& id, store::listpack of);
/// What follows the nodes. O(groups, consumers and pending entries).
void write_stream_state(rdb_output& to, const store::stream& of);
void write_list(rdb_output& to, const store::entry& of);
void write_set(rdb_output& to, store::database& home, store::entry& of);
void write_sorted_set(rdb_output& to, store::database& home, store::entry& of);
void write_stream(rdb_output& to, const store::entry& of);

}  // namespace hawser::persistence
