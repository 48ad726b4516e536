#pragma once

#include <base/clock.hpp>
#include <base/hash.hpp>
#include <base/random.hpp>
#include <engine/acl/access_control.hpp>
#include <engine/append_only.hpp>
#include <engine/client.hpp>
#include <engine/client_memory.hpp>
#include <engine/command_log.hpp>
#include <engine/command_table.hpp>
#include <engine/config/configuration.hpp>
#include <engine/eviction.hpp>
#include <engine/exchange.hpp>
#include <engine/hot_keys.hpp>
#include <engine/journal.hpp>
#include <engine/latency_monitor.hpp>
#include <engine/pause.hpp>
#include <engine/process_facts.hpp>
#include <engine/pubsub_registry.hpp>
#include <engine/replication.hpp>
#include <engine/script_engine.hpp>
#include <engine/statistics.hpp>
#include <engine/tracking.hpp>
#include <engine/wait_list.hpp>
#include <engine/watch_registry.hpp>
#include <store/database.hpp>

#include <atomic>
#include <cerrno>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace hawser::persistence {
class file_system;
class snapshot;
}  // namespace hawser::persistence

namespace hawser::engine {

/// What the engine asks of the process around it. Implemented by the transport and by tests.
class host {
 public:
  virtual ~host() = default;

  /// Ends the process in an orderly way, as SHUTDOWN asks.
  virtual void shut_down() = 0;

  /// Ends the process at once, with the exit status of a failure; what clients have not been sent
  /// they are not sent.
  virtual void give_up() {}

  /// Writes a line to the log.
  virtual void log(log_level level, std::string_view text) = 0;

  /// Bytes that the process's allocator has handed out; pages of the store are not among them.
  virtual std::size_t allocated_memory() const = 0;

  /// The same as of the last call of that, and what this thread has allocated and freed since: in
  /// a few nanoseconds.
  virtual std::size_t allocated_lately() const { return allocated_memory(); }

  /// What INFO tells of the process.
  virtual process_facts facts() const { return {}; }

  /// Stops this thread for a while, as DEBUG SLEEP asks.
  virtual void sleep(base::microseconds_t) {}

  /// Has dispatcher::end_overdue_waits called when the monotonic clock shows this time (or soon
  /// after). Replaces what was asked for before.
  virtual void wake_at(std::int64_t) {}

  /// Where data is kept.
  virtual persistence::file_system& files() = 0;

  /// Has work done that lasts, on a thread of its own, which the host waits for at its end. False:
  /// there are no threads here, and the work is not done.
  virtual bool run_beside(std::function<void()>) { return false; }

  /// The append-only file has got further, or has come into trouble. On any thread.
  virtual void append_only_progress() {}

  /// Serves other clients for a moment while a script keeps the strand busy: what they ask comes to
  /// dispatcher::execute, within this call.
  virtual void while_busy() {}
  /// The script is over.
  virtual void busy_over() {}

  /// Reads a number among the allocator's settings and statistics and, if there is another, sets
  /// it. Zero, or an errno.
  virtual int allocator_number(const std::string& /*name*/, std::int64_t& /*now*/,
                               const std::int64_t* /*then*/) {
    return ENOENT;
  }
  /// The same for texts.
  virtual int allocator_text(const std::string& /*name*/, std::string& /*now*/,
                             const std::string* /*then*/) {
    return ENOENT;
  }

  /// Has the program begin anew after so many milliseconds, in the place of this process, with the
  /// same command line. Returns only when that cannot be.
  virtual void restart(base::milliseconds_t /*after*/) {}

  /// Gives memory that is free but held back to the system.
  virtual void release_free_memory() {}

  /// The directive `replicaof` has changed: the link to a primary is to follow it.
  virtual void follow_primary() {}

  /// Begins an exchange with another server, after which the client who waits for it is tried
  /// again. False: there are no connections here.
  virtual bool start(std::shared_ptr<exchange> /*what*/, std::uint64_t /*client*/) { return false; }

  /// Has work done that touches nothing of the node's, on another thread where there is one. What
  /// has not begun when the process ends may be left undone.
  virtual void run_in_background(std::function<void()> work) { work(); }

  /// Has the snapshot under way go on soon, on the strand. From any thread.
  virtual void wake_snapshot() {}

