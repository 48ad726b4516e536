#pragma once

#include <cstddef>
#include <cstdint>

namespace hawser::engine {

/// The append-only file, as the transport sees it: what the journal gets is handed over to be
/// written, and replies may have to wait until it is on disk.
class append_only {
 public:
  virtual ~append_only() = default;

  /// Hands over what has been journalled so far; `replies` clients wait for it. On the strand, when
  /// no command is under way.
  virtual void hand_over(std::size_t replies) = 0;

  /// Replies wait for the disk (`appendfsync always`). On any thread.
  virtual bool holds_replies() const = 0;

  /// Up to here, in offsets of the journal, changes are on disk. On any thread.
  virtual std::uint64_t durable() const = 0;

  /// Bytes that have been handed over and not yet written to the file.
  virtual std::size_t buffered() const = 0;

  /// There has been progress, or trouble: what clients see of it is brought up to date. On the
  /// strand.
  virtual void look() = 0;
};

}  // namespace hawser::engine
