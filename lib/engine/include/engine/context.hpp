#pragma once

#include <engine/arg_reader.hpp>
#include <engine/client.hpp>
#include <engine/command_error.hpp>
#include <engine/command_table.hpp>
#include <engine/config/choices.hpp>
#include <engine/journal.hpp>
#include <engine/keyspace.hpp>
#include <engine/wait_list.hpp>
#include <resp/reply_writer.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace hawser::engine {

class dispatcher;
class node;

/// Under which conditions a command waits for its keys.
struct wait_terms {
  std::int64_t timeout = 0;  // milliseconds; 0: for ever
  store::value_type type{};  // what its keys have to hold
  bool sees_loss = false;    // it is also tried when a key is gone or holds something else
  bool plain_null = false;   // where it may not wait it replies null instead of the null array
  std::function<void(client&)> at_timeout{};  // replies when the time is over
};

/// All a command may touch while it runs.
class context {
 public:
  context(node& server, engine::dispatcher& dispatcher, client& who, command& what,
          std::span<const std::string_view> words, bool waited = false);

  node& server;
  engine::dispatcher& dispatcher;
  client& who;
  command& what;
  arg_reader args;
  resp::reply_writer& reply;
  keyspace keys;
  /// The only clock of a command: milliseconds since the epoch, the same from its start to its end.
  const base::milliseconds_t now;
  /// This is not the command's first try: it has been waiting.
  const bool waited;

  /// What has this deadline is gone. Never so while the append-only file is loaded, or when a
  /// primary says so: what follows tells whether it goes.
  bool is_past(base::milliseconds_t deadline) const;

  /// To be called after each change of a key: watchers, notifications and the counter of changes
  /// hang on it. `event` is the name of a keyspace event, `kind` its class of
  /// notify-keyspace-events.
  void modified(std::string_view key, std::uint32_t kind, std::string_view event);
  /// The same for a change in another database.
  void modified(int db, std::string_view key, std::uint32_t kind, std::string_view event);
  /// The same for a key whose change has been counted with another one's.
  void touched(int db, std::string_view key, std::uint32_t kind, std::string_view event);

  /// After elements were taken out of a collection and that was told: a key that holds none any
  /// more is removed.
  template <class Value>
  bool drop_if_empty(std::string_view key, const Value& value) {
    if (!value.empty()) return false;
    drop(key);
    return true;
  }

  /// Runs `attempt` (a blocked_command::attempt) and, if there is nothing to reply yet, has the
  /// client wait until another try succeeds or the time is over, which replies a null array. Inside
  /// a transaction nothing waits: the null is replied at once.
  template <class Attempt>
  void serve_or_block(std::span<const std::string_view> keys_to_try, const wait_terms& terms,
                      Attempt attempt) {
    if (!attempt(*this, keys_to_try)) block(keys_to_try, terms, std::move(attempt));
  }

  /// What the command has done, as a request for the journal. A command that has changed something
  /// is journalled as it was sent, unless it says otherwise: then it is journalled as what it says,
  /// in one request a call. Words are texts and integers.
  template <class... Words>
  void effect(const Words&... words) {
    journalled_ = true;
    if (!journal_.has_reader()) return;
    journal_.begin_request(keys.index(), sizeof...(words));
    (journal_.word(words), ...);
    journal_.end_request();
  }
  void effect_of(std::span<const std::string_view> words) {
    journalled_ = true;
    journal_.append(keys.index(), words);
  }
  /// Whether effects have to be said at all, where that costs something.
  bool has_journal() const { return journal_.has_reader(); }
  /// The command is not journalled.
  void no_effect() { journalled_ = true; }
  bool journalled() const { return journalled_; }

  /// To be called by an attempt that fails: the next one is due after so many milliseconds, even if
  /// no key changes until then.
  void retry_after(std::int64_t ms) { retry_ms_ = std::clamp<std::int64_t>(ms, 1, retry_ms_); }
  std::int64_t retry_ms() const { return retry_ms_; }
  static constexpr auto no_retry = std::numeric_limits<std::int64_t>::max();

  /// Has the command count as failed, once.
  void failed() {
    if (!std::exchange(failed_, true)) ++what.statistics.failed;
  }

  /// Replies an error without ending the command.
  void fail(std::string_view text);

  /// Hides a word (counted from the command's name, 0) from MONITOR and the logs of commands.
  void redact(std::size_t word) { redacted_.push_back(word); }
  const std::vector<std::size_t>& redacted() const { return redacted_; }

 private:
  void drop(std::string_view key);
  void block(std::span<const std::string_view> keys_to_try, const wait_terms& terms,
             blocked_command::attempt attempt);

  engine::journal& journal_;
  std::vector<std::size_t> redacted_;
  bool journalled_ = false;
  std::int64_t retry_ms_ = no_retry;
  bool failed_ = false;
};

/// The error of a command whose number of words is wrong.
[[noreturn]] void wrong_arity(const command& what);

}  // namespace hawser::engine