  /// Has tracking_registry::broadcast called when what is ready now has been executed.
  virtual void broadcast_soon() {}
};

/// Address of a replica: the one it has announced, or where it comes from.
std::string_view address_of_replica(const client& who);
/// The same with its port, as logs name it.
std::string name_of_replica(const client& who);

/// What is known of the data set on disk.
struct save_facts {
  base::milliseconds_t last;        // when it was the same as in memory
  std::uint64_t changes = 0;        // that there had been then
  base::milliseconds_t tried = 0;   // when a save that nobody waits for was last begun
  bool in_progress = false;         // that one
  std::uint64_t changes_begun = 0;  // that there had been when it began
  std::int64_t begun_ns = 0;        // by the monotonic clock
  std::size_t kept = 0;             // bytes that the last one had to keep of what changed
  bool failed = false;              // that one
  bool scheduled = false;           // one is to begin soon
  std::int64_t seconds = -1;        // that the last one took
  std::uint64_t saves = 0;
  std::uint64_t keys_loaded = 0;
  std::uint64_t keys_expired = 0;  // left out when it was loaded
};

/// What on disk falls behind, so that nothing is to change in memory.
enum class disk_trouble : std::uint8_t { none, snapshot, append_only_file };

/// How far the data set is that is being loaded.
struct load_facts {
  base::milliseconds_t begun = 0;
  std::uint64_t total = 0;   // bytes
  std::uint64_t loaded = 0;  // among them
  std::uint64_t memory = 0;  // bytes that it took up where it was saved; 0: not known
};

/// One server without its sockets: the data, the clients, and what is known and counted of both.
/// Everything in it is touched on the store's strand only.
class node {
 public:
  node(configuration& config, const command_set& all_commands, const base::clock& clock,
       host& process, std::uint64_t seed);
  node(const node&) = delete;
  node& operator=(const node&) = delete;

  configuration& config;
  const settings& options;
  const base::clock& clock;
  host& process;
  command_table commands;
  acl::access_control access;
  base::random random;
  statistics stats;
  pubsub_registry pubsub;
  watch_registry watches;
  wait_list waits;
  engine::command_logs command_logs;
  engine::hot_keys hot_keys;
  latency_monitor latency;
  engine::journal journal;
  engine::replication replication;
  engine::eviction eviction;
  engine::client_memory client_memory;
  pause paused;
  std::map<std::uint64_t, client*> clients;  // by id
  std::vector<client*> monitors;
  std::vector<client*> postponed;  // held back by CLIENT PAUSE, in the order in which they were
  const base::milliseconds_t started;
  save_facts save;
  load_facts load;
  std::unique_ptr<append_only> aof;  // none before the start is over
  std::string append_failure;        // why the append-only file cannot be written; empty: it can
  /// Why writes are refused, if they are.
  disk_trouble trouble_with_disk() const;
  running_script* script = nullptr;  // that runs now
  const std::string run_id;
  const std::size_t startup_memory;
  std::uint64_t changes = 0;          // of the data set, since the start
  std::uint64_t changes_by_time = 0;  // those among them that deadlines have made
  std::uint64_t changes_by_commands() const { return changes - changes_by_time; }
  std::uint64_t unsaved_changes() const { return changes - save.changes; }
  std::size_t peak_memory = 0;
  std::atomic<std::size_t> waiting_to_be_freed = 0;  // keys, in the background
  /// Bytes of a snapshot that wait to be written.
  const std::shared_ptr<std::atomic<std::size_t>> snapshot_queue =
      std::make_shared<std::atomic<std::size_t>>(0);
  bool active_expire = true;       // DEBUG SET-ACTIVE-EXPIRE
  bool periodic_work = true;       // DEBUG PAUSE-CRON
  bool verifies_checksums = true;  // DEBUG SET-SKIP-CHECKSUM-VALIDATION
  /// The data set is not whole yet; or another one, which is going to take its place. Changed on
  /// the strand, looked at on any thread.
  std::atomic<bool> loading = false;
  std::atomic<bool> loading_aside = false;

  /// This node does what a primary does, and nothing else.
  bool is_replica() const { return !options.replicaof.host.empty(); }
  /// Bytes of the stream of changes until now, which all copies of the data set count alike.
  std::int64_t stream_offset() const { return static_cast<std::int64_t>(journal.log.end()); }
  /// Replicas that have been heard of within min-replicas-max-lag.
  std::int64_t good_replicas() const;

