#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace hawser::engine {

class journal_cursor;

/// The latest bytes of the journal, held once for all who read them.
///
///        begin()              a cursor             end()
///          |                     |                   |
///     [ block ][ block ][ block ][ block ][ block    ]
///      ---- latest bytes that are kept anyway -------
///
/// Offsets count the bytes of the journal ever written, whether or not they are still held: end()
/// is what Redis calls master_repl_offset. Bytes lie in blocks that never move and are never
/// written twice, so a reader may hold and read them on another thread while more is appended. A
/// block goes when nobody wants it: when it is older than the latest bytes that are kept, and no
/// cursor has still to read it.
///
/// While there are no cursors and nothing is kept, nothing is held. On the store's strand only, but
/// for the pieces.
class journal_log {
 public:
  static constexpr std::size_t block_bytes = std::size_t{64} * 1024;

  /// Bytes that lie together; valid as long as it is held, on any thread.
  struct piece {
    std::shared_ptr<const char[]> block;
    std::string_view bytes;
  };

  /// Somebody reads, or will.
  bool wanted() const { return keep_ > 0 || !cursors_.empty(); }

  std::uint64_t begin() const { return blocks_.empty() ? end_ : blocks_.front().begin; }
  std::uint64_t end() const { return end_; }
  /// Bytes of memory in blocks, without those that only pieces hold.
  std::size_t memory() const { return memory_; }

  /// O(bytes), and O(cursors) when a block is full. Throws std::bad_alloc.
  void append(std::string_view bytes);

  /// Forgets all bytes; the next one has this offset. Cursors are lost.
  void restart(std::uint64_t offset);

  /// Keeps so many of the latest bytes from here on, for readers that are to come.
  void keep(std::size_t bytes);

  /// How many of the latest bytes are kept for readers to come.
  std::size_t kept() const { return keep_; }

  /// Bytes from an offset on, at least one unless it is the end. Empty without a block: they are
  /// not held (any more). O(log blocks).
  piece read(std::uint64_t from) const;

  /// Has `heard` called at the next append, and again at the first one after each listen_again;
  /// there a command is under way, whose end is the time to read.
  void listen(std::function<void()> heard);
  void listen_again() { told_ = !heard_; }
  /// Has it called though nothing has been appended.
  void tell() {
    if (!std::exchange(told_, true)) heard_();
  }

 private:
  friend class journal_cursor;

  struct block {
    std::uint64_t begin;
    std::size_t capacity;
    std::shared_ptr<char[]> bytes;
  };

  void add_block(std::size_t least);
  void trim();

  std::deque<block> blocks_;
  std::uint64_t end_ = 0;
  std::size_t memory_ = 0;
  std::size_t keep_ = 0;
  std::vector<journal_cursor*> cursors_;
  std::function<void()> heard_;
  bool told_ = true;
};

/// A reader's place in the journal. What it has still to read is held for it, up to its longest
/// lag: beyond that it may be lost.
class journal_cursor {
 public:
  static constexpr std::uint64_t no_limit = ~std::uint64_t{0};

  /// Begins at an offset that is held, or the end.
  journal_cursor(journal_log& log, std::uint64_t from, std::uint64_t longest_lag = no_limit);
  journal_cursor(const journal_cursor&) = delete;
  journal_cursor& operator=(const journal_cursor&) = delete;
  ~journal_cursor();

  std::uint64_t position() const { return position_; }
  std::uint64_t lag() const { return log_->end() - position_; }
  /// The bytes at its place have been given up, or never will come.
  bool lost() const { return position_ < log_->begin() || position_ > log_->end(); }

  /// Goes on from an offset that is held.
  void move_to(std::uint64_t offset) { position_ = offset; }

  /// The next bytes, past which it then is; no bytes: there are no more yet, or it is lost.
  journal_log::piece next();

 private:
  friend class journal_log;

  journal_log* log_;
  std::uint64_t position_;
  std::uint64_t longest_lag_;
};

}  // namespace hawser::engine
