#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace hawser::engine {

/// Reads the journal.
class journal_reader {
 public:
  virtual ~journal_reader() = default;

  /// Takes a unit: requests that belong together. More than one stand between MULTI and EXEC, where
  /// a reader that stops in between must undo those it has executed, or not have executed any.
  virtual void append(std::string_view requests) = 0;
};

/// All changes of the data in order, as requests of the protocol that make the same changes
/// wherever and whenever they are executed: what depends on time, chance or waiting has become what
/// it came to (`SPOP s` is `SREM s x`, `EXPIRE k 10` is `PEXPIREAT k 1795278817841`). It is what
/// the append-only file and replicas are made of.
///
/// While nobody reads, nothing is written. On the store's strand only.
class journal {
 public:
  using words_t = std::span<const std::string_view>;

  /// Null: nobody reads from here on. A new reader is told the database first.
  void set_reader(journal_reader* reader);
  bool has_reader() const { return reader_ != nullptr && !muted_; }
  /// Nothing is appended meanwhile, as if nobody read. Not between the two ends of a request.
  void mute(bool on) { muted_ = on; }

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

  journal_reader* reader_ = nullptr;
  bool muted_ = false;
  int depth_ = 0;
  int db_ = -1;               // what the reader has selected; -1: it has not been told
  std::size_t requests_ = 0;  // in the unit
  std::size_t first_ = 0;     // where the first of them begins, behind its SELECT
  std::string unit_;
};

}  // namespace hawser::engine