  /// Milliseconds since the epoch, as of the last update_time.
  base::milliseconds_t now() const { return now_; }
  /// Time stands still for a script, whoever else is served meanwhile.
  void update_time() {
    if (script == nullptr) now_ = clock.wall() / 1000;
  }

  /// While requests of the past are executed or a data set is loaded nothing expires: what expired
  /// then is removed by what comes later among them, or when they are over.
  void replay(bool on) { replaying_ = on; }
  bool replaying() const { return replaying_; }
  /// Deadlines up to this time have passed.
  base::milliseconds_t time_of_deadlines() const { return replaying_ ? 0 : now_; }

  store::database& database(int index) { return *databases_[static_cast<std::size_t>(index)]; }
  int database_count() const { return static_cast<int>(databases_.size()); }
  /// Exchanges the content of two databases; keys of either that are watched or waited for have
  /// changed.
  void swap_databases(int a, int b);
  /// Empties a database or all, whose keys have changed, for a client (if any); returns the number
  /// of keys there were. Their memory is freed before this returns, or in the background.
  enum class freeing : std::uint8_t { now, in_background };
  std::size_t flush(int index, freeing how, client* by);
  std::size_t flush_all(freeing how = freeing::now, client* by = nullptr);

  /// Empty databases, as many as there are, for a data set that is to take the place of the one
  /// there is; and has them do so, by which all keys have changed.
  using databases = std::vector<std::unique_ptr<store::database>>;
  databases make_databases();
  void replace_databases(databases with, freeing how);

  /// What a database holds under a key, without a trace of the question.
  presence find(int db, std::string_view key);
  /// The type of the value that is alive under a key; none if there is no such key.
  std::optional<store::value_type> type_of(int db, std::string_view key);

  /// A client comes and goes. The client is the caller's. It is the default user, authenticated if
  /// that one needs no password.
  void add(client& who);
  void remove(client& who);
  std::uint64_t next_client_id() { return ++last_client_id_; }

  /// Ends a connection; the client is gone when the transport says so.
  void close(client& who, bool after_output);
  /// Ends a connection of somebody else at once: the client is gone when this returns. Not for
  /// callers that are going through subscribers.
  void kill(client& who);

  /// The connection begins anew as the default user.
  void become_default_user(client& who);
  /// Ends the connections of a user who is going to be removed, but for the one that asks for it:
  /// that is somebody else from now on, and to be closed once it has been replied to.
  void part_from(const acl::user& gone, client* asking);
  /// Ends the connections of a user that are subscribed to what `now` may not use any more.
  void end_forbidden_subscriptions(const acl::user& before, const acl::user& now);

  /// Ends a client's transaction, if it has one, and gives up what it watches.
  void end_transaction(client& who);

  /// Ends CLIENT PAUSE: who waits goes on at once.
  void unpause();
  /// The same if its time is over.
  void end_pause_when_over();

  /// See context::modified; `by` is the client whose command does it, if one does.
  void modified(int db, std::string_view key, std::uint32_t kind, std::string_view event,
                client* by) {
    ++changes;
    touched(db, key, kind, event, by);
  }
  /// The same for a key whose change has been counted with another one's.
  void touched(int db, std::string_view key, std::uint32_t kind, std::string_view event,
               client* by) {
    if (uses_lrm()) [[unlikely]]
      note_modification(db, key);
    if (!watches.empty()) watches.touch(db, key);
    if (!tracking.idle()) tell_trackers(key, by, by == nullptr ? 0 : by->id);
    if (!waits.empty()) waits.touch(db, key);
    notify(db, key, kind, event);
  }
  /// Publishes a keyspace event without counting a change.
  void notify(int db, std::string_view key, std::uint32_t kind, std::string_view event) {
    if (options.notify_keyspace_events & kind) publish_event(db, key, event);
  }

  /// A key past its deadline may be removed now: writes are not paused, and there is no primary
  /// that says when.
  bool may_expire() const { return !is_replica() && paused.what(now_) == pause::scope::none; }
  /// Counts, journals and tells of a key that is removed because of its deadline, before it is;
  /// `by` is the client whose command has come across it, if one has.
  void expiring(int db, std::string_view key, client* by = nullptr);
  /// Counts and tells of fields of a hash that were; `all`: the key goes with them.
  void expiring_fields(int db, std::string_view key, std::size_t fields, bool all,
                       client* by = nullptr);
  /// Counts, journals and tells of a key that is removed to make room, before it is.
  void evicting(int db, std::string_view key);
  /// Journals that a key is gone without a command.
  enum class removal : std::uint8_t { expiry, eviction };
  void journal_removal(int db, std::string_view key, removal why = removal::expiry);
  /// Journals each field that it is shown. Empty when nobody reads the journal.
  store::database::field_visitor field_journal(int db);

