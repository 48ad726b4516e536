#pragma once

#include "asio.hpp"

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace hawser::net {

/// Where the store may be touched: one function at a time, whichever I/O thread it comes from.
///
/// With one I/O thread that is so by itself, and entering costs nothing. With several, who finds
/// the strand free runs at once on his own thread; who finds it taken lets the core go once, and if
/// it is still taken then leaves his function to the holder. The holder runs a round of such
/// functions and hands the next round to its own event loop, so that it gets back to its own
/// sockets.
///
/// A function may take long: a script. It then lets turns of sessions in (admit_turns), which are
/// executed within it; everything else waits for its end.
class store_strand {
 public:
  explicit store_strand(std::vector<asio::io_context*> threads) : threads_(std::move(threads)) {}
  store_strand(const store_strand&) = delete;
  store_strand& operator=(const store_strand&) = delete;

  /// Several threads enter it.
  bool shared() const { return threads_.size() > 1; }

  /// Runs `work` now, or has it run as soon as the strand is free; the caller is an I/O thread.
  template <class Work>
  void enter(Work work) {
    if (!shared() && !busy_) return work();
    enter_or_wait(std::move(work), false);
  }

  /// The same for what may be executed while another function lets turns in.
  template <class Work>
  void enter_for_turn(Work work) {
    if (!shared()) return work();
    enter_or_wait(std::move(work), true);
  }

  /// A function of the strand lets turns in: what can be left out for a while is.
  bool busy() const { return busy_.load(std::memory_order_relaxed); }

  /// Executes the turns that wait, those of the caller's event loop among them, within the function
  /// that holds the strand. From the first call to end_busy the strand is busy.
  void admit_turns() {
    busy_ = true;
    auto& loop = current();
    loop.poll();
    while (auto turn = take_turn()) {
      // What a turn posts to this loop is not counted as its work before the function that holds
      // the strand is over, but is when it has been done: without these the loop would run out of
      // work and stop.
      for (int i = 0; i < most_posts; ++i) kept_busy_.emplace_back(loop.get_executor());
      turn->run();
    }
  }

  /// The strand is no longer busy; what has been put off runs when the function that holds the
  /// strand is over.
  void end_busy() {
    if (!busy_.exchange(false)) return;
    if (!shared()) return asio::post(current(), [this] { run_round(); });
    asio::post(current(), [held = std::exchange(kept_busy_, {})] {});
  }

 private:
  struct function {
    explicit function(bool of_turn) : of_turn(of_turn) {}
    virtual ~function() = default;
    virtual void run() = 0;
    const bool of_turn;
  };
  using function_ptr = std::unique_ptr<function>;

  template <class Work>
  struct function_of final : function {
    function_of(Work&& work, bool of_turn) : function(of_turn), work(std::move(work)) {}
    void run() override { work(); }
    Work work;
  };

  template <class Work>
  void enter_or_wait(Work work, bool of_turn) {
    if (!take()) {
      // A holder that shares this core has lost it to the caller: it gets it back for once, which
      // is less than what leaving it the work takes.
      if (shared()) std::this_thread::yield();
      const std::lock_guard lock(waiting_lock_);
      if (taken_ || !shared()) {
        waiting_.push_back(std::make_unique<function_of<Work>>(std::move(work), of_turn));
        return;
      }
      taken_ = true;
    }
    run(work);
    run_round();
  }

  /// What throws leaves the strand to the others.
  template <class Work>
  void run(Work& work) {
    try {
      work();
    } catch (...) {
      asio::post(current(), [this] { run_round(); });
      throw;
    }
  }

  /// What has come until now is run; if there is more by then, the event loop has it run next.
  void run_round() {
    for (auto left = waiting_count(); left > 0; --left) {
      const auto next = take_first();
      if (!next) return;
      auto work = [&next] { next->run(); };
      run(work);
    }
    if (!release()) asio::post(current(), [this] { run_round(); });
  }

  /// False: somebody else has the strand.
  bool take() {
    const std::lock_guard lock(waiting_lock_);
    return shared() && !std::exchange(taken_, true);
  }

  std::size_t waiting_count() {
    const std::lock_guard lock(waiting_lock_);
    return waiting_.size();
  }

  /// Null, and the strand is free: nothing waits.
  function_ptr take_first() {
    const std::lock_guard lock(waiting_lock_);
    if (waiting_.empty()) {
      taken_ = false;
      return nullptr;
    }
    auto first = std::move(waiting_.front());
    waiting_.pop_front();
    return first;
  }

  function_ptr take_turn() {
    const std::lock_guard lock(waiting_lock_);
    for (auto each = waiting_.begin(); each != waiting_.end(); ++each) {
      if (!(*each)->of_turn) continue;
      auto turn = std::move(*each);
      waiting_.erase(each);
      return turn;
    }
    return nullptr;
  }

  /// False: something waits, and the strand stays taken.
  bool release() {
    const std::lock_guard lock(waiting_lock_);
    if (!waiting_.empty()) return false;
    taken_ = false;
    return true;
  }

  asio::io_context& current() const {
    for (auto* thread : threads_)
      if (thread->get_executor().running_in_this_thread()) return *thread;
    return *threads_.front();
  }

  static constexpr int most_posts = 4;  // of a turn, to one loop

  std::vector<asio::io_context*> threads_;
  std::vector<asio::executor_work_guard<asio::io_context::executor_type>> kept_busy_;
  std::mutex waiting_lock_;
  std::deque<function_ptr> waiting_;
  bool taken_ = false;  // under the lock
  std::atomic<bool> busy_ = false;
};

}  // namespace hawser::net
