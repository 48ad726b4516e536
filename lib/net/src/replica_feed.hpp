#pragma once

#include <engine/feed.hpp>
#include <engine/journal_log.hpp>

#include <array>
#include <cstddef>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

namespace hawser::net {

/// What a replica is sent after its output: a data set, if it needs one, and then the stream of
/// changes for ever. Of both only a part is here at a time. It belongs to the connection's thread.
class replica_feed {
 public:
  /// Begins with a data set.
  void begin(engine::data_feed data);

  /// The data set has not been read to its end.
  bool has_data() const { return data_.content != nullptr; }
  /// Reads more of it.
  std::error_code read_data();

  /// Adds what comes next of the stream.
  void add(engine::journal_log::piece next);

  bool empty() const { return pieces_.empty(); }
  /// The first pieces to be sent; returns how many there are in `out`.
  std::size_t pieces(std::span<std::string_view> out) const;
  void sent(std::size_t bytes);

 private:
  engine::data_feed data_;
  std::deque<engine::journal_log::piece> pieces_;
};

}  // namespace hawser::net
