#pragma once

#include <base/clock.hpp>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <persistence/file_system.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace hawser::persistence {

/// When what has been written to the append-only file is synced.
enum class sync_policy : std::uint8_t { always, every_second, never };

/// Appends to the append-only file on a thread of its own, which the caller provides: it runs
/// run(), or (in tests) calls step().
///
/// What is appended is counted in bytes; a position is such a count. While a write or a sync is
/// under way, what is handed over gathers and is written in one piece after it: the more there is
/// to do, the larger the groups.
///
/// After a failed write nothing is lost: what was written in part is cut off, and the bytes are
/// kept and tried again once a second. A failed sync leaves doubt on what was written before, which
/// only a rewrite of the log removes; trying again may succeed nevertheless.
class aof_writer {
 public:
  using position = std::uint64_t;

  struct status {
    std::error_code write_failure;  // none: the last write was well
    std::error_code sync_failure;
    std::uint64_t size = 0;        // of the file
    std::size_t buffered = 0;      // bytes appended and not written
    std::uint64_t slow_syncs = 0;  // that took more than a second
    bool syncing = false;
  };

  /// `progress` is called on the writer's thread when synced() has grown or status() has changed
  /// for better or worse.
  aof_writer(const base::clock& clock, std::function<void()> progress);
  ~aof_writer();

  // On the strand

  /// Appends to the end of this file from here on; the one before is synced and closed when all
  /// that belongs to it has been written. Null: nothing is appended. `at` is where the stream is;
  /// of the `size` bytes that the file holds nothing need be on the medium.
  void switch_to(std::unique_ptr<output_file> file, std::uint64_t size, position at);
  /// Bytes that are held as long as `owner` is, up to this position of the stream.
  void append(std::shared_ptr<const void> owner, std::string_view bytes, position end);
  /// Gives the writer what has been appended. Waits when it is behind by more than this many bytes,
  /// unless it cannot write.
  static constexpr std::size_t most_buffered = std::size_t{64} << 20;
  /// `replies` is how many clients wait for it; under `always` the writer lets groups gather until
  /// those are back that it has just let go, if they come back at once as a rule.
  void hand_over(std::size_t replies = 0);
  /// The files before the last switch are needed no longer: what they still wait for is forgotten.
  void retire_old_files();
  /// Waits until all is written and synced, or cannot be.
  void drain();
  void follow(sync_policy policy, bool may_sync);
  position appended() const { return appended_; }
  /// Nobody calls run(): what is handed over is written at once.
  void work_inline() { inline_ = true; }

  // On any thread

  position synced() const { return synced_.load(std::memory_order_acquire); }
  status now() const;

  // On the writer's thread

  /// Works until stop() is called and all has been written that can be.
  void run();
  void stop();
  /// Does what is to be done now; false when that is nothing.
  bool step();

 private:
  struct piece {
    std::shared_ptr<const void> owner;
    std::string_view bytes;
    position end = 0;
    bool switches = false;  // to another file, instead of bytes
    std::unique_ptr<output_file> next;
    std::uint64_t next_size = 0;
  };
  using pieces = std::vector<piece>;
  using lock = std::unique_lock<std::mutex>;

  bool has_work() const;
  void wait_for_work(lock& held);
  void let_gather(lock& held);
  void group_done(std::size_t replies, std::int64_t took_ns);
  void take_pieces();
  bool write_pieces();
  bool write(std::string_view bytes);
  void switch_file(piece& at);
  void sync();
  bool sync_due() const;
  void report(std::error_code write_failure);

  const base::clock& clock_;
  const std::function<void()> progress_;

  // The strand's
  pieces gathered_;
  std::size_t gathered_bytes_ = 0;
  position appended_ = 0;
  bool inline_ = false;

  // Shared
  mutable std::mutex mutex_;
  std::condition_variable wanted_;  // there is work
  std::condition_variable eased_;   // there is less of it
  pieces queue_;
  std::size_t queued_ = 0;  // bytes in queue_ and taken_
  status status_;
  bool stopping_ = false;
  bool draining_ = false;
  bool unsynced_ = false;  // there are bytes in the file that may not be on the medium
  bool retire_ = false;
  std::size_t replies_ = 0;  // that wait for what is in queue_
  std::atomic<sync_policy> policy_{sync_policy::every_second};
  std::atomic<bool> may_sync_{true};
  std::atomic<position> synced_{0};

  // The writer's
  std::unique_ptr<output_file> file_;
  bool has_file_ = false;   // under the lock
  pieces taken_;            // in order
  std::size_t next_ = 0;    // of them
  std::uint64_t size_ = 0;  // of what is well written
  bool torn_ = false;       // there may be more in the file
  position written_ = 0;
  std::int64_t last_sync_ns_ = 0;
  std::int64_t retry_ns_ = 0;
  std::size_t expected_ = 0;      // replies that may be waited for before the next group begins
  std::int64_t patience_ns_ = 0;  // no longer than this
  int in_vain_ = 0;               // how often in a row they did not come
  int impatient_ = 0;             // groups left that nobody waits for
};

}  // namespace hawser::persistence
