#pragma once

#include "asio.hpp"

#include <utility>
#include <vector>

namespace hawser::net {

/// Where the store may be touched: one function at a time, whichever I/O thread it comes from.
///
/// With one I/O thread that is so by itself, and entering costs nothing. With several it is an Asio
/// strand over an executor that runs inline: who finds the strand free runs at once on his own
/// thread; who finds it taken leaves his function to the holder. The holder runs one round of such
/// functions and hands the next round to its own event loop, so that it gets back to its own
/// sockets.
class store_strand {
 public:
  /// `home` keeps what the strand needs; it outlives the event loops, in which functions may be
  /// left over.
  store_strand(asio::execution_context& home, std::vector<asio::io_context*> threads)
      : threads_(std::move(threads)), strand_(runner(home, threads_, false)) {}
  store_strand(const store_strand&) = delete;
  store_strand& operator=(const store_strand&) = delete;

  /// Several threads enter it.
  bool shared() const { return threads_.size() > 1; }

  /// Runs `work` now, or has it run as soon as the strand is free; the caller is an I/O thread.
  template <class Work>
  void enter(Work work) {
    if (!shared()) return work();
    asio::dispatch(strand_, std::move(work));
  }

 private:
  /// An executor that runs functions where they are handed in or, when that may not block, on the
  /// I/O thread that hands them in.
  class runner {
   public:
    runner(asio::execution_context& home, const std::vector<asio::io_context*>& threads,
           bool never_blocks) noexcept
        : home_(&home), threads_(&threads), never_blocks_(never_blocks) {}

    asio::execution_context& query(asio::execution::context_t) const noexcept { return *home_; }
    asio::execution::blocking_t query(asio::execution::blocking_t) const noexcept {
      return never_blocks_ ? asio::execution::blocking_t(asio::execution::blocking.never)
                           : asio::execution::blocking_t(asio::execution::blocking.possibly);
    }
    runner require(asio::execution::blocking_t::possibly_t) const noexcept {
      return {*home_, *threads_, false};
    }
    runner require(asio::execution::blocking_t::never_t) const noexcept {
      return {*home_, *threads_, true};
    }

    bool operator==(const runner& other) const noexcept {
      return threads_ == other.threads_ && never_blocks_ == other.never_blocks_;
    }
    bool operator!=(const runner& other) const noexcept { return !(*this == other); }

    template <class Work>
    void execute(Work&& work) const {
      if (never_blocks_) return asio::post(current(), std::forward<Work>(work));
      std::decay_t<Work> here(std::forward<Work>(work));
      here();
    }

   private:
    asio::io_context& current() const {
      for (auto* thread : *threads_)
        if (thread->get_executor().running_in_this_thread()) return *thread;
      return *threads_->front();
    }

    asio::execution_context* home_;
    const std::vector<asio::io_context*>* threads_;
    bool never_blocks_;
  };

  std::vector<asio::io_context*> threads_;
  asio::strand<runner> strand_;
};

}  // namespace hawser::net
