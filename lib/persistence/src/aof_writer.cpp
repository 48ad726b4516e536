#include <algorithm>
#include <chrono>
#include <persistence/aof_writer.hpp>
#include <utility>

namespace hawser::persistence {

namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t longest_patience = 2'000'000;
constexpr int most_in_vain = 6;

}  // namespace

aof_writer::aof_writer(const base::clock& clock, std::function<void()> progress)
    : clock_(clock), progress_(std::move(progress)) {}

aof_writer::~aof_writer() = default;

void aof_writer::follow(sync_policy policy, bool may_sync) {
  policy_ = policy;
  may_sync_ = may_sync;
}

void aof_writer::switch_to(std::unique_ptr<output_file> file, std::uint64_t size, position at) {
  hand_over();
  appended_ = at;
  {
    const lock held(mutex_);
    piece change;
    change.switches = true;
    change.end = at;
    change.next = std::move(file);
    change.next_size = size;
    queue_.push_back(std::move(change));
    wanted_.notify_one();
  }
  if (inline_) step();
}

/// Bytes that follow the last ones in memory make one piece with them.
void aof_writer::append(std::shared_ptr<const void> owner, std::string_view bytes, position end) {
  appended_ = end;
  gathered_bytes_ += bytes.size();
  if (!gathered_.empty()) {
    auto& last = gathered_.back();
    if (last.owner == owner && last.bytes.end() == bytes.begin()) {
      last.bytes = {last.bytes.data(), last.bytes.size() + bytes.size()};
      last.end = end;
      return;
    }
  }
  auto& added = gathered_.emplace_back();
  added.owner = std::move(owner);
  added.bytes = bytes;
  added.end = end;
}

void aof_writer::hand_over(std::size_t replies) {
  if (gathered_.empty() && !inline_ && replies == 0) return;
  {
    lock held(mutex_);
    eased_.wait(held, [&] {
      return queued_ <= most_buffered || status_.write_failure || status_.sync_failure || stopping_;
    });
    queued_ += std::exchange(gathered_bytes_, 0);
    status_.buffered = queued_;
    replies_ += replies;
    const bool idle = queue_.empty() && !gathered_.empty();
    for (auto& each : gathered_) queue_.push_back(std::move(each));
    gathered_.clear();
    if (idle || (expected_ > 0 && replies_ >= expected_)) wanted_.notify_one();
  }
  if (inline_) step();
}

void aof_writer::retire_old_files() {
  {
    const lock held(mutex_);
    retire_ = true;
    wanted_.notify_one();
  }
  if (inline_) step();
}

void aof_writer::drain() {
  hand_over();
  lock held(mutex_);
  draining_ = true;
  const auto over = [&] {
    const bool done = queue_.empty() && (!has_file_ || (synced() >= appended_ && !unsynced_));
    return done || status_.write_failure || status_.sync_failure || stopping_;
  };
  while (inline_ && !over()) {
    held.unlock();
    step();
    held.lock();
  }
  wanted_.notify_one();
  eased_.wait(held, over);
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
      if (stopping_ && (!has_work() || status_.write_failure)) return;
    }
    step();
  }
}

/// Under the lock.
bool aof_writer::has_work() const {
  if (retire_) return true;
  if (status_.write_failure) return clock_.monotonic_ns() >= retry_ns_;
  return !queue_.empty() || !taken_.empty() || sync_due();
}

/// Under the lock: whether bytes have been written that are to be synced by now.
bool aof_writer::sync_due() const {
  if (!has_file_ || !unsynced_) return false;
  const auto now = clock_.monotonic_ns();
  if (status_.sync_failure) return now >= retry_ns_;
  if (draining_ || stopping_) return true;
  if (!may_sync_) return false;
  switch (policy_.load()) {
    case sync_policy::always:
      return true;
    case sync_policy::every_second:
      return now - last_sync_ns_ >= second;
    case sync_policy::never:
      return false;
  }
  return false;
}

