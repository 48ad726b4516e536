#pragma once

#include "encoded_bytes.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <persistence/snapshot.hpp>
#include <vector>

namespace hawser::persistence {

/// The queue between the strand and the background thread, and what that thread does.
class snapshot_pipe : public std::enable_shared_from_this<snapshot_pipe> {
 public:
  using consumers = std::vector<std::unique_ptr<snapshot_consumer>>;

  snapshot_pipe(const snapshot_setup& setup, consumers to);

  // The strand's side.

  void push(encoded_bytes bytes);
  /// Nothing more is pushed.
  void close();
  /// Nothing is written any more; consumers that are not in use are destroyed here.
  void cancel();
  /// Whether the other side should get ahead; if so it will call when it has.
  bool full();
  /// Whether all is written, or can be by nobody.
  bool over();
  /// After that: the failure of each consumer.
  std::vector<std::error_code> outcomes();

 private:
  /// Writes the same to all consumers that have not failed.
  class fan final : public byte_sink {
   public:
    explicit fan(consumers to) : to_(std::move(to)), failures_(to_.size()) {}
    std::error_code write(std::string_view bytes) override;
    void finish();
    bool all_failed() const;
    void abandon(std::error_code why);
    const std::vector<std::error_code>& failures() const { return failures_; }

   private:
    consumers to_;
    std::vector<std::error_code> failures_;
  };

  void count() const;
  void schedule();
  void run();
  void end(std::unique_lock<std::mutex>& lock);

  const std::size_t most_bytes_;
  const std::chrono::microseconds rest_;
  const std::function<void(std::function<void()>)> run_in_background_;
  const std::function<void()> wake_;
  const std::shared_ptr<std::atomic<std::size_t>> queued_bytes_;

  std::mutex mutex_;                  // of what follows
  std::condition_variable given_up_;  // ends a rest
  std::deque<encoded_bytes> queue_;
  std::size_t queued_ = 0;  // bytes
  bool running_ = false;
  bool awaited_ = false;  // the strand waits until there is room
  bool closed_ = false;
  bool cancelled_ = false;
  bool over_ = false;

  // Used by who runs, or by the strand when nobody does.
  fan consumers_;
  rdb_output out_;
};

}  // namespace hawser::persistence
