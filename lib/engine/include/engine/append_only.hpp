#pragma once

#include <engine/journal_log.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <system_error>

namespace hawser::engine {

/// Changes that memory has given up, on their way from the append-only file to a replica.
class older_changes {
 public:
  virtual ~older_changes() = default;

  /// Where in the journal the next bytes stand. On any thread.
  virtual std::uint64_t position() const = 0;

  /// Learns what has come to the file since. On the strand.
  virtual void look() = 0;

  /// The next bytes, past which it then is; none: they have not been written yet. Blocks; on any
  /// thread, one at a time.
  virtual journal_log::piece read(std::error_code& failure) = 0;
};

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

  /// The same as others may be told of: 0 while the first base is being written. None: there is no
  /// append-only file. On the strand.
  virtual std::optional<std::uint64_t> lasting() const = 0;

  /// Whether the file has all changes from this offset on. On the strand.
  virtual bool has_changes_from(std::uint64_t offset) const = 0;
  /// Reads them; null: it has not. On the strand.
  virtual std::shared_ptr<older_changes> changes_from(std::uint64_t offset) = 0;
  /// They cannot be read after all: it has none from before now. On the strand.
  virtual void give_up_changes() = 0;

  /// Bytes that have been handed over and not yet written to the file.
  virtual std::size_t buffered() const = 0;

  /// There has been progress, or trouble: what clients see of it is brought up to date. On the
  /// strand.
  virtual void look() = 0;
};

}  // namespace hawser::engine