  /// The value of an entry's access clock when it is used now.
  std::uint32_t access_clock(std::uint32_t before) {
    if (options.maxmemory_policy < eviction_policy::volatile_lrm) [[likely]]
      return seconds_clock();
    return uses_lrm() ? before : frequency_clock(before);
  }
  std::uint32_t new_access_clock() const;
  /// Minutes and counter of an LFU clock, decayed to now.
  std::uint32_t decayed_frequency(std::uint32_t access) const;
  bool uses_lfu() const { return options.maxmemory_policy >= eviction_policy::volatile_lfu; }
  /// What counts are changes: reading a key is no use of it.
  bool uses_lrm() const {
    return options.maxmemory_policy == eviction_policy::allkeys_lrm ||
           options.maxmemory_policy == eviction_policy::volatile_lrm;
  }
  /// Seconds since a key was used, under a policy other than LFU.
  std::uint32_t idle_seconds(std::uint32_t access) const;
  /// The access clock of a key that was last used some seconds ago or, under an LFU policy, has
  /// this counter; none if what the policy wants to know is missing.
  std::optional<std::uint32_t> kept_access_clock(std::optional<std::uint64_t> idle_seconds,
                                                 std::optional<std::uint8_t> frequency) const;

  /// Keeps what is remembered for client-side caching within tracking-table-max-keys.
  void limit_tracking() {
    tracking.limit(static_cast<std::size_t>(options.tracking_table_max_keys), random);
  }

  /// Ends clients whose unsent output is over their limit. Returns false when `who` is to be
  /// closed.
  bool within_output_limit(client& who);

  /// Work of the clock, `hz` times a second: rates, time-outs, soft limits, ends of pauses.
  void tick();
  /// Removes keys whose time has come and frees large values that were removed, in a slice; true
  /// when there is more to do at once.
  bool background_slice();

  /// Bytes in use: what the process has allocated and what the databases hold.
  std::size_t used_memory() const;
  /// The same within a few nanoseconds, without what other threads have allocated or freed in the
  /// last moments.
  std::size_t used_memory_lately() const;

  void log(log_level level, std::string_view text) { process.log(level, text); }

  /// Records for LATENCY how long something took, if that is as long as latency-monitor-threshold
  /// asks.
  void note_latency(std::string_view event, std::int64_t took_ms) {
    const auto threshold = options.latency_monitor_threshold;
    if (threshold > 0 && took_ms >= threshold)
      latency.add(event, now_ / 1000, static_cast<std::uint32_t>(took_ms));
  }

 private:
  std::uint32_t seconds_clock() const { return static_cast<std::uint32_t>(now_ / 1000) & 0xffffff; }
  std::uint32_t frequency_clock(std::uint32_t before);
  void note_modification(int db, std::string_view key);
  std::uint32_t idle_access_clock(std::uint64_t seconds) const;
  void publish_event(int db, std::string_view key, std::string_view event);
  void tell_trackers(std::string_view key, client* by, std::uint64_t author);
  client* caller(client* by) const;
  std::size_t empty(int index, freeing how);
  bool expire_slice();
  std::unique_ptr<store::database> make_database();
  presence presence_in(store::database& data, std::string_view key) const;
  void check_clients();
  template <class Ends>
  void kill_all(Ends ends);
  void resume_postponed();
  base::key_hasher hash_;
  std::vector<std::unique_ptr<store::database>> databases_;

 public:
  tracking_registry tracking;

 private:
  base::milliseconds_t now_ = 0;
  bool replaying_ = false;
  std::uint64_t last_client_id_ = 0;
  std::uint64_t next_checked_ = 0;  // the client that check_clients begins with
  int expire_db_ = 0;

 public:
  std::unique_ptr<script_engine> scripts;  // null: there is none
  /// The one under way, if any. Goes before the databases.
  std::shared_ptr<persistence::snapshot> snapshot;
  std::int64_t snapshot_slice_ended = 0;  // the last one, by the monotonic clock
};

}  // namespace hawser::engine
