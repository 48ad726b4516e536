#include <algorithm>
#include <chrono>
#include <persistence/aof_writer.hpp>
#include <utility>

namespace hawser::persistence {

namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t longest_patience = 2'000'000;
constexpr int most_in_vain = 6;
constexpr std::size_t kept_capacity = std::size_t{1} << 20;

}  // namespace

aof_writer::aof_writer(const base::clock& clock, std::function<void()> progress)
    : clock_(clock), progress_(std::move(progress)) {}

aof_writer::~aof_writer() = default;

void aof_writer::follow(sync_policy policy, bool may_sync) {
  policy_ = policy;
  may_sync_ = may_sync;
}

void aof_writer::switch_to(std::unique_ptr<output_file> file, std::uint64_t size) {
  hand_over();
  const lock held(mutex_);
  piece change;
  change.next = std::move(file);
  change.next_size = size;
  change.switches = true;
  queue_.push_back(std::move(change));
  wanted_.notify_one();
}

void aof_writer::hand_over(std::size_t replies) {
  if (gathered_.empty()) return;
  handed_ += gathered_.size();
  lock held(mutex_);
  eased_.wait(held, [&] {
    return queued_ <= most_buffered || status_.write_failure || status_.sync_failure || stopping_;
  });
  queued_ += gathered_.size();
  status_.buffered = queued_;
  replies_ += replies;
  const bool empty = queue_.empty();
  if (!empty && !queue_.back().switches) {
    queue_.back().bytes += gathered_;
    gathered_.clear();
  } else {
    queue_.emplace_back().bytes = std::exchange(gathered_, {});
  }
  if (empty || (expected_ > 0 && replies_ >= expected_)) wanted_.notify_one();
}

void aof_writer::retire_old_files() {
  const lock held(mutex_);
  retire_ = true;
  wanted_.notify_one();
}

void aof_writer::drain() {
  hand_over();
  const auto all = handed_;
  lock held(mutex_);
  draining_ = true;
  wanted_.notify_one();
  eased_.wait(held, [&] {
    return (synced() >= all && queue_.empty()) || status_.write_failure || status_.sync_failure ||
           stopping_;
  });
  draining_ = false;
}

aof_writer::status aof_writer::now() const {
  const lock held(mutex_);
  return status_;
}

void aof_writer::stop() {
  const lock held(mutex_);
  stopping_ = true;
  wanted_.notify_one();
  eased_.notify_all();
}

void aof_writer::run() {
  while (true) {
    {
      lock held(mutex_);
      wait_for_work(held);
      if (stopping_ && !has_work()) return;
      if (stopping_ && status_.write_failure) return;
    }
    step();
  }
}

/// Under the lock.
bool aof_writer::has_work() const {
  const bool failing = status_.write_failure.operator bool();
  if (retire_) return true;
  if (failing) return clock_.monotonic_ns() >= retry_ns_;
  return !queue_.empty() || !pieces_.empty() || sync_due();
}

/// Under the lock: whether bytes are written that are to be synced by now.
bool aof_writer::sync_due() const {
  if (!file_ || written_ == synced()) return false;
  if (draining_ || stopping_) return !status_.sync_failure;
  if (policy_ == sync_policy::never || !may_sync_) return false;
  const auto since = status_.sync_failure ? clock_.monotonic_ns() - retry_ns_
                                          : clock_.monotonic_ns() - last_sync_ns_ - second;
  return since >= 0 || (policy_ == sync_policy::always && !status_.sync_failure);
}

void aof_writer::wait_for_work(lock& held) {
  constexpr auto look_again = std::chrono::milliseconds(100);
  while (!stopping_ && !has_work()) {
    const bool later = status_.write_failure || written_ != synced();
    if (later)
      wanted_.wait_for(held, look_again);
    else
      wanted_.wait(held);
  }
  if (policy_ == sync_policy::always && expected_ > 0) let_gather(held);
}

