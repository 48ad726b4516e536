#pragma once

#include <engine/names.hpp>
#include <store/value_type.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <list>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hawser::engine {

class client;
class context;
struct blocked_command;
struct command;

/// Which clients wait for which keys, and until when.
///
///   key "jobs" -> queue [ client 7, client 9 ]     a queue is served from its front
///   key "mail" -> queue [ client 9 ]
///   client 9   -> its places in both queues, and in the order of deadlines
///
/// A change of a key that somebody waits for makes its queue ready, once, behind those that are
/// ready already. When the command that did it is over the dispatcher takes queue after queue and
/// tries their clients; a try may make other queues ready. Every operation takes constant time for
/// each key of a client, whatever the number of clients, but for the order of deadlines, which is
/// logarithmic.
class wait_list {
 public:
  /// The clients that wait for one key, longest first.
  struct queue {
    const int db;
    std::string_view key{};
    std::list<client*> clients{};
    std::size_t seeing_loss = 0;  // clients that want to know when the key is gone
    bool ready = false;
    bool serving = false;
    std::list<client*>::iterator next{};  // to be tried, while serving
  };

  static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

  /// The client waits for these keys of its database; see blocked_command for the rest. Naming a
  /// key twice is naming it once.
  void add(client& who, std::shared_ptr<blocked_command> what,
           std::span<const std::string_view> keys);
  /// The client waits no longer; nothing happens if it did not.
  void remove(client& who);
  /// A client that waits is to be tried at this time at the latest, in nanoseconds of the monotonic
  /// clock, even if none of its keys has changed; `never` takes that back.
  void retry_at(client& who, std::int64_t at_ns);

  bool empty() const { return waiting_ == 0; }
  std::size_t client_count() const { return waiting_; }
  std::size_t key_count() const { return keys_; }
  /// Keys of which somebody wants to know when they are gone.
  std::size_t keys_seeing_loss() const { return keys_seeing_loss_; }
  std::size_t deadline_count() const { return deadlines_.size(); }

  /// This key has changed.
  void touch(int db, std::string_view key);
  /// All keys that a client waits for may have something for it.
  void touch_keys_of(client& who);
  /// The whole content of a database has been exchanged.
  void touch_all(int db);

  bool any_ready() const { return !ready_.empty(); }
  /// Takes the queue that became ready first; null when there is none. It is to be given to
  /// end_serving.
  queue* begin_serving();
  /// The next client to be tried; null when all have been.
  static client* next_client(queue& of);
  void end_serving(queue& of);

  /// The nearest deadline or time to retry in nanoseconds of the monotonic clock, `never` if there
  /// is none.
  std::int64_t next_deadline() const;
  /// A client whose deadline or time to retry has come; null when there is none.
  client* overdue(std::int64_t now_ns) const;

 private:
  friend struct blocked_command;
  using queues = name_map<queue>;
  using deadlines = std::multimap<std::int64_t, client*>;

  queue& queue_of(int db, std::string_view key);
  void leave(queue& of, std::list<client*>::iterator at, bool saw_loss);
  void make_ready(queue& of);
  void schedule(client& who, blocked_command& what);
  void drop_if_done(queue& of);

  std::vector<queues> databases_;
  std::deque<queue*> ready_;
  deadlines deadlines_;
  std::size_t waiting_ = 0;
  std::size_t keys_ = 0;
  std::size_t keys_seeing_loss_ = 0;
};

/// A command that waits until one of its keys lets it reply.
struct blocked_command {
  /// Replies and returns true, or changes nothing and returns false. `keys` are those to look at,
  /// in this order: all of the command's at its first try, later the one that has changed.
  /// It outlives the words of the request, so that it owns what it remembers of them.
  using attempt = std::function<bool(context&, std::span<const std::string_view> keys)>;

  blocked_command(command& what, std::span<const std::string_view> words, attempt again);
  blocked_command(const blocked_command&) = delete;
  blocked_command& operator=(const blocked_command&) = delete;

  command& what;
  attempt again;
  store::value_type type{};  // what a key has to hold for a try to be worth it
  bool sees_loss = false;    // also tried when the key is gone or holds something else
  std::function<void(client&)> at_timeout{};  // replies; none: the null array
  std::int64_t deadline_ns = wait_list::never;
  std::int64_t retry_ns = wait_list::never;
  std::uint64_t spent_ns = 0;     // by tries until now
  std::size_t request_bytes = 0;  // what its request took on the wire

  /// The command's words, its name first.
  std::span<const std::string_view> words() const { return words_; }

  /// Bytes held.
  std::size_t memory() const;

 private:
  friend class wait_list;
  std::string text_;
  std::vector<std::string_view> words_;
  std::vector<std::pair<wait_list::queue*, std::list<client*>::iterator>> places_;
  wait_list::deadlines::iterator deadline_{};
};

}  // namespace hawser::engine
