#pragma once

#include <span>
#include <string_view>

namespace hawser::replication {

/// Tells where a stream of changes may be cut: not between MULTI and EXEC.
class stream_units {
 public:
  /// Takes the next request; true when the stream may be cut behind it.
  bool whole_after(std::span<const std::string_view> words);

 private:
  bool inside_ = false;
};

}  // namespace hawser::replication
