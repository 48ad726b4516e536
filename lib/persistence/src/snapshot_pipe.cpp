#include "snapshot_pipe.hpp"

#include <algorithm>
#include <utility>

namespace hawser::persistence {

std::error_code snapshot_pipe::fan::write(std::string_view bytes) {
  for (std::size_t i = 0; i < to_.size(); ++i) {
    if (!failures_[i]) failures_[i] = to_[i]->write(bytes);
    if (failures_[i]) to_[i].reset();
  }
  return {};
}

void snapshot_pipe::fan::finish() {
  for (std::size_t i = 0; i < to_.size(); ++i)
    if (to_[i]) failures_[i] = to_[i]->finish();
  to_.clear();
}

bool snapshot_pipe::fan::all_failed() const {
  return std::ranges::all_of(failures_, [](const auto& each) { return bool(each); });
}

void snapshot_pipe::fan::abandon(std::error_code why) {
  for (auto& each : failures_)
    if (!each) each = why;
  to_.clear();
}

snapshot_pipe::snapshot_pipe(const snapshot_setup& setup, consumers to)
    : most_bytes_(setup.limits.queue_bytes),
      rest_(setup.limits.rest),
      run_in_background_(setup.run_in_background),
      wake_(setup.wake),
      queued_bytes_(setup.queued_bytes),
      consumers_(std::move(to)),
      out_(consumers_, setup.options) {}

/// Tells who wants to know how many bytes are in the queue. Under the lock.
void snapshot_pipe::count() const {
  if (queued_bytes_) queued_bytes_->store(queued_, std::memory_order_relaxed);
}

void snapshot_pipe::schedule() {
  run_in_background_([self = shared_from_this()] { self->run(); });
}

void snapshot_pipe::push(encoded_bytes bytes) {
  std::unique_lock lock(mutex_);
  if (cancelled_ || over_) return;
  queued_ += bytes.size();
  count();
  queue_.push_back(std::move(bytes));
  if (std::exchange(running_, true)) return;
  lock.unlock();
  schedule();
}

void snapshot_pipe::close() {
  std::unique_lock lock(mutex_);
  closed_ = true;
  if (over_ || std::exchange(running_, true)) return;
  lock.unlock();
  schedule();
}

void snapshot_pipe::cancel() {
  const std::scoped_lock lock(mutex_);
  cancelled_ = true;
  given_up_.notify_one();
  if (running_ || over_) return;
  consumers_.abandon(std::make_error_code(std::errc::operation_canceled));
  over_ = true;
}

bool snapshot_pipe::full() {
  const std::scoped_lock lock(mutex_);
  awaited_ = !over_ && queued_ >= most_bytes_;
  return awaited_;
}

bool snapshot_pipe::over() {
  const std::scoped_lock lock(mutex_);
  return over_;
}

std::vector<std::error_code> snapshot_pipe::outcomes() {
  const std::scoped_lock lock(mutex_);
  return consumers_.failures();
}

void snapshot_pipe::run() {
  std::unique_lock lock(mutex_);
  while (!cancelled_ && !consumers_.all_failed()) {
    if (queue_.empty()) {
      if (closed_) break;
      running_ = false;
      return;
    }
    const auto bytes = std::move(queue_.front());
    queue_.pop_front();
    queued_ -= bytes.size();
    count();
    const bool wake = awaited_ && queued_ <= most_bytes_ / 2;
    if (wake) awaited_ = false;
    lock.unlock();
    if (wake) wake_();
    bytes.write_to(out_);
    lock.lock();
    if (rest_.count() > 0) given_up_.wait_for(lock, rest_, [this] { return cancelled_; });
  }
  end(lock);
}

/// What has been pushed is written, or nobody wants it.
void snapshot_pipe::end(std::unique_lock<std::mutex>& lock) {
  const bool wanted = !cancelled_ && !consumers_.all_failed();
  queue_.clear();
  queued_ = 0;
  count();
  lock.unlock();
  if (wanted) {
    out_.opcode(rdb_opcode::end);
    out_.u64(out_.checksum());
    out_.flush();
    consumers_.finish();
  } else {
    consumers_.abandon(std::make_error_code(std::errc::operation_canceled));
  }
  lock.lock();
  running_ = false;
  over_ = true;
  lock.unlock();
  wake_();
}

}  // namespace hawser::persistence