/// Clients that have just got their replies send the next requests at once, as a rule: groups that
/// wait for them are twice as large and as many again as those that do not. Who does not come back
/// costs the others a fraction of the time of a sync, and not often.
void aof_writer::let_gather(lock& held) {
  const auto before = replies_;
  const bool came = wanted_.wait_for(held, std::chrono::nanoseconds(patience_ns_), [&] {
    return stopping_ || draining_ || replies_ >= expected_;
  });
  const bool some_came = came || replies_ - before >= (expected_ - before) / 2;
  in_vain_ = some_came ? 0 : std::min(in_vain_ + 1, most_in_vain);
  if (in_vain_ > 0) impatient_ = 1 << in_vain_;
  expected_ = 0;
}

bool aof_writer::step() {
  std::size_t replies = 0;
  {
    const lock held(mutex_);
    if (!has_work()) return false;
    take_pieces();
    replies = std::exchange(replies_, 0);
  }
  const auto begun = clock_.monotonic_ns();
  const bool well = write_pieces();
  bool due = false;
  {
    const lock held(mutex_);
    due = well && sync_due();
  }
  if (due) sync();
  if (policy_ == sync_policy::always) group_done(replies, clock_.monotonic_ns() - begun);
  return true;
}

void aof_writer::take_pieces() {
  for (auto& each : queue_) pieces_.push_back(std::move(each));
  queue_.clear();
  if (!std::exchange(retire_, false)) return;
  const auto last = std::find_if(pieces_.rbegin(), pieces_.rend(),
                                 [](const piece& each) { return each.switches; });
  if (last == pieces_.rend()) return;
  for (auto at = pieces_.begin(); at != last.base(); ++at) {
    written_ += at->bytes.size();
    queued_ -= at->bytes.size();
    at->bytes = {};
  }
  status_.write_failure = {};
}

/// False: bytes are left that cannot be written now.
bool aof_writer::write_pieces() {
  while (!pieces_.empty()) {
    auto& first = pieces_.front();
    if (!first.bytes.empty() && !write(first.bytes)) return false;
    {
      const lock held(mutex_);
      queued_ -= first.bytes.size();
      status_.buffered = queued_;
      status_.size = size_;
    }
    written_ += first.bytes.size();
    if (first.switches) switch_file(first);
    pieces_.erase(pieces_.begin());
  }
  eased_.notify_all();
  return true;
}

bool aof_writer::write(std::string_view bytes) {
  if (!file_) return true;
  std::error_code failure;
  if (torn_) failure = file_->truncate(size_);
  if (!failure) torn_ = false;
  if (!failure) failure = file_->write(bytes);
  if (failure) {
    torn_ = torn_ || file_->truncate(size_);
    retry_ns_ = clock_.monotonic_ns() + second;
  } else {
    size_ += bytes.size();
  }
  report(failure);
  return !failure;
}

/// A change for better or worse is told.
void aof_writer::report(std::error_code write_failure) {
  bool changed = false;
  {
    const lock held(mutex_);
    changed = status_.write_failure != write_failure;
    status_.write_failure = write_failure;
  }
  if (write_failure) eased_.notify_all();
  if (changed) progress_();
}

/// What was written to the file before is needed until a rewrite is finished.
void aof_writer::switch_file(piece& at) {
  if (file_ && written_ != synced()) sync();
  file_ = std::move(at.next);
  size_ = at.next_size;
  torn_ = false;
  last_sync_ns_ = clock_.monotonic_ns();
  const lock held(mutex_);
  status_.size = size_;
  if (!file_) synced_ = written_;
}

void aof_writer::sync() {
  {
    const lock held(mutex_);
    status_.syncing = true;
  }
  const auto begun = clock_.monotonic_ns();
  const auto failure = file_->sync();
  const auto ended = clock_.monotonic_ns();
  last_sync_ns_ = policy_ == sync_policy::always ? ended : begun;
  if (failure) retry_ns_ = ended + second;
  if (!failure) synced_.store(written_, std::memory_order_release);
  {
    const lock held(mutex_);
    status_.syncing = false;
    status_.sync_failure = failure;
    if (ended - begun > second) ++status_.slow_syncs;
  }
  eased_.notify_all();
  progress_();
}

/// Decides whether the next group is waited for.
void aof_writer::group_done(std::size_t replies, std::int64_t took_ns) {
  const lock held(mutex_);
  patience_ns_ = std::min(took_ns / 2, longest_patience);
  if (impatient_ > 0) --impatient_;
  expected_ = impatient_ == 0 && replies > 1 ? replies + replies_ : 0;
}

}  // namespace hawser::persistence
