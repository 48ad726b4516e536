#pragma once

#include <engine/journal_log.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace hawser::engine {

/// All changes of the data in order, as requests of the protocol that make the same changes
/// wherever and whenever they are executed: what depends on time, chance or waiting has become what
/// it came to (`SPOP s` is `SREM s x`, `EXPIRE k 10` is `PEXPIREAT k 1795278817841`). It is what
/// the append-only file and replicas are made of.
///
/// Requests that belong together are a unit and stand between MULTI and EXEC: a reader that comes
/// to an end in between must undo those it has executed, or not have executed any.
///
/// A replica's journal is its primary's, byte for byte; what it executes on the way is not
/// journalled again.
///
/// While nobody reads the log, nothing is written. On the store's strand only.
class journal {
 public:
  using words_t = std::span<const std::string_view>;

  journal_log log;

  /// Whether changes are to be written down.
  bool has_reader() const { return !following_ && !muted_ && log.wanted(); }
  /// Nothing is appended meanwhile, as if nobody read. Not between the two ends of a request.
  void mute(bool on) { muted_ = on; }

  /// The next request tells its database, whatever the last one was: for readers that do not know.
  void select_again() { db_ = -1; }
  /// What readers have selected; -1: they have not been told.
  int selected() const { return db_; }

  /// Whether the journal is the one of a primary, of which these are the next bytes.
  void follow(bool following);
  bool following() const { return following_; }
  void append_stream(std::string_view bytes) { log.append(bytes); }

  /// What is appended between these is one unit, which the outermost end hands over. Without them
  /// each request is a unit of its own.
  void begin_unit() { ++depth_; }
  void end_unit() {
    if (--depth_ == 0 && !unit_.empty()) hand_over();
  }

  /// Appends a request, in the database that it is to be executed in.
  void append(int db, words_t words);

  /// The same word by word, of which there must be exactly `count`.
  void begin_request(int db, std::size_t count);
  void word(std::string_view text);
  void word(std::integral auto number) { integer(static_cast<std::int64_t>(number)); }
  void end_request() {
    if (depth_ == 0) hand_over();
  }

 private:
  void integer(std::int64_t number);
  void hand_over();

  bool following_ = false;
  bool muted_ = false;
  int depth_ = 0;
  int db_ = -1;
  std::size_t requests_ = 0;  // in the unit
  std::size_t first_ = 0;     // where the first of them begins, behind its SELECT
  std::string unit_;
};

}  // namespace hawser::engine