void aof_writer::wait_for_work(lock& held) {
  constexpr auto look_again = std::chrono::milliseconds(100);
  while (!stopping_ && !has_work()) {
    const bool later = status_.write_failure || (has_file_ && unsynced_);
    if (later)
      wanted_.wait_for(held, look_again);
    else
      wanted_.wait(held);
  }
  if (policy_ == sync_policy::always && expected_ > 0 && !stopping_) let_gather(held);
}

/// Clients that have just got their replies send the next requests at once, as a rule: groups that
/// wait for them are about twice as large as those that do not. Who does not come back costs the
/// others a fraction of the time of a sync, and not often.
void aof_writer::let_gather(lock& held) {
  const auto before = replies_;
  const auto enough = [this] { return stopping_ || draining_ || replies_ >= expected_; };
  // Nobody for a while: the others are busy elsewhere.
  constexpr int parts = 4;
  for (int i = 0; i < parts && !enough(); ++i) {
    const auto seen = replies_;
    wanted_.wait_for(held, std::chrono::nanoseconds(patience_ns_ / parts), enough);
    if (replies_ == seen) break;
  }
  const bool some_came = (replies_ - before) * 2 >= expected_ - std::min(before, expected_);
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

/// Under the lock.
void aof_writer::take_pieces() {
  if (taken_.empty()) {
    taken_.swap(queue_);
  } else {
    for (auto& each : queue_) taken_.push_back(std::move(each));
    queue_.clear();
  }
  if (!std::exchange(retire_, false)) return;
  const auto last =
      std::find_if(taken_.rbegin(), taken_.rend(), [](const piece& each) { return each.switches; });
  const auto kept = static_cast<std::size_t>(taken_.rend() - last);
  if (kept == 0) return;
  // What is forgotten is in the base that came instead.
  for (; next_ + 1 < kept; ++next_) queued_ -= taken_[next_].bytes.size();
  status_.write_failure = status_.sync_failure = {};
  has_file_ = false;
  file_.reset();
}

/// False: bytes are left that cannot be written now.
bool aof_writer::write_pieces() {
  for (; next_ < taken_.size(); ++next_) {
    auto& each = taken_[next_];
    if (each.switches) {
      switch_file(each);
      continue;
    }
    if (!write(each.bytes)) return false;
    const lock held(mutex_);
    written_ = each.end;
    unsynced_ = has_file_;
    queued_ -= each.bytes.size();
    status_.buffered = queued_;
    status_.size = size_;
  }
  {
    const lock held(mutex_);
    taken_.clear();
    next_ = 0;
  }
  eased_.notify_all();
  return true;
}

bool aof_writer::write(std::string_view bytes) {
  if (!file_) return true;
  std::error_code failure;
  if (torn_) failure = file_->truncate(size_);
  if (!failure) failure = file_->write(bytes);
  torn_ = failure && file_->truncate(size_);
  if (failure)
    retry_ns_ = clock_.monotonic_ns() + second;
  else
    size_ += bytes.size();
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
  if (file_ && unsynced_) sync();
  file_ = std::move(at.next);
  size_ = at.next_size;
  torn_ = false;
  last_sync_ns_ = clock_.monotonic_ns();
  bool further = false;
  {
    const lock held(mutex_);
    has_file_ = file_ != nullptr;
    written_ = at.end;
    unsynced_ = has_file_ && at.next_size > 0;
    // What was written by a process that was killed is on the medium when this one has synced it.
    const bool in_doubt = unsynced_ && policy_ != sync_policy::never && synced() < written_;
    further = !status_.sync_failure && !in_doubt && synced() != written_;
    if (further) synced_.store(written_, std::memory_order_release);
    status_.size = size_;
  }
  // A stream that does not begin at 0 is nowhere until now, and somebody may have waited for it.
  if (further) progress_();
}

void aof_writer::sync() {
  {
    const lock held(mutex_);
    status_.syncing = true;
  }
  const auto begun = clock_.monotonic_ns();
  const auto failure = file_->sync();
  const auto ended = clock_.monotonic_ns();
  last_sync_ns_ = begun;
  if (failure) retry_ns_ = ended + second;
  {
    const lock held(mutex_);
    if (!failure) synced_.store(written_, std::memory_order_release);
    unsynced_ = unsynced_ && failure;
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
