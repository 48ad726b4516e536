#pragma once

#include <base/chunked_buffer.hpp>
#include <engine/client.hpp>
#include <engine/command_table.hpp>
#include <engine/node.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace hawser::resp {
class request_batch;
}

namespace hawser::engine {

class context;

/// Takes clients' requests through admission to their handlers.
class dispatcher {
 public:
  using words_t = std::span<const std::string_view>;

  enum class outcome : std::uint8_t {
    done,       // replied, or queued, or will never reply
    blocked,    // will be replied to before the client is resumed
    postponed,  // to be tried again when the client is resumed
  };

  explicit dispatcher(node& server) : server_(server) {}

  /// Executes the requests of a batch from `first` on up to `last`, in order, until they are done,
  /// the client has to wait or is to be closed; returns the index of the first that was not
  /// executed, the batch's size when none is to be.
  std::size_t execute(client& who, const resp::request_batch& batch, std::size_t first,
                      std::size_t last = static_cast<std::size_t>(-1));

  /// The time from here on is that of the next command: what came before was spent elsewhere.
  void start_timing();

  /// Admits and executes one request, which has at least one word and took so many bytes on the
  /// wire.
  outcome execute(client& who, words_t words, std::size_t bytes);

  /// Executes a request of the append-only file: nothing is checked, counted or shown. False: there
  /// is no such command, or it cannot have so many words.
  bool replay(client& who, words_t words);

  /// Executes a command that has been admitted before (EXEC's queue), of a request of so many
  /// bytes; 0: it was in none.
  void call(client& who, command& what, words_t words, std::size_t bytes);

  /// Executes a command of the script that `caller` runs, for the script's own client. Null when
  /// that has been done, else the error, with its code, for which it has been refused.
  const char* call_in_script(client& who, client& caller, words_t words);

  /// Shows a command to clients that MONITOR.
  void show_to_monitors(const context& cx, words_t words);

  /// Has a client wait with a command for keys of its database, no longer than this many
  /// milliseconds if not 0; see context::retry_after for the last.
  void block(client& who, std::shared_ptr<blocked_command> what, words_t keys, std::int64_t timeout,
             std::int64_t retry_ms);

  /// Serves clients that wait for keys which have changed. Happens after each command; to be called
  /// when keys have changed otherwise.
  void serve_waiting() {
    if (server_.waits.any_ready() && server_.script == nullptr) serve_ready();
  }

  /// Serves clients that wait for replicas, one of which has acknowledged something.
  void serve_acknowledged();
  /// Whether the client's user may not do this, which is then counted and logged.
  std::optional<acl::denial> denied(client& who, const command& what, words_t words,
                                    acl::access_log_entry::where where) {
    if (who.user->unlimited()) return std::nullopt;
    return denied_by_rules(who, what, words, where);
  }

  void log_failed_authentication(client& who, std::string_view user, std::string_view command);

  /// Ends the wait of a blocked client as if its time were over, or with an error.
  void end_wait_by_timeout(client& who);
  void end_wait_by_error(client& who, std::string_view text);

  /// Ends the waits whose time is over, those for the end of a pause as well, and tries those again
  /// that asked for it.
  void end_overdue_waits();

  /// Has the pause that has been begun end on time.
  void ask_for_end_of_pause();

  /// Which replies reach the client from now on.
  void set_replies(client& who, reply_mode mode);

 private:
  /// What find found last, and under which name, as it was written.
  struct recent_command {
    command* found = nullptr;
    char name[16] = {};
    std::size_t size = 0;
  };

  void log_denial(client& who, acl::access_log_entry::reason why,
                  acl::access_log_entry::where where, std::string_view object,
                  std::string_view user);
  std::optional<acl::denial> denied_by_rules(client& who, const command& what, words_t words,
                                             acl::access_log_entry::where where);
  command* resolve(client& who, words_t words);
  bool permits(const client& who, const command& what) const;
  command* find(std::string_view name, recent_command& last);
  void send_away(client& who);
  void reject(client& who, command* what, std::string_view text);
  command_flags flags_of(const command& what, words_t words) const;
  bool executes_any(client& who, const command& what, words_t words, command_flags wanted) const;
  bool must_wait(client& who, const command& what, words_t words) const;
  const char* refused_writes();
  bool refused_because_of_disk(client& who, const command& what, words_t words) const;
  bool refused_without_memory(client& who, const command& what, words_t words);
  std::string_view refused_by_replica(client& who, const command& what, words_t words) const;
  static bool lacks(const client& who, const command& what, command_flag wanted);
  std::string_view refused_without_data(client& who, const command& what, words_t words) const;
  const char* refused_in_script(client& caller, const command& what, words_t words);
  void end_of_withheld(client& who);
  void serve_ready();
  bool serve(client& who, const wait_list::queue& from);
  bool try_again(client& who, words_t keys);
  void end_wait(client& who);
  void retry_after(client& who, std::int64_t ms);
  void ask_for_alarm(std::int64_t at_ns);
  void track(client& who, const command& what, words_t words);
  /// What a command has taken.
  struct costs {
    std::uint64_t took_ns;
    std::size_t request;  // bytes
    std::size_t reply;    // bytes
  };
  void account(context& cx, const costs& of, words_t words);
  void note_costs(const context& cx, const costs& of, words_t words);
  void log_costs(const context& cx, const costs& of, words_t words);
  void feed_monitors(const context& cx, words_t words);
  void read_ahead(const resp::request_batch& batch, client& who, std::size_t first,
                  std::size_t last);
  static void read_ahead_elements(const resp::request_batch& batch, store::database& data,
                                  std::size_t first, std::size_t last);

  node& server_;
  std::uint64_t lap_ns_ = 0;
  std::int64_t alarm_ns_ = wait_list::never;  // when end_overdue_waits is going to be called
  recent_command requested_;                  // what a client has asked for last
  recent_command called_;                     // what a script has called last
  std::string append_refusal_;    // what writes were refused with last because of the disk
  base::chunked_buffer nowhere_;  // takes the replies that CLIENT REPLY holds back
};

}  // namespace hawser::engine
