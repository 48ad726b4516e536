#pragma once

#include <store/stream.hpp>

namespace hawser::store {

/// The stream of an entry. An empty stream is a value like any other.
class stream_value : public collection {
 public:
  using collection::collection;

  static constexpr value_type type = value_type::stream;
  static collection_data make_empty(database& home);

  stream& operator*() const { return large<stream>(); }
  stream* operator->() const { return &large<stream>(); }

  /// See stream::append.
  void append(const stream_id& id, stream_node::words fields) {
    large<stream>().append(id, fields, limits());
  }
};

}  // namespace hawser::store
