#pragma once

#include <engine/node.hpp>

#include <cstdint>
#include <memory>
#include <persistence/byte_source.hpp>

namespace hawser::commands {

/// Parts the loading of a data set into slices, between which clients have their turn, and tells
/// how far it is. While this lives the node is `loading`, and nothing in it expires.
class loading_pace {
 public:
  /// In the foreground everything is one slice.
  enum class place : bool { foreground, beside_clients };

  /// So many bytes are to be loaded.
  loading_pace(engine::node& server, place where, std::uint64_t total);
  ~loading_pace();
  loading_pace(const loading_pace&) = delete;
  loading_pace& operator=(const loading_pace&) = delete;

  void begin_slice();

  /// A key or a request has been loaded, with which that many bytes are. False: the slice is over.
  bool go_on(std::uint64_t loaded) {
    server_.load.loaded = loaded;
    if (server_.options.key_load_delay != 0) rest();
    if (loaded >= last_byte_) return false;
    return ++items_ % items_between_looks != 0 || !late();
  }

  /// What reads from this lets clients have their turn in the middle of a large value, too, which
  /// is when the slice should have been over.
  std::unique_ptr<persistence::byte_source> pace(std::unique_ptr<persistence::byte_source> from);

  void end_slice();

 private:
  class source;

  static constexpr unsigned items_between_looks = 32;

  bool late() const { return server_.clock.monotonic_ns() >= end_; }
  void look_up();
  void rest();

  engine::node& server_;
  const place where_;
  std::int64_t end_ = 0;         // of the slice, by the monotonic clock
  std::uint64_t last_byte_ = 0;  // that belongs to it
  unsigned items_ = 0;
  bool turns_were_let_in_ = false;
};

/// How long it is since then, by the monotonic clock; for the log.
double seconds_since(const engine::node& server, std::int64_t begun_ns);

}  // namespace hawser::commands
